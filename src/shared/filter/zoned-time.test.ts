import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dayOfTime, momentToMicroseconds } from './zoned-time'

const never = () => {
  throw new Error('the day was asked for')
}

describe('momentToMicroseconds', () => {
  const clock = (hour: number, minute = 0) => (hour * 60 + minute) * 60e6
  const at = (month: number, day: number, time: number, zone: string) =>
    new Date(
      momentToMicroseconds(
        { day: { year: 2026, month, day }, clock: time, offset: null },
        never,
        zone,
      ) / 1000,
    ).toISOString()

  it('reads a clock time with the offset of its day', () => {
    expect(at(7, 1, clock(12), 'Europe/Berlin')).toBe('2026-07-01T10:00:00.000Z')
    expect(at(12, 1, clock(12), 'Europe/Berlin')).toBe('2026-12-01T11:00:00.000Z')
    expect(at(12, 1, clock(0), 'Asia/Kathmandu')).toBe('2026-11-30T18:15:00.000Z')
    expect(at(12, 1, clock(23, 59), 'America/New_York')).toBe('2026-12-02T04:59:00.000Z')
  })

  it('reads times around a change of the clock as Date does', () => {
    expect(at(3, 29, clock(1, 59), 'Europe/Berlin')).toBe('2026-03-29T00:59:00.000Z')
    expect(at(3, 29, clock(2, 30), 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
    expect(at(3, 29, clock(3), 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z')
    expect(at(10, 25, clock(2, 30), 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z')
    expect(at(10, 25, clock(3), 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z')
  })

  it('asks for the day of a clock time alone', () => {
    const today = () => ({ year: 2026, month: 11, day: 22 })
    expect(momentToMicroseconds({ day: null, clock: 1, offset: null }, today, 'UTC')).toBe(
      Date.UTC(2026, 10, 22) * 1000 + 1,
    )
  })

  it('agrees with Date in the time zone of the system, named or not', () => {
    const system = Intl.DateTimeFormat().resolvedOptions().timeZone
    fc.assert(
      fc.property(
        fc.date({ min: new Date(1975, 0), max: new Date(2090, 0), noInvalidDate: true }),
        (date) => {
          for (const zone of [undefined, system]) {
            expect(dayOfTime(date.getTime(), zone)).toEqual({
              year: date.getFullYear(),
              month: date.getMonth() + 1,
              day: date.getDate(),
            })
          }
          const moment = { day: dayOfTime(date.getTime()), clock: clock(12), offset: null }
          expect(momentToMicroseconds(moment, never, system)).toBe(
            momentToMicroseconds(moment, never),
          )
        },
      ),
    )
  })
})
