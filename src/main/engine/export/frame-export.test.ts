import { describe, expect, it } from 'vitest'
import { everything } from '@shared/model/frame-filter'
import type { NewRow } from '../frame-log/frame-log'
import { MemoryFrameLog } from '../frame-log/memory-frame-log'
import { copyRows, exportPayload, exportRows, type ExportSelection } from './frame-export'
import type { JsonLine } from './json-lines'

const utf8 = new TextEncoder()

function append(log: MemoryFrameLog, payload: string | Uint8Array, row: Partial<NewRow> = {}) {
  return log.append({
    session: 1,
    time: log.total,
    direction: 'in',
    kind: 'text',
    payload: typeof payload === 'string' ? utf8.encode(payload) : payload,
    wireSize: 7,
    fragments: 1,
    header: 0x8105,
    fate: null,
    rtt: null,
    broken: null,
    ...row,
  })
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function exported(log: MemoryFrameLog, selection: ExportSelection): Promise<JsonLine[]> {
  const text = (await collect(exportRows(log, selection))).toString('utf8')
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonLine)
}

describe('exportRows', () => {
  it('writes what the filter lets pass', async () => {
    const log = new MemoryFrameLog('log')
    for (const text of ['apple', 'pear', 'APPLE']) append(log, text)
    const lines = await exported(log, { filter: { ...everything(), text: 'apple' } })
    expect(lines.map((line) => [line.id, line.text])).toEqual([
      [0, 'apple'],
      [2, 'APPLE'],
    ])
  })

  it('writes rows by id, each once, oldest first', async () => {
    const log = new MemoryFrameLog('log')
    for (const text of ['a', 'b', 'c']) append(log, text)
    const lines = await exported(log, { rowIds: [2, 0, 2] })
    expect(lines.map((line) => line.text)).toEqual(['a', 'c'])
  })

  it('writes nothing for an empty view', async () => {
    expect(await exported(new MemoryFrameLog('log'), { filter: everything() })).toEqual([])
  })

  it('comes in chunks and lets the event loop turn in between', async () => {
    const log = new MemoryFrameLog('log')
    for (let count = 0; count < 60_000; count += 1) append(log, 'x'.repeat(500))
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const sizes: number[] = []
    for await (const chunk of exportRows(log, { filter: everything() })) {
      sizes.push(chunk.byteLength)
    }
    clearInterval(timer)
    expect(sizes.length).toBeGreaterThan(10)
    expect(Math.max(...sizes)).toBeLessThan(512 * 1024)
    expect(turns).toBeGreaterThan(1)
  })

  it('covers the rows there are at the start, and leaves out what is evicted meanwhile', async () => {
    const log = new MemoryFrameLog('log', 1024 * 1024)
    for (let count = 0; count < 1500; count += 1) append(log, `${count} ${'x'.repeat(500)}`)
    const firstId = log.firstId
    const chunks = exportRows(log, { filter: everything() })
    const first = await chunks.next()
    for (let count = 0; count < 800; count += 1) append(log, 'y'.repeat(500))
    const rest = await collect(chunks)
    const ids = Buffer.concat([first.value ?? new Uint8Array(0), rest])
      .toString('utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as JsonLine).id)
    expect(ids[0]).toBe(firstId)
    expect(ids.at(-1)).toBe(1499)
    expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    expect(ids.length).toBeLessThan(1500)
    expect(log.firstId).toBeGreaterThan(firstId)
  })

  it('writes a payload of many megabytes whole', async () => {
    const log = new MemoryFrameLog('log')
    const payload = new Uint8Array(5 * 1024 * 1024 + 1).map((_, index) => index)
    append(log, payload, { kind: 'binary' })
    const [line] = await exported(log, { filter: everything() })
    expect(Buffer.from(line?.base64 ?? '', 'base64').equals(payload)).toBe(true)
  })

  it('says so when no row asked for is held any more', async () => {
    const log = new MemoryFrameLog('log', 1024 * 1024)
    append(log, 'gone')
    append(log, new Uint8Array(2 * 1024 * 1024))
    await expect(exported(log, { rowIds: [0] })).rejects.toMatchObject({ code: 'EVICTED' })
  })
})

describe('copyRows', () => {
  it('gives the rows as text', async () => {
    const log = new MemoryFrameLog('log')
    append(log, 'ü')
    append(log, 'b')
    const lines = (await copyRows(log, [0, 1])).split('\n')
    expect(lines.slice(0, -1).map((line) => (JSON.parse(line) as JsonLine).text)).toEqual([
      'ü',
      'b',
    ])
  })

  it('refuses what no clipboard should hold', async () => {
    const log = new MemoryFrameLog('log')
    append(log, new Uint8Array(60 * 1024 * 1024), { kind: 'binary' })
    await expect(copyRows(log, [0])).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
  })
})

describe('exportPayload', () => {
  it('gives every byte', async () => {
    const log = new MemoryFrameLog('log')
    const payload = new Uint8Array(2 * 1024 * 1024 + 5).map((_, index) => index * 7)
    append(log, payload)
    expect((await collect(exportPayload(log, 0))).equals(payload)).toBe(true)
  })

  it('tells a row that is gone from one that never was', async () => {
    const log = new MemoryFrameLog('log', 1024 * 1024)
    append(log, 'gone')
    append(log, new Uint8Array(2 * 1024 * 1024))
    await expect(collect(exportPayload(log, 0))).rejects.toMatchObject({ code: 'EVICTED' })
    await expect(collect(exportPayload(log, 9))).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('fails when the row is evicted on the way', async () => {
    const log = new MemoryFrameLog('log', 1024 * 1024)
    append(log, new Uint8Array(2 * 1024 * 1024))
    const chunks = exportPayload(log, 0)
    await chunks.next()
    append(log, 'next')
    await expect(chunks.next()).rejects.toMatchObject({ code: 'EVICTED' })
  })
})
