import { AppError } from '@shared/errors'
import type { Row } from '@shared/model/frame'
import type { FrameLog } from './frame-log'

/**
 * The row of that id.
 * @throws {AppError} EVICTED when the budget let go of it, NOT_FOUND when it never existed.
 */
export function requireRow(log: FrameLog, id: number): Row {
  const row = log.row(id)
  if (row) return row
  if (id < log.firstId) throw rowEvicted(id)
  throw new AppError('NOT_FOUND', `There is no row ${id}.`)
}

/** What to throw when a row went away while it was being read. */
export function rowEvicted(id: number): AppError {
  return new AppError(
    'EVICTED',
    `Row ${id} was evicted to stay within the log's budget. A larger budget in the settings keeps more.`,
  )
}
