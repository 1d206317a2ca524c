import { describe, expect, it } from 'vitest'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import { ListedLog } from '../../../../test/support/listed-log'
import { foundAmong, nextFound } from './find-among'
import { IdRange } from './id-range'
import { allRows, BookmarkedRows, type RowSelection } from './row-selection'

function logOf(count: number): ListedLog {
  const log = new ListedLog()
  for (let id = 0; id < count; id += 1) log.add(1000 + id * 10)
  return log
}

function select(log: ListedLog, filter: Partial<FrameFilter> = {}): RowSelection {
  return allRows(log.log, new IdRange(log.log, { ...everything(), ...filter }))
}

function held(rows: RowSelection): (number | undefined)[] {
  return Array.from({ length: rows.total - rows.evicted }, (_, index) =>
    rows.idAt(rows.evicted + index),
  )
}

describe('allRows', () => {
  it('counts positions from the first row that is not hidden', () => {
    const log = logOf(5)
    const rows = select(log, { hiddenBefore: 3 })
    expect(rows).toMatchObject({ total: 2, evicted: 0, scanned: 5 })
    expect([rows.idAt(-1), rows.idAt(0), rows.idAt(1), rows.idAt(2)]).toEqual([
      undefined,
      3,
      4,
      undefined,
    ])
    expect([0, 3, 4, 99].map((id) => rows.positionOf(id))).toEqual([0, 0, 1, 2])
    expect(select(log, { hiddenBefore: 9 })).toMatchObject({ total: 0, evicted: 0 })
  })

  it('shows a period, whose rows keep their positions', () => {
    const log = logOf(10)
    const rows = select(log, { period: { from: 1015, to: 1050 } })
    expect(held(rows)).toEqual([2, 3, 4])
    log.firstId = 4
    expect(rows).toMatchObject({ total: 3, evicted: 2 })
    expect(held(rows)).toEqual([4])
    log.firstId = 8
    expect(rows).toMatchObject({ total: 3, evicted: 3 })
    expect(held(rows)).toEqual([])
  })

  it('waits for a period that is yet to come, and ends with it', () => {
    const log = logOf(2)
    const rows = select(log, { period: { from: 1035, to: 1060 } })
    expect(rows.total).toBe(0)
    for (let id = 2; id < 5; id += 1) log.add(1000 + id * 10)
    expect(held(rows)).toEqual([4])
    for (let id = 5; id < 9; id += 1) log.add(1000 + id * 10)
    expect(held(rows)).toEqual([4, 5])
    expect(rows.scanned).toBe(9)
  })

  it('hides within a period as well', () => {
    expect(held(select(logOf(9), { hiddenBefore: 4, period: { from: 0, to: 1060 } }))).toEqual([
      4, 5,
    ])
    expect(held(select(logOf(9), { hiddenBefore: 8, period: { from: 0, to: 1060 } }))).toEqual([])
  })
})

describe('BookmarkedRows', () => {
  it('has the rows with a bookmark, also of those that come later', () => {
    const log = logOf(5)
    log.bookmarks.set(3, 'late').set(1, '').set(6, 'not there yet')
    const rows = new BookmarkedRows(log.log, select(log, { hiddenBefore: 1 }))
    expect(held(rows)).toEqual([1, 3])
    for (let id = 5; id < 8; id += 1) log.add(2000 + id)
    expect(held(rows)).toEqual([1, 3, 6])
    log.firstId = 2
    expect(rows).toMatchObject({ total: 3, evicted: 1 })
    expect(held(rows)).toEqual([3, 6])
  })

  it('follows bookmarks that are set and taken away', () => {
    const log = logOf(5)
    log.bookmarks.set(3, '')
    const rows = new BookmarkedRows(log.log, select(log))
    expect(held(rows)).toEqual([3])
    log.bookmarks.set(3, 'with a note now')
    expect(rows.bookmarkChanged(3)).toBe(false)
    log.bookmarks.set(1, '')
    expect(rows.bookmarkChanged(1)).toBe(true)
    expect(held(rows)).toEqual([1, 3])
    log.bookmarks.delete(3)
    expect(rows.bookmarkChanged(3)).toBe(true)
    expect(held(rows)).toEqual([1])
  })
})

describe('nextFound', () => {
  function search() {
    const log = logOf(10)
    for (const id of [2, 5, 9]) log.bookmarks.set(id, '')
    const rows = select(log, { hiddenBefore: 1 })
    return { log, rows, found: new BookmarkedRows(log.log, rows) }
  }
  const row = (rowId: number, index: number) => ({ rowId, position: rowId - 1, index })

  it('goes forwards and round', () => {
    const { rows, found } = search()
    expect(foundAmong(rows, found)).toBe(3)
    expect(nextFound(rows, found, null, false)).toEqual(row(2, 0))
    expect(nextFound(rows, found, 0, false)).toEqual(row(2, 0))
    expect(nextFound(rows, found, 1, false)).toEqual(row(5, 1))
    expect(nextFound(rows, found, 8, false)).toEqual(row(2, 0))
    expect(nextFound(rows, found, 99, false)).toEqual(row(2, 0))
  })

  it('goes backwards and round', () => {
    const { rows, found } = search()
    expect(nextFound(rows, found, null, true)).toEqual(row(9, 2))
    expect(nextFound(rows, found, 8, true)).toEqual(row(5, 1))
    expect(nextFound(rows, found, 1, true)).toEqual(row(9, 2))
    expect(nextFound(rows, found, 99, true)).toEqual(row(9, 2))
  })

  it('leaves out evicted rows', () => {
    const { log, rows, found } = search()
    log.firstId = 4
    expect(foundAmong(rows, found)).toBe(2)
    expect(nextFound(rows, found, 0, false)).toEqual(row(5, 0))
    expect(nextFound(rows, found, 0, true)).toEqual(row(9, 1))
    log.firstId = 10
    expect(nextFound(rows, found, null, false)).toBeNull()
  })
})
