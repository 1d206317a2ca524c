import type { Row } from '../../src/shared/model/frame'
import type { RangeStatistics, Timeline } from '../../src/shared/model/traffic-statistics'

/** What rows add up to, the plain way. */
export function statisticsOf(rows: readonly Row[]): RangeStatistics {
  const side = (direction: Row['direction']) => {
    const these = rows.filter((row) => row.direction === direction)
    return {
      rows: these.length,
      bytes: these.reduce((sum, row) => sum + row.size, 0),
      wireBytes: these.reduce((sum, row) => sum + row.wireSize, 0),
    }
  }
  const gaps = rows.slice(1).map((row, index) => row.time - (rows[index]?.time ?? row.time))
  const sorted = [...gaps].sort((one, other) => one - other)
  const max = sorted.at(-1) ?? 0
  return {
    rows: rows.length,
    in: side('in'),
    out: side('out'),
    from: rows[0]?.time ?? null,
    to: rows.at(-1)?.time ?? null,
    gaps:
      gaps.length === 0
        ? null
        : {
            min: sorted[0] ?? 0,
            median: sorted[Math.floor(sorted.length / 2)] ?? 0,
            max,
            maxBefore: rows[gaps.indexOf(max) + 1]?.id ?? 0,
          },
  }
}

/** How rows lie in time; `null` without rows and without a period. */
export function timelineOf(
  rows: readonly Row[],
  period: { readonly from: number; readonly to: number } | null,
  parts: number,
): Timeline | null {
  const [first, last] = [rows[0], rows.at(-1)]
  const from = period?.from ?? first?.time
  const to = period?.to ?? last?.time
  if (from === undefined || to === undefined) return null
  const counts = new Array<number>(parts).fill(0)
  const length = Math.max(to - from, 1e-3) / parts
  for (const { time } of rows) {
    const part = Math.min(Math.floor((time - from) / length), parts - 1)
    counts[part] = (counts[part] ?? 0) + 1
  }
  return { from, to, counts }
}
