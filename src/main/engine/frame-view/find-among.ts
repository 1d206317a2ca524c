import type { RowSelection } from './row-selection'

/** A row that a search found. */
export interface Found {
  readonly position: number
  readonly rowId: number
  /** Which one it is of those found and held, from 0. */
  readonly index: number
}

/** How many rows held of a selection a search in it has found, as far as both have come. */
export function foundAmong(rows: RowSelection, found: RowSelection): number {
  const { first, end } = held(rows, found)
  return end - first
}

/**
 * The row found next to a position of the selection, after it or before it, going round at the end;
 * from one end without a position. `null` when nothing is found.
 */
export function nextFound(
  rows: RowSelection,
  found: RowSelection,
  position: number | null,
  backwards: boolean,
): Found | null {
  const { first, end } = held(rows, found)
  if (first >= end) return null
  const place = neighbour(rows, found, position, backwards)
  const round = place < first ? end - 1 : place >= end ? first : place
  const rowId = found.idAt(round)
  if (rowId === undefined) return null
  return { position: rows.positionOf(rowId), rowId, index: round - first }
}

/** The place before or after a position among those found, also beyond either end. */
function neighbour(
  rows: RowSelection,
  found: RowSelection,
  position: number | null,
  backwards: boolean,
): number {
  const id = position === null ? undefined : rows.idAt(position)
  // Outside the rows held, everything found lies ahead.
  if (id === undefined) return backwards ? -1 : Number.POSITIVE_INFINITY
  return backwards ? found.positionOf(id) - 1 : found.positionOf(id + 1)
}

/** Places of what was found from the first row still held to where the selection has come. */
function held(rows: RowSelection, found: RowSelection): { first: number; end: number } {
  const first = found.evicted
  return { first, end: Math.max(first, found.positionOf(rows.scanned)) }
}
