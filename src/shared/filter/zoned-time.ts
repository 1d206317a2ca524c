import type { CalendarDay, Moment } from './node'

/**
 * The day on which a moment falls.
 * @param time milliseconds since the epoch.
 * @param timeZone an IANA name such as `Europe/Berlin`; the system's time zone when left out.
 */
export function dayOfTime(time: number, timeZone?: string): CalendarDay {
  const date = new Date(time)
  if (timeZone === undefined)
    return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
  const shown = new Date(time + offsetAt(time, timeZone) * minute)
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() }
}

/**
 * When a moment is, in whole microseconds since the epoch. A clock time that a change of the clock
 * leaves out or repeats is read as `Date` reads it: with the offset before the change.
 * @param today the day that a clock time without a date means.
 * @param timeZone as for {@link dayOfTime}.
 */
export function momentToMicroseconds(
  moment: Moment,
  today: () => CalendarDay,
  timeZone?: string,
): number {
  const day = moment.day ?? today()
  const milliseconds = Math.floor(moment.clock / 1000)
  const microseconds = moment.clock % 1000
  const date = new Date(0)
  if (moment.offset === null && timeZone === undefined) {
    date.setFullYear(day.year, day.month - 1, day.day)
    date.setHours(0, 0, 0, milliseconds)
    return date.getTime() * 1000 + microseconds
  }
  date.setUTCFullYear(day.year, day.month - 1, day.day)
  const asUtc = date.getTime() + milliseconds
  const offset = moment.offset ?? (timeZone === undefined ? 0 : localOffset(asUtc, timeZone))
  return (asUtc - offset * minute) * 1000 + microseconds
}

const minute = 60_000

/** Minutes ahead of UTC of a clock that shows `asUtc`, read as if it were UTC. */
function localOffset(asUtc: number, timeZone: string): number {
  const before = offsetAt(asUtc - 24 * 60 * minute, timeZone)
  // With the offset of the day before, unless the clock was changed since.
  const there = offsetAt(asUtc - before * minute, timeZone)
  return offsetAt(asUtc - there * minute, timeZone) === there ? there : before
}

function offsetAt(time: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time)
  const part = (type: string) => Number(parts.find((item) => item.type === type)?.value)
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  )
  return Math.round((shown - time) / minute)
}
