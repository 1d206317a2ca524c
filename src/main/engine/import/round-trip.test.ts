import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultRedaction, type ExportFormat, type Redaction } from '@shared/model/export'
import { anyLog } from '../../../../test/support/any-log'
import { collect, ListedRows } from '../../../../test/support/listed-rows'
import { allOf } from '../export/export-rows'
import { startExport } from '../export/start-export'
import type { NewRow } from '../frame-log/frame-log'
import { SkippedParts } from './imported'
import { readFile } from './read-file'

const nothingHidden: Redaction = { ...defaultRedaction(), credentials: false, urlSecrets: false }

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'round-trip-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function exported(log: ListedRows, format: ExportFormat): Promise<Buffer> {
  return collect(startExport({ log, rows: allOf(log), format, redaction: nothingHidden }))
}

/** What an import makes of a file, as a log that can be exported again. */
function imported(
  bytes: Buffer,
  name: string,
): { log: ListedRows; rows: NewRow[]; skipped: SkippedParts } {
  const path = join(folder, name)
  writeFileSync(path, bytes)
  const log = new ListedRows()
  const rows: NewRow[] = []
  const skipped = new SkippedParts()
  for (const item of readFile({ name, path, size: bytes.byteLength }, [], skipped)) {
    if ('session' in item) log.open(item.session)
    else {
      rows.push(item.row)
      log.add(item.row, item.note)
    }
  }
  return { log, rows, skipped }
}

describe('an export that is imported again', () => {
  it('is the same as JSON Lines, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const first = await exported(log, { name: 'jsonl' })
        const { log: again, skipped } = imported(first, 'a.jsonl')
        expect(skipped.words).toEqual([])
        expect((await exported(again, { name: 'jsonl' })).toString()).toBe(first.toString())
      }),
    )
  })

  it('has the same messages as an extended HAR', async () => {
    await fc.assert(
      fc.asyncProperty(anyLog, async (log) => {
        const before = imported(await exported(log, { name: 'jsonl' }), 'a.jsonl').rows
        const { rows, skipped } = imported(await exportedHar(log), 'a.har')
        expect(skipped.words).toEqual([])
        for (const session of log.sessions.keys()) {
          const place = [...firstRows(before)].indexOf(session) + 1
          expect(rows.filter((row) => row.session === place).map(meaning)).toEqual(
            before.filter((row) => row.session === session && isInHar(row)).map(meaning),
          )
        }
      }),
    )
  })

  async function exportedHar(log: ListedRows): Promise<Buffer> {
    if (log.total === 0) log.open()
    const har = await exported(log, { name: 'har', mode: 'extended' })
    return log.total > 0 ? har : Buffer.from('{"log":{"entries":[{"_webSocketMessages":[]}]}}')
  }

  const firstRows = (rows: readonly NewRow[]) => new Set(rows.map((row) => row.session))

  const isInHar = (row: NewRow) =>
    row.kind !== 'note' && (row.direction === 'none' || row.fragments > 0)

  function meaning({ direction, kind, payload, time }: NewRow) {
    return {
      direction,
      kind,
      time: Math.round(time * 1000),
      payload: Buffer.from(payload).toString('hex'),
    }
  }
})
