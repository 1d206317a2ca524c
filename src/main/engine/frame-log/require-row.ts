import { AppError } from '@shared/errors'
import type { FrameLog, RowMeta } from './frame-log'

/**
 * What is known of the row of that id.
 * @throws {AppError} EVICTED when the budget let go of it, NOT_FOUND when it never existed.
 */
export function requireRow(log: Pick<FrameLog, 'meta' | 'total'>, id: number): RowMeta {
  const row = log.meta(id)
  if (row) return row
  if (id < log.total) throw rowEvicted(id)
  throw new AppError('NOT_FOUND', `There is no row ${id}.`)
}

/** What to throw when a row went away while it was being read. */
export function rowEvicted(id: number): AppError {
  return new AppError(
    'EVICTED',
    `Row ${id} was evicted to stay within the log's budget. A larger budget in the settings keeps more.`,
  )
}
