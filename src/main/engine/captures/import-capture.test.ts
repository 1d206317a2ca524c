import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { must } from '../../../../test/fakes/must'
import { Captures } from './captures'
import { importCapture } from './import-capture'

describe('importCapture', () => {
  let folder: string
  let captures: Captures

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-capture-'))
    captures = await Captures.start({
      folder: join(folder, 'captures'),
      budget: 1e9,
      onChanged: () => undefined,
    })
  })

  afterEach(async () => {
    await captures.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  async function source(rows: number) {
    const line = JSON.stringify({ type: 'text', direction: 'in', timestamp: 1, text: 'a' })
    const path = join(folder, 'a.jsonl')
    await writeFile(path, `${line}\n`.repeat(rows))
    return { name: 'a.jsonl', path, size: (line.length + 1) * rows }
  }

  it('tells how many rows it has read', async () => {
    const told: number[] = []
    const { signal } = new AbortController()
    const result = must(
      await importCapture(captures, [await source(20_000)], {
        signal,
        onProgress: (rows) => told.push(rows),
      }),
    )
    expect(result.capture).toMatchObject({ name: 'a', rows: 20_000 })
    expect(told[0]).toBeLessThan(20_000)
    expect(told.at(-1)).toBe(20_000)
  })

  it('keeps nothing when it is cancelled in the middle', async () => {
    const controller = new AbortController()
    const result = await importCapture(captures, [await source(20_000)], {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    expect(result).toBeNull()
    expect(captures.list()).toEqual([])
    await vi.waitFor(async () => expect(await readdir(join(folder, 'captures'))).toEqual([]))
  })
})
