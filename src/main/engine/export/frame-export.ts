import { chunkBytes } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Row } from '@shared/model/frame'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog } from '../frame-log/frame-log'
import { requireRow, rowEvicted } from '../frame-log/require-row'
import { compileFilter } from '../frame-view/frame-filter-predicate'
import { jsonLinePieces } from './json-lines'
import { Pace } from './pace'

/** Rows to be exported: what a filter lets pass, or some by id. */
export type ExportSelection =
  { readonly filter: FrameFilter } | { readonly rowIds: readonly number[] }

/** Characters that are collected before they become one chunk. */
const chunkCharacters = 256 * 1024

/** Longest text that is handed over for the clipboard, in bytes. */
export const maxCopyBytes = 64 * 1024 * 1024

/**
 * Writes rows as JSON Lines (UTF-8, every line ended by a line feed) in chunks of about 256 KiB,
 * oldest row first, without holding up the event loop. A filter covers the rows the log has when
 * the first chunk is asked for, whatever a view has scanned so far. Rows that are evicted before
 * their turn are left out.
 * @throws {AppError} EVICTED when none of the rows asked for by id is held any more.
 */
export async function* exportRows(
  log: FrameLog,
  selection: ExportSelection,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const pace = new Pace()
  let pieces: string[] = []
  let characters = 0
  let rows = 0

  const take = () => {
    const chunk = Buffer.from(pieces.join(''), 'utf8')
    pieces = []
    characters = 0
    return chunk
  }

  for (const id of idsOf(log, selection)) {
    if (pace.due) await pace.rest()
    const row = id === null ? undefined : log.row(id)
    const payload = row && (await wholePayload(log, row, pace))
    if (!row || !payload) continue
    rows += 1
    for (const piece of jsonLinePieces(row, payload)) {
      pieces.push(piece)
      characters += piece.length
      if (characters >= chunkCharacters) yield take()
      if (pace.due) await pace.rest()
    }
    pieces.push('\n')
    characters += 1
  }
  if (characters > 0) yield take()
  if (rows === 0 && 'rowIds' in selection && selection.rowIds.length > 0)
    throw rowEvicted(selection.rowIds[0] ?? 0)
}

/**
 * Rows as one JSON Lines text for the clipboard.
 * @throws {AppError} EVICTED when none of the rows is held any more, EXPORT_FAILED when the text
 * would be longer than 64 MiB.
 */
export async function copyRows(log: FrameLog, rowIds: readonly number[]): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of exportRows(log, { rowIds })) {
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
 * @throws {AppError} EVICTED, NOT_FOUND.
 */
export async function* exportPayload(
  log: FrameLog,
  rowId: number,
): AsyncGenerator<Uint8Array, void> {
  const pace = new Pace()
  const { size } = requireRow(log, rowId)
  for (let offset = 0; offset < size; offset += chunkBytes) {
    if (pace.due) await pace.rest()
    const chunk = log.payload(rowId, offset, chunkBytes)
    if (!chunk) throw rowEvicted(rowId)
    yield chunk
  }
}

/** The ids of the rows to write, with `null` wherever a row was looked at and left out. */
function* idsOf(log: FrameLog, selection: ExportSelection): Generator<number | null, void> {
  if ('rowIds' in selection) {
    yield* new Set(selection.rowIds.toSorted((a, b) => a - b))
    return
  }
  const predicate = compileFilter(selection.filter)
  const end = log.total
  let id = Math.max(selection.filter.hiddenBefore, log.firstId)
  while (id < end) {
    yield log.test(id, predicate) ? id : null
    // Time passes between rows, and the log may have let go of the next ones.
    id = Math.max(id + 1, log.firstId)
  }
}

/** Copies a payload, a long one over several turns; `undefined` when it is evicted meanwhile. */
async function wholePayload(log: FrameLog, row: Row, pace: Pace): Promise<Uint8Array | undefined> {
  if (row.size <= chunkBytes) return log.payload(row.id)
  const whole = new Uint8Array(row.size)
  for (let offset = 0; offset < row.size; offset += chunkBytes) {
    const part = log.payload(row.id, offset, chunkBytes)
    if (!part) return undefined
    whole.set(part, offset)
    if (pace.due) await pace.rest()
  }
  return whole
}
