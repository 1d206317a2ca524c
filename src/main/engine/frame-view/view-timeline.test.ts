import { describe, expect, it } from 'vitest'
import { everything } from '@shared/model/frame-filter'
import { ListedLog } from '../../../../test/support/listed-log'
import { IdRange } from './id-range'
import { allRows, BookmarkedRows } from './row-selection'
import { positionAtTime, timelineOf } from './view-timeline'

function logAt(...times: number[]): ListedLog {
  const log = new ListedLog()
  for (const time of times) log.add(time)
  return log
}

function everyRow(log: ListedLog) {
  return allRows(log.log, new IdRange(log.log, everything()))
}

describe('timelineOf', () => {
  it('counts every row once from the first to the last one', () => {
    const log = logAt(1000, 1001, 1002, 1099, 1100)
    const timeline = timelineOf(log.log, everyRow(log), null, 10)
    expect(timeline?.from).toBe(1000)
    expect(timeline?.to).toBeCloseTo(1100.001, 6)
    expect(timeline?.counts).toEqual([3, 0, 0, 0, 0, 0, 0, 0, 0, 2])
  })

  it('counts what lies in a period, its end excluded', () => {
    const log = logAt(1000, 1010, 1019, 1020, 1030, 1040)
    expect(timelineOf(log.log, everyRow(log), { from: 1010, to: 1040 }, 3)).toEqual({
      from: 1010,
      to: 1040,
      counts: [2, 1, 1],
    })
    expect(timelineOf(log.log, everyRow(log), { from: 5000, to: 6000 }, 2)?.counts).toEqual([0, 0])
  })

  it('counts rows of the selection only', () => {
    const log = logAt(1000, 1010, 1020, 1030)
    log.bookmarks.set(1, '').set(3, '')
    const rows = new BookmarkedRows(log.log, everyRow(log))
    expect(timelineOf(log.log, rows, { from: 1000, to: 1040 }, 4)?.counts).toEqual([0, 1, 0, 1])
  })

  it('leaves out evicted rows', () => {
    const log = logAt(1000, 1010, 1020)
    const rows = everyRow(log)
    log.firstId = 2
    expect(timelineOf(log.log, rows, { from: 1000, to: 1030 }, 3)?.counts).toEqual([0, 0, 1])
    expect(timelineOf(log.log, rows, null, 1)).toMatchObject({ from: 1020, counts: [1] })
  })

  it('is nothing without rows or without a period', () => {
    const log = logAt()
    expect(timelineOf(log.log, everyRow(log), null, 10)).toBeNull()
    expect(timelineOf(log.log, everyRow(log), { from: 5, to: 5 }, 10)).toBeNull()
  })
})

describe('positionAtTime', () => {
  it('is the first row held at or after a time', () => {
    const log = logAt(1000, 1010, 1010, 1020)
    const rows = everyRow(log)
    expect(
      [0, 1000, 1001, 1010, 1020, 1021].map((time) => positionAtTime(log.log, rows, time)),
    ).toEqual([0, 0, 1, 1, 3, 4])
    log.firstId = 3
    expect(positionAtTime(log.log, rows, 0)).toBe(3)
  })
})
