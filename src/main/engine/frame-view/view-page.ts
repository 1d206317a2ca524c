import type { Page } from '@shared/contract'
import type { Row } from '@shared/model/frame'
import type { FrameLog } from '../frame-log/frame-log'
import type { RowSelection } from './row-selection'

/**
 * The rows held at `start` and the positions after it, of at most `count` positions. Where positions
 * were evicted, also while rows were read, the page starts later than asked, and ends where it would
 * have.
 */
export async function pageOf(
  log: FrameLog,
  selection: RowSelection,
  start: number,
  count: number,
): Promise<Page> {
  const { first, ids, previous } = idsOf(selection, start, count)
  const rows = rowsInMemory(log, ids) ?? (await log.read(ids))
  const missing = rows[0] ? ids.indexOf(rows[0].id) : ids.length
  // After a hole the rows would stand at wrong positions.
  const whole = rows.findIndex((row, index) => row.id !== ids[missing + index])
  return {
    start: first + missing,
    rows: whole < 0 ? rows : rows.slice(0, whole),
    previousTime: timeOf(log, missing > 0 ? ids[missing - 1] : previous),
  }
}

/** As {@link pageOf}, but `null` when a row is not in memory. */
export function pageInMemory(
  log: FrameLog,
  selection: RowSelection,
  start: number,
  count: number,
): Page | null {
  const { first, ids, previous } = idsOf(selection, start, count)
  const rows = rowsInMemory(log, ids)
  return rows && { start: first, rows, previousTime: timeOf(log, previous) }
}

function idsOf(selection: RowSelection, start: number, count: number) {
  const { total, evicted } = selection
  const first = Math.min(Math.max(start, evicted), total)
  const end = Math.min(start + count, total)
  const ids: number[] = []
  for (let position = first; position < end; position += 1) {
    const id = selection.idAt(position)
    if (id !== undefined) ids.push(id)
  }
  return { first, ids, previous: selection.idAt(first - 1) }
}

function rowsInMemory(log: FrameLog, ids: readonly number[]): Row[] | null {
  const rows: Row[] = []
  for (const id of ids) {
    const row = log.row(id)
    if (!row) return null
    rows.push(row)
  }
  return rows
}

function timeOf(log: FrameLog, id: number | undefined): number | null {
  const time = id === undefined ? Number.NaN : log.time(id)
  return Number.isNaN(time) ? null : time
}
