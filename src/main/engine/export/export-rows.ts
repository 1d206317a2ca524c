import type { FrameLog } from '../frame-log/frame-log'

/** What an export needs of a log. */
export type ExportSource = Pick<
  FrameLog,
  'total' | 'firstId' | 'meta' | 'session' | 'read' | 'extent'
>

/** The rows of an export in ascending order of their ids. */
export interface ExportRows {
  /** How many there are at most. */
  readonly count: number
  /** The id of one of them, by a number from 0 on; `undefined` when it is not held any more. */
  idAt(index: number): number | undefined
}

/** What has rows at positions, such as a view. */
export interface Positions {
  /** Positions there are. */
  readonly count: number
  idAt(position: number): number | undefined
}

/** Every row the log holds now. Rows that are appended later do not belong to it. */
export function allOf(log: ExportSource): ExportRows {
  const first = log.firstId
  return {
    count: log.total - first,
    idAt: (index) => (first + index < log.firstId ? undefined : first + index),
  }
}

/** The rows of a view that it has now, or only those before a position. */
export function upTo(view: Positions, until: number | null): ExportRows {
  return {
    count: Math.min(until ?? view.count, view.count),
    idAt: (index) => view.idAt(index),
  }
}

/** The rows at positions of a view; each range goes from its first to before its second number. */
export function atPositions(
  view: Positions,
  ranges: readonly (readonly [number, number])[],
): ExportRows {
  const merged = mergeRanges(ranges, view.count)
  const starts: number[] = []
  let count = 0
  for (const [from, to] of merged) {
    starts.push(count)
    count += to - from
  }
  return {
    count,
    idAt(index) {
      if (index < 0 || index >= count) return undefined
      let low = 0
      let high = starts.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((starts[middle] ?? 0) <= index) low = middle
        else high = middle - 1
      }
      const from = merged[low]?.[0] ?? 0
      return view.idAt(from + index - (starts[low] ?? 0))
    },
  }
}

/** Ascending ranges that do not overlap, within the positions there are. */
function mergeRanges(
  ranges: readonly (readonly [number, number])[],
  count: number,
): [number, number][] {
  const sorted = ranges
    .map(([from, to]): [number, number] => [Math.max(0, from), Math.min(to, count)])
    .filter(([from, to]) => from < to)
    .sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1])
    else merged.push(range)
  }
  return merged
}
