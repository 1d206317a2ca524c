import { formatBytes, formatCount } from '@shared/format/bytes'
import { formatTimestamp } from '@shared/format/clock'
import { formatDuration } from '@shared/format/duration'
import type { RangeStatistics } from '@shared/model/traffic-statistics'

/** What one direction of a range adds up to: `1,204 rows, 214 MB, 180 MB on the wire`. */
export function sideText({ rows, bytes, wireBytes }: RangeStatistics['in']): string {
  const wire = bytes === wireBytes ? '' : `, ${formatBytes(wireBytes)} on the wire`
  return `${formatCount(rows)}, ${formatBytes(bytes)}${wire}`
}

/** Milliseconds from the first to the last row. */
export function spanOf({ from, to }: RangeStatistics): number {
  return from === null || to === null ? 0 : to - from
}

/** Rows per second that crossed the wire; `null` when no time passed. */
export function rowRateText(statistics: RangeStatistics): string | null {
  const rate = perSecond(statistics.in.rows + statistics.out.rows, spanOf(statistics))
  return rate === null ? null : `${rateNumber(rate)} rows/s`
}

/** Payload bytes per second; `null` when no time passed. */
export function byteRateText(statistics: RangeStatistics): string | null {
  const rate = perSecond(statistics.in.bytes + statistics.out.bytes, spanOf(statistics))
  return rate === null ? null : `${formatBytes(Math.round(rate))}/s`
}

/** A rate with three digits, thousands separated: `0.12`, `4.7`, `1,204`. */
export function rateNumber(rate: number): string {
  if (rate >= 99.95 || rate === 0) return formatCount(Math.round(rate))
  return rate < 0.995 ? rate.toFixed(2) : rate.toFixed(1)
}

/** Everything about a range as lines of text, for the clipboard. */
export function statisticsText(statistics: RangeStatistics): string {
  const { rows, from, to, gaps } = statistics
  const lines = [
    `Rows: ${formatCount(rows)}`,
    `In: ${sideText(statistics.in)}`,
    `Out: ${sideText(statistics.out)}`,
  ]
  if (from !== null && to !== null)
    lines.push(
      `Period: ${formatTimestamp(from)} to ${formatTimestamp(to)}, ${formatDuration(to - from)}`,
    )
  const rates = [rowRateText(statistics), byteRateText(statistics)].filter((text) => text !== null)
  if (rates.length > 0) lines.push(`Rate: ${rates.join(', ')}`)
  if (gaps)
    lines.push(
      `Gaps: min ${formatDuration(gaps.min)}, median ${formatDuration(gaps.median)}, max ${formatDuration(gaps.max)} before row ${gaps.maxBefore}`,
    )
  return lines.join('\n')
}

function perSecond(amount: number, milliseconds: number): number | null {
  return milliseconds > 0 ? (amount / milliseconds) * 1000 : null
}
