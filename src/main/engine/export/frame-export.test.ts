import { describe, expect, it } from 'vitest'
import { collect, ListedRows, newRow } from '../../../../test/support/listed-rows'
import { allOf } from './export-rows'
import { copyRows, exportPayload } from './frame-export'
import type { JsonLine } from './json-lines'

describe('copyRows', () => {
  it('gives the rows as text, without the header of a file', async () => {
    const log = new ListedRows()
    for (const payload of ['ü', 'b']) log.add(newRow({ payload }))
    const lines = (await copyRows(log, allOf(log))).split('\n')
    expect(lines.slice(0, -1).map((line) => (JSON.parse(line) as JsonLine).text)).toEqual([
      'ü',
      'b',
    ])
  })

  it('refuses what no clipboard should hold', async () => {
    const log = new ListedRows()
    log.add(newRow({ payload: new Uint8Array(49 * 1024 * 1024), kind: 'binary' }))
    await expect(copyRows(log, allOf(log))).rejects.toMatchObject({ code: 'EXPORT_FAILED' })
  })
})

describe('exportPayload', () => {
  const payload = new Uint8Array(2 * 1024 * 1024 + 5).map((_, index) => index * 7)

  function logOf() {
    const log = new ListedRows()
    log.add(newRow({ payload, kind: 'binary' }))
    const read = async (id: number, offset = 0, length = Infinity) =>
      id < log.firstId ? undefined : payload.slice(offset, offset + length)
    return Object.assign(log, { payload: read })
  }

  it('gives every byte', async () => {
    expect((await collect(exportPayload(logOf(), 0))).equals(payload)).toBe(true)
  })

  it('tells a row that is gone from one that never was', async () => {
    const log = logOf()
    await expect(collect(exportPayload(log, 9))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    log.firstId = 1
    await expect(collect(exportPayload(log, 0))).rejects.toMatchObject({ code: 'EVICTED' })
  })

  it('fails when the row is evicted on the way', async () => {
    const log = logOf()
    const chunks = exportPayload(log, 0)
    await chunks.next()
    log.firstId = 1
    await expect(chunks.next()).rejects.toMatchObject({ code: 'EVICTED' })
  })
})
