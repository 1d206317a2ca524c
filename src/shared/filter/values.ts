import type { CalendarDay, Moment } from './node'

/** Zeros that a decimal unit of size stands for, in lower case. */
const decimalUnits: Readonly<Record<string, number>> = {
  '': 0,
  b: 0,
  k: 3,
  kb: 3,
  m: 6,
  mb: 6,
  g: 9,
  gb: 9,
}

/** Factors of binary units of size, in lower case. */
const binaryUnits: Readonly<Record<string, number>> = {
  ki: 1024,
  kib: 1024,
  mi: 1024 ** 2,
  mib: 1024 ** 2,
  gi: 1024 ** 3,
  gib: 1024 ** 3,
}

const durationUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86_400e3,
}

/** Reads `100`, `1.5k`, `2 MiB` without its space: bytes. `undefined` when it is no size. */
export function parseSize(text: string): number | undefined {
  const [, number, suffix = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? []
  if (number === undefined) return undefined
  const unit = suffix.toLowerCase()
  // As one decimal: 1.001 times 1000 would not be 1001.
  if (Object.hasOwn(decimalUnits, unit)) return Number(`${number}e${decimalUnits[unit]}`)
  const factor = Object.hasOwn(binaryUnits, unit) ? binaryUnits[unit] : undefined
  return factor === undefined ? undefined : Number(number) * factor
}

/** Reads `10s`, `1.5m`: milliseconds. The unit is required. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/i.exec(text) ?? []
  const factor = durationUnits[unit.toLowerCase()]
  return number === undefined || factor === undefined ? undefined : Number(number) * factor
}

/** Reads a number without a unit, such as `4`, `2.5`. */
export function parsePlainNumber(text: string): number | undefined {
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** Reads a whole number. */
export function parseInteger(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

const moment =
  /^(?:(\d{4})-(\d\d)-(\d\d)(?:T|$))?(?:(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(Z|[+-]\d\d:?\d\d)?$/i

/**
 * Reads a clock time (`12:00`, `12:00:05.123456`), a date (`2026-11-22`: its midnight), or both with
 * `T` between them and perhaps an offset from UTC behind (ISO 8601).
 */
export function parseMoment(text: string): Moment | undefined {
  const match = text === '' ? null : moment.exec(text)
  if (!match) return undefined
  const [, year, month, date, hour, minute, second = '0', fraction = '', zone] = match
  const day = year === undefined ? null : { ...calendar(year, month, date) }
  if (day === null ? hour === undefined || zone !== undefined : !isDay(day)) return undefined
  if (hour === undefined && (zone !== undefined || /T/i.test(text))) return undefined
  const [h, m, s] = [Number(hour ?? 0), Number(minute ?? 0), Number(second)]
  if (h > 23 || m > 59 || s > 59) return undefined
  const offset = zone === undefined ? null : offsetOf(zone)
  if (offset === undefined) return undefined
  const clock = ((h * 60 + m) * 60 + s) * 1e6 + Number(fraction.padEnd(6, '0'))
  return { day, clock, offset }
}

function calendar(year = '', month = '', day = ''): CalendarDay {
  return { year: Number(year), month: Number(month), day: Number(day) }
}

function isDay({ year, month, day }: CalendarDay): boolean {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

function offsetOf(zone: string): number | undefined {
  if (/z/i.test(zone)) return 0
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))]
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
