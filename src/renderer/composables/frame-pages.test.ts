import { describe, expect, it } from 'vitest'
import { textRow } from '../../../test/support/fake-frame-engine'
import { entryAt, keptPages, mergePage, pagesWithGaps, type FramePages } from './frame-pages'

const none: FramePages = new Map()
const rows = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => textRow(from + index))

describe('mergePage', () => {
  it('puts rows in their places, also across the border of two pages', () => {
    const pages = mergePage(none, { start: 95, rows: rows(95, 10), previousTime: 5 }, 0, 0)
    expect(entryAt(pages, 94)).toBeUndefined()
    expect(entryAt(pages, 95)).toEqual({ row: textRow(95), previousTime: 5 })
    expect(entryAt(pages, 104)).toEqual({ row: textRow(104), previousTime: textRow(103).time })
    expect(entryAt(pages, 105)).toBeUndefined()
  })

  it('keeps the objects of rows that did not change, and replaces those whose fate did', () => {
    const queued = textRow(1, { fate: 'queued' })
    const before = mergePage(
      none,
      { start: 0, rows: [textRow(0), queued], previousTime: null },
      0,
      0,
    )
    const written = textRow(1, { fate: 'written' })
    const after = mergePage(
      before,
      { start: 0, rows: [textRow(0), written], previousTime: null },
      0,
      0,
    )
    expect(entryAt(after, 0)).toBe(entryAt(before, 0))
    expect(entryAt(after, 1)?.row.fate).toBe('written')
    expect(entryAt(before, 1)?.row.fate).toBe('queued')
  })

  it('holds a bounded number of pages, those nearest to what is on screen', () => {
    let pages = none
    for (let number = 0; number < 60; number += 1)
      pages = mergePage(
        pages,
        { start: number * 100, rows: rows(number * 100, 100), previousTime: null },
        0,
        3_050,
      )
    expect(pages.size).toBe(keptPages)
    expect(entryAt(pages, 3_050)).toBeDefined()
    expect(entryAt(pages, 0)).toBeUndefined()
  })

  it('drops pages of which every row was evicted', () => {
    const before = mergePage(none, { start: 0, rows: rows(0, 10), previousTime: null }, 0, 0)
    const after = mergePage(before, { start: 200, rows: rows(200, 1), previousTime: null }, 150, 0)
    expect([...after.keys()]).toEqual([2])
  })
})

describe('pagesWithGaps', () => {
  it('names every page with a missing row once, the last one first', () => {
    const pages = mergePage(none, { start: 100, rows: rows(100, 100), previousTime: null }, 0, 0)
    expect(pagesWithGaps(pages, 50, 250)).toEqual([2, 0])
    expect(pagesWithGaps(pages, 100, 200)).toEqual([])
  })
})
