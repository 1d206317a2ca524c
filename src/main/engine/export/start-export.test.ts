import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { defaultRedaction, type ExportFormat } from '@shared/model/export'
import { collect, headsOf, ListedRows, newRow } from '../../../../test/support/listed-rows'
import { allOf, atPositions, upTo, type ExportRows } from './export-rows'
import type { JsonLine } from './json-lines'
import { exportExtension, startExport, type ExportProgress } from './start-export'

const redaction = defaultRedaction()

async function exported(
  log: ListedRows,
  format: ExportFormat,
  rows: ExportRows = allOf(log),
): Promise<string> {
  return (await collect(startExport({ log, rows, format, redaction }))).toString('utf8')
}

/** The rows of JSON Lines, without the lines of header and sessions. */
async function linesOf(log: ListedRows, rows?: ExportRows): Promise<JsonLine[]> {
  const text = await exported(log, { name: 'jsonl' }, rows)
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JsonLine)
    .filter((line) => 'id' in line)
}

function logOf(count: number, payload = (index: number) => `row ${index}`): ListedRows {
  const log = new ListedRows()
  log.open()
  for (let index = 0; index < count; index += 1) log.add(newRow({ payload: payload(index) }))
  return log
}

describe('startExport', () => {
  it.each([1, 7, 1000])('writes every row, read %i at a time', async (extentRows) => {
    const log = logOf(600)
    log.extentRows = extentRows
    const lines = await linesOf(log)
    expect(lines.map(({ text }) => text)).toEqual(lines.map((_, index) => `row ${index}`))
    expect(lines).toHaveLength(600)
  })

  it('writes the rows of a view, up to a position or at some', async () => {
    const log = logOf(20)
    const even = { count: 10, idAt: (position: number) => position * 2 }
    const idsOf = async (rows: ExportRows) => (await linesOf(log, rows)).map(({ id }) => id)
    expect(await idsOf(upTo(even, 3))).toEqual([0, 2, 4])
    expect(await idsOf(upTo(even, null))).toHaveLength(10)
    const ranges: [number, number][] = [
      [7, 9],
      [0, 2],
      [1, 3],
      [9, 99],
    ]
    expect(await idsOf(atPositions(even, ranges))).toEqual([0, 2, 4, 14, 16, 18])
  })

  it('leaves out what is evicted meanwhile, and what came after the start', async () => {
    const log = logOf(1000, () => 'x'.repeat(2000))
    const chunks = startExport({ log, rows: allOf(log), format: { name: 'payloads' }, redaction })
    let bytes = (await chunks.next()).value?.byteLength ?? 0
    log.firstId = 900
    log.add(newRow({ payload: 'new' }))
    for await (const chunk of chunks) bytes += chunk.byteLength
    expect(bytes).toBeLessThan(900 * 2001)
    expect(bytes % 2001).toBe(0)
  })

  it('says so when no row asked for is held any more', async () => {
    const log = logOf(3)
    const rows = { count: 3, idAt: () => undefined }
    await expect(exported(log, { name: 'csv' }, rows)).rejects.toMatchObject({ code: 'EVICTED' })
  })

  it('writes a file without rows for a view without rows', async () => {
    const log = new ListedRows()
    expect(JSON.parse(await exported(log, { name: 'har', mode: 'chrome' }))).toMatchObject({
      log: { version: '1.2', entries: [] },
    })
    expect(await exported(log, { name: 'csv' })).toMatch(/^id,session,.*\r\n$/)
    expect(await exported(log, { name: 'payloads' })).toBe('')
  })

  it('comes in chunks, tells its progress, and lets the event loop turn in between', async () => {
    const log = logOf(12_000, () => 'x'.repeat(500))
    const reports: ExportProgress[] = []
    const onProgress = (progress: ExportProgress) => void reports.push(progress)
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const sizes: number[] = []
    const options = {
      log,
      rows: allOf(log),
      format: { name: 'jsonl' },
      redaction,
      onProgress,
    } as const
    for await (const chunk of startExport(options)) sizes.push(chunk.byteLength)
    clearInterval(timer)
    expect(sizes.length).toBeGreaterThan(10)
    expect(Math.max(...sizes)).toBeLessThan(512 * 1024)
    expect(turns).toBeGreaterThan(1)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    expect(reports.at(-1)).toEqual({ rows: 12_000, total: 12_000, bytes })
    expect(reports.map(({ rows }) => rows)).toEqual(
      reports.map(({ rows }) => rows).toSorted((a, b) => a - b),
    )
  })

  it('ends within a moment of being cancelled', async () => {
    const log = logOf(12_000, () => 'x'.repeat(500))
    const controller = new AbortController()
    const { signal } = controller
    const chunks = startExport({
      log,
      rows: allOf(log),
      format: { name: 'jsonl' },
      redaction,
      signal,
    })
    await chunks.next()
    controller.abort(new Error('cancelled'))
    await expect(chunks.next()).rejects.toThrow('cancelled')
    await turn()
    expect(await chunks.next()).toEqual({ done: true, value: undefined })
  })

  it('refuses a path it cannot read, naming it', async () => {
    const log = logOf(1)
    const wrong = { ...redaction, jsonPaths: ['$.a[-1]'] }
    expect(() =>
      startExport({ log, rows: allOf(log), format: { name: 'csv' }, redaction: wrong }),
    ).toThrow('“$.a[-1]”')
  })

  it.each([
    ['The server answered 401.\n\nHTTP/1.1 401 Unauthorized\r\nA: b\r\n\r\nno', 401, 1],
    ['The host name was not found.', 0, 0],
  ])('writes a HAR of a session that was not opened: %j', async (payload, status, headers) => {
    const log = new ListedRows()
    log.open()
    log.add(newRow({ kind: 'error', direction: 'none', payload }))
    const har = JSON.parse(await exported(log, { name: 'har', mode: 'chrome' })) as {
      log: { entries: [{ request: object; response: { status: number; headers: object[] } }] }
    }
    const { request, response } = har.log.entries[0]
    expect(request).toMatchObject({ method: 'GET', headersSize: -1 })
    expect([response.status, response.headers.length]).toEqual([status, headers])
  })

  it('writes messages alone, byte for byte, as payloads', async () => {
    const log = new ListedRows()
    log.open()
    log.add(newRow({ kind: 'open', direction: 'none', payload: headsOf() }))
    log.add(newRow({ payload: 'one' }))
    log.add(newRow({ kind: 'ping', payload: 'no' }))
    log.add(newRow({ payload: 'two\n' }))
    const rows = allOf(log)
    expect(await exported(log, { name: 'payloads' })).toBe('one\ntwo\n\n')
    expect(await exportExtension({ name: 'payloads' }, log, rows)).toBe('txt')
    log.add(newRow({ kind: 'binary', payload: Uint8Array.of(0xff) }))
    expect(await exportExtension({ name: 'payloads' }, log, allOf(log))).toBe('bin')
    expect(await exportExtension({ name: 'har', mode: 'chrome' }, log, rows)).toBe('har')
  })
})

describe('CSV', () => {
  /** RFC 4180: cells of every line. */
  function parseCsv(text: string): string[][] {
    const lines: string[][] = [[]]
    for (const [, quoted, plain = '', end] of text.matchAll(
      /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g,
    )) {
      lines.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
      if (end === '\r\n') lines.push([])
    }
    return lines.slice(0, -1)
  }

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\n=1', "'\n=1"],
    ['＝1+1', "'＝1+1"],
    ["'quoted", "''quoted"],
    ['a "b", c\r\nd', 'a "b", c\r\nd'],
    ['', ''],
  ])('writes %j so that no spreadsheet computes it', async (payload, expected) => {
    const log = new ListedRows()
    log.open()
    log.add(newRow({ payload }), payload)
    const [header = [], row = []] = parseCsv(await exported(log, { name: 'csv' }))
    expect(row).toHaveLength(header.length)
    expect(row[header.indexOf('payload')]).toBe(expected)
    expect(row[header.indexOf('note')]).toBe(expected)
    expect(row[header.indexOf('encoding')]).toBe('text')
  })

  it('writes binary payloads as base64 and the reason of a close', async () => {
    const log = new ListedRows()
    log.open()
    log.add(newRow({ kind: 'binary', payload: Uint8Array.of(0xf8, 0xff) }))
    log.add(newRow({ kind: 'close', payload: Uint8Array.of(0x03, 0xe8, 0x3d, 0x41) }))
    const [header = [], binary = [], close = []] = parseCsv(await exported(log, { name: 'csv' }))
    const payload = header.indexOf('payload')
    expect([binary[payload], binary[payload - 1]]).toEqual(["'+P8=", 'base64'])
    expect([close[payload], close[header.indexOf('closeCode')]]).toEqual(["'=A", '1000'])
  })
})
