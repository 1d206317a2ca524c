import type { RangeStatistics } from '@shared/model/traffic-statistics'
import type { FrameLog } from '../frame-log/frame-log'
import { medianOf } from './median'
import type { RowSelection } from './row-selection'
import { Pace } from '../pace'

/** From a position to before another. */
export type PositionRange = readonly [start: number, end: number]

/**
 * What the rows at these positions add up to, evicted ones left out and each counted once. Gaps are
 * those between one row and the next of them, whatever lies between; their median is exact. Works in
 * slices, so that it never holds the event loop.
 */
export async function rangeStatistics(
  log: FrameLog,
  selection: RowSelection,
  ranges: readonly PositionRange[],
): Promise<RangeStatistics> {
  const merged = mergedRanges(ranges, selection.evicted, selection.total)
  const most = merged.reduce((sum, [start, end]) => sum + end - start, 0)
  const gaps = new Float64Array(Math.max(0, most - 1))
  const inward = { rows: 0, bytes: 0, wireBytes: 0 }
  const outward = { rows: 0, bytes: 0, wireBytes: 0 }
  const pace = new Pace()
  let step = 0
  let rows = 0
  let from = Number.POSITIVE_INFINITY
  let to = Number.NEGATIVE_INFINITY
  let previous = Number.NaN
  let longest = { gap: -1, before: 0 }
  let shortest = Number.POSITIVE_INFINITY
  for (const [start, end] of merged) {
    for (let position = start; position < end; position += 1) {
      step += 1
      if (pace.dueAt(step)) await pace.rest()
      const id = selection.idAt(position)
      const row = id === undefined ? undefined : log.meta(id)
      if (!row) continue
      const { time, direction } = row
      if (rows > 0) {
        const gap = Math.max(0, time - previous)
        gaps[rows - 1] = gap
        if (gap > longest.gap) longest = { gap, before: row.id }
        if (gap < shortest) shortest = gap
      }
      previous = time
      rows += 1
      if (time < from) from = time
      if (time > to) to = time
      if (direction === 'none') continue
      const sum = direction === 'in' ? inward : outward
      sum.rows += 1
      sum.bytes += row.size
      sum.wireBytes += row.wireSize
    }
  }
  return {
    rows,
    in: inward,
    out: outward,
    from: rows > 0 ? from : null,
    to: rows > 0 ? to : null,
    gaps:
      rows < 2
        ? null
        : {
            min: shortest,
            median: await medianOf(gaps, rows - 1),
            max: longest.gap,
            maxBefore: longest.before,
          },
  }
}

/** Ascending, apart from one another, and within the limits. */
function mergedRanges(
  ranges: readonly PositionRange[],
  first: number,
  end: number,
): PositionRange[] {
  const merged: [number, number][] = []
  const within = ranges
    .map(([from, to]): [number, number] => [Math.max(from, first), Math.min(to, end)])
    .filter(([from, to]) => from < to)
    .sort(([a], [b]) => a - b)
  for (const range of within) {
    const last = merged.at(-1)
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1])
    else merged.push(range)
  }
  return merged
}
