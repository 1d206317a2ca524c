import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openFileSink } from './file-sink'

let folder: string
let target: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framescope-sink-'))
  target = join(folder, 'traffic.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('openFileSink', () => {
  it('writes every byte in order and leaves nothing else', async () => {
    const sink = await openFileSink(target)
    await sink.write(Buffer.from('one\n'))
    await sink.write(new Uint8Array(3_000_000).fill(0x61))
    await sink.write(Buffer.from('\ntwo'))
    await sink.finish()

    expect(sink.name).toBe('traffic.jsonl')
    expect(readFileSync(target, 'utf8')).toBe(`one\n${'a'.repeat(3_000_000)}\ntwo`)
    expect(readdirSync(folder)).toEqual(['traffic.jsonl'])
  })

  it('leaves the old file as it was until it is finished', async () => {
    writeFileSync(target, 'old')
    const sink = await openFileSink(target)
    await sink.write(Buffer.from('new'))

    expect(readFileSync(target, 'utf8')).toBe('old')
    await sink.finish()
    expect(readFileSync(target, 'utf8')).toBe('new')
  })

  it('leaves nothing behind when it is given up, even twice', async () => {
    const sink = await openFileSink(target)
    await sink.write(Buffer.from('half'))
    await sink.abort()
    await sink.abort()

    expect(readdirSync(folder)).toEqual([])
  })

  it('says why a file cannot be written', async () => {
    await expect(openFileSink(join(folder, 'absent', 'x.jsonl'))).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
      message: expect.stringContaining('x.jsonl could not be written: ENOENT') as string,
    })
  })

  it('gives up when the target cannot be replaced', async () => {
    const sink = await openFileSink(folder)

    await expect(sink.finish()).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
    expect(readdirSync(folder)).toEqual([])
  })
})
