import { chunkBytes } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { FrameLog } from '../frame-log/frame-log'
import { rowEvicted } from '../frame-log/require-row'
import type { ExportRows, ExportSource } from './export-rows'
import { jsonLinePieces } from './json-lines'
import type { RowFormat } from './row-format'
import { writeRows } from './start-export'

/** Longest text that is handed over for the clipboard, in bytes. */
export const maxCopyBytes = 64 * 1024 * 1024

/** Lines of rows alone, without the header and the sessions of a file. */
const bareLines: RowFormat = {
  *begin() {},
  *row(row) {
    yield* jsonLinePieces(row)
    yield '\n'
  },
  *end() {},
}

/**
 * Rows as one JSON Lines text for the clipboard.
 * @throws {AppError} EVICTED when none of the rows is held any more, EXPORT_FAILED when the text
 * would be longer than 64 MiB.
 */
export async function copyRows(log: ExportSource, rows: ExportRows): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of writeRows(log, rows, bareLines)) {
    size += chunk.byteLength
    if (size > maxCopyBytes)
      throw new AppError(
        'EXPORT_FAILED',
        'These rows are too long for the clipboard. Exporting them to a file works.',
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * One payload, byte for byte, in chunks of at most 1 MiB.
 * @throws {AppError} NOT_FOUND for a row that never was, EVICTED for one that is gone.
 */
export async function* exportPayload(
  log: Pick<FrameLog, 'total' | 'meta' | 'payload'>,
  rowId: number,
): AsyncGenerator<Uint8Array, void> {
  const meta = log.meta(rowId)
  if (!meta && rowId >= log.total) throw new AppError('NOT_FOUND', `There is no row ${rowId}.`)
  if (!meta) throw rowEvicted(rowId)
  for (let offset = 0; offset < meta.size; offset += chunkBytes) {
    const chunk = await log.payload(rowId, offset, chunkBytes)
    if (!chunk) throw rowEvicted(rowId)
    yield chunk
  }
}
