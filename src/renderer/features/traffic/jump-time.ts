import { formatTimestamp } from '@shared/format/clock'
import { parseDuration, parseMoment } from '@shared/filter/values'
import { dayOfTime, momentToMicroseconds } from '@shared/filter/zoned-time'
import type { Moment } from '@shared/filter/node'

/** What a time is understood from; all in milliseconds since the epoch. */
export interface TimeSurroundings {
  /** Times of the first and the last row. */
  readonly from: number
  readonly to: number
  /** Time of the row that one is at, which relative times count from. */
  readonly here: number
}

export type ReadTime = { readonly time: number } | { readonly error: string }

const hour = 3_600_000

/**
 * Reads where somebody wants to go: a clock time, a date with one, or a distance such as `+10s` or
 * `-1m30s`. A clock time without a date means the day of the row that one is at, or if the log was not
 * there then, the first day on which it was.
 */
export function readTime(text: string, surroundings: TimeSurroundings): ReadTime {
  const typed = text.trim()
  const time = /^[+\-−]/.test(typed)
    ? distance(typed, surroundings.here)
    : moment(
        typed.replace(/^(\d{4}-\d\d-\d\d)\s+/, '$1T').replace(/\s+(?=Z|[+-])/i, ''),
        surroundings,
      )
  if (time === null)
    return {
      error: `${typed === '' ? 'No time was given' : `“${typed}” is not a time`}. Times look like 12:00:05.123, 2026-11-22 12:00:05, +10s or -1m30s.`,
    }
  const { from, to } = surroundings
  // Typed to the millisecond, a time may lie a little before the row it was read from.
  if (time < Math.floor(from))
    return { error: `${formatTimestamp(time)} is before the first row, ${formatTimestamp(from)}.` }
  if (time > to)
    return { error: `${formatTimestamp(time)} is after the last row, ${formatTimestamp(to)}.` }
  return { time }
}

function distance(typed: string, here: number): number | null {
  const parts = typed
    .slice(1)
    .trim()
    .split(/\s+|(?<=[a-z])(?=\d)/i)
  const durations = parts.map((part) => parseDuration(part))
  if (durations.some((duration) => duration === undefined)) return null
  const sum = durations.reduce<number>((total, duration) => total + (duration ?? 0), 0)
  return typed.startsWith('+') ? here + sum : here - sum
}

function moment(typed: string, { from, to, here }: TimeSurroundings): number | null {
  const read = parseMoment(typed)
  if (!read) return null
  const there = on(read, here)
  if (read.day !== null || (there >= Math.floor(from) && there <= to)) return there
  for (let day = from; day < to + 24 * hour; day += 24 * hour) {
    const time = on(read, day)
    if (time >= Math.floor(from) && time <= to) return time
  }
  return there
}

/** When a moment is; without a date of its own, on the day of a time. */
function on(read: Moment, time: number): number {
  return momentToMicroseconds(read, () => dayOfTime(time)) / 1000
}
