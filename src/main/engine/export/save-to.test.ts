import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import type { FileSink } from '../../host'
import { ExchangeFiles } from './exchange-files'
import { saveTo } from './save-to'

const utf8 = new TextEncoder()

async function* chunksOf(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield utf8.encode(text)
}

async function* failing(error: Error): AsyncGenerator<Uint8Array> {
  yield utf8.encode('first')
  throw error
}

function sinkOf() {
  const written: Uint8Array[] = []
  const sink = {
    name: 'chosen.jsonl',
    write: vi.fn(async (bytes: Uint8Array) => void written.push(bytes)),
    finish: vi.fn(async () => {}),
    abort: vi.fn(async () => {}),
  } satisfies FileSink
  return { sink, text: () => Buffer.concat(written).toString('utf8') }
}

describe('saveTo', () => {
  let folder: string
  let files: ExchangeFiles
  const common = { clientId: 'client', suggestedName: 'traffic.jsonl' }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'save-'))
    files = await ExchangeFiles.open(folder)
  })

  afterEach(async () => {
    await files.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  it('writes through the dialog of the host', async () => {
    const { sink, text } = sinkOf()
    const saveFile = vi.fn(async () => sink)
    const saved = await saveTo({ ...common, files, host: { saveFile }, chunks: chunksOf('a', 'b') })
    expect(saved).toEqual({ outcome: 'saved', name: 'chosen.jsonl' })
    expect(saveFile).toHaveBeenCalledWith('traffic.jsonl')
    expect(text()).toBe('ab')
    expect(sink.finish).toHaveBeenCalledTimes(1)
    expect(sink.abort).not.toHaveBeenCalled()
  })

  it('does no work when the user cancels', async () => {
    const host = { saveFile: async () => null }
    const saved = await saveTo({ ...common, files, host, chunks: failing(new Error('unused')) })
    expect(saved).toEqual({ outcome: 'cancelled' })
  })

  it('offers a download where the host has no dialog', async () => {
    const saved = await saveTo({ ...common, files, host: {}, chunks: chunksOf('abc', 'd') })
    expect(saved).toMatchObject({ outcome: 'download', name: 'traffic.jsonl', size: 4 })
    if (saved.outcome !== 'download') throw new Error('expected a download')
    expect(await files.read('client', saved.fileId, 0, 10)).toEqual(utf8.encode('abcd'))
  })

  it('leaves nothing behind when writing fails', async () => {
    const { sink } = sinkOf()
    sink.write.mockRejectedValueOnce(new Error('ENOSPC: no space left on device'))
    sink.abort.mockRejectedValueOnce(new Error('gone as well'))
    const host = { saveFile: async () => sink }
    const save = saveTo({ ...common, files, host, chunks: chunksOf('a') })
    await expect(save).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
      message: expect.stringContaining('no space left') as string,
    })
    expect(sink.abort).toHaveBeenCalledTimes(1)
    expect(sink.finish).not.toHaveBeenCalled()
  })

  it('leaves nothing behind when the source fails, and says why', async () => {
    const evicted = new AppError('EVICTED', 'gone')
    const { sink } = sinkOf()
    const host = { saveFile: async () => sink }
    await expect(saveTo({ ...common, files, host, chunks: failing(evicted) })).rejects.toBe(evicted)
    expect(sink.abort).toHaveBeenCalledTimes(1)
    await expect(saveTo({ ...common, files, host: {}, chunks: failing(evicted) })).rejects.toBe(
      evicted,
    )
    expect(await readdir(folder)).toEqual([])
  })

  it('takes what fails after a cancel for cancelled, and leaves nothing behind', async () => {
    const signal = AbortSignal.abort(new Error('cancelled'))
    const { sink } = sinkOf()
    const host = { saveFile: async () => sink }
    const cancelled = { outcome: 'cancelled' }
    expect(await saveTo({ ...common, files, host, signal, chunks: chunksOf('a') })).toEqual(
      cancelled,
    )
    expect(sink.abort).toHaveBeenCalledTimes(1)
    expect(await saveTo({ ...common, files, host: {}, signal, chunks: chunksOf('a') })).toEqual(
      cancelled,
    )
    expect(await readdir(folder)).toEqual([])
  })

  it('tells a full or missing data folder as a failed export', async () => {
    await rm(folder, { recursive: true })
    await expect(
      saveTo({ ...common, files, host: {}, chunks: chunksOf('a') }),
    ).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
  })
})
