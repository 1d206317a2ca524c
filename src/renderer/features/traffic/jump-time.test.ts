import { describe, expect, it } from 'vitest'
import { readTime } from './jump-time'

const at = (day: number, hour: number, minute = 0, second = 0, millisecond = 0) =>
  new Date(2026, 10, day, hour, minute, second, millisecond).getTime()
const log = { from: at(22, 23, 59) + 0.412, to: at(24, 8), here: at(23, 12) }

describe('readTime', () => {
  it.each([
    ['11:59:05.123', at(23, 11, 59, 5, 123)],
    [' 12:00 ', at(23, 12)],
    ['12:00:00.5', at(23, 12, 0, 0, 500)],
    ['2026-11-24 07:30', at(24, 7, 30)],
    ['2026-11-24T07:30:00', at(24, 7, 30)],
    ['+10s', at(23, 12, 0, 10)],
    ['-1m', at(23, 11, 59)],
    ['+1h30m', at(23, 13, 30)],
    ['-1m 30s', at(23, 11, 58, 30)],
    ['+250ms', at(23, 12, 0, 0, 250)],
  ])('reads %s', (text, time) => expect(readTime(text, log)).toEqual({ time }))

  it('takes a time of another day when the log was not there on the day in question', () => {
    const short = { from: at(22, 23, 59), to: at(23, 0, 5), here: at(23, 0, 1) }
    expect(readTime('23:59:30', short)).toEqual({ time: at(22, 23, 59, 30) })
    expect(readTime('0:03', { ...short, here: at(22, 23, 59) })).toEqual({ time: at(23, 0, 3) })
  })

  it('finds the first row by the milliseconds its time is shown with', () => {
    expect(readTime('2026-11-22 23:59:00.000', log)).toEqual({ time: at(22, 23, 59) })
  })

  it('reads an offset from UTC', () => {
    expect(readTime('2026-11-23 12:00:00 Z', log)).toEqual({ time: Date.UTC(2026, 10, 23, 12) })
  })

  it('says what is out of reach, and where the log ends', () => {
    expect(readTime('+2d', log)).toEqual({
      error: '2026-11-25 12:00:00.000000 is after the last row, 2026-11-24 08:00:00.000000.',
    })
    expect(readTime('-13h', log)).toMatchObject({
      error: expect.stringContaining('is before the first row, 2026-11-22 23:59:00.000'),
    })
  })

  it.each(['12:61', '25:00', 'noon', '+10', '10s', '+', '2026-13-01 10:00'])(
    'names %s as no time and shows what times look like',
    (text) =>
      expect(readTime(text, log)).toEqual({
        error: `“${text}” is not a time. Times look like 12:00:05.123, 2026-11-22 12:00:05, +10s or -1m30s.`,
      }),
  )

  it('says that nothing was given', () => {
    expect(readTime('  ', log)).toMatchObject({
      error: expect.stringMatching(/^No time was given\./),
    })
  })
})
