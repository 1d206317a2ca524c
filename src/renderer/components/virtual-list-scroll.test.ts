import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createScrollMap,
  offsetForRow,
  tallestElement,
  visibleRows,
  wheelPixels,
  type ScrollExtent,
} from './virtual-list-scroll'

const extents = fc.record({
  rows: fc.nat(20_000_000),
  rowHeight: fc.constantFrom(20, 24, 28),
  viewport: fc.integer({ min: 28, max: 2_000 }),
})
const share = fc.double({ min: 0, max: 1, noNaN: true })
const last = (extent: ScrollExtent) => createScrollMap(extent).lastOffset

describe('createScrollMap', () => {
  it('never asks for an element that Chromium would clamp at 400 % zoom', () => {
    fc.assert(
      fc.property(extents, (extent) => {
        const { elementHeight } = createScrollMap(extent)
        expect(elementHeight * 4).toBeLessThan(33_554_428)
        expect(elementHeight).toBeLessThanOrEqual(extent.rows * extent.rowHeight)
      }),
    )
  })

  it('is the identity while the list fits into an element', () => {
    const map = createScrollMap({ rows: 100_000, rowHeight: 24, viewport: 800 })
    expect(map.proportional).toBe(false)
    expect(map.elementHeight).toBe(2_400_000)
    expect(map.toScrollTop(1234.5)).toBe(1234.5)
    expect(map.toOffset(1234.5)).toBe(1234.5)
  })

  it('maps the beginning to the beginning and the end to the end', () => {
    fc.assert(
      fc.property(extents, (extent) => {
        const map = createScrollMap(extent)
        const lastScrollTop = Math.max(0, map.elementHeight - extent.viewport)
        expect(map.toOffset(0)).toBe(0)
        expect(map.toScrollTop(0)).toBe(0)
        expect(map.toOffset(lastScrollTop)).toBeCloseTo(map.lastOffset, 3)
        expect(map.toScrollTop(map.lastOffset)).toBeCloseTo(lastScrollTop, 3)
      }),
    )
  })

  it('is monotonic in both directions', () => {
    fc.assert(
      fc.property(extents, share, share, (extent, one, other) => {
        const map = createScrollMap(extent)
        const [low, high] = [Math.min(one, other), Math.max(one, other)]
        const tops = [low, high].map((part) => map.toScrollTop(part * map.lastOffset))
        const offsets = [low, high].map((part) => map.toOffset(part * map.elementHeight))
        expect(tops[0]).toBeLessThanOrEqual(tops[1] ?? NaN)
        expect(offsets[0]).toBeLessThanOrEqual(offsets[1] ?? NaN)
      }),
    )
  })

  it('comes back to the same place through the scroll position', () => {
    fc.assert(
      fc.property(extents, share, (extent, part) => {
        const map = createScrollMap(extent)
        const offset = part * map.lastOffset
        expect(map.toOffset(map.toScrollTop(offset))).toBeCloseTo(offset, 3)
      }),
    )
  })

  it('keeps every offset inside the list', () => {
    fc.assert(
      fc.property(extents, fc.double({ noNaN: true }), (extent, wanted) => {
        const offset = createScrollMap(extent).clamp(wanted)
        expect(offset).toBeGreaterThanOrEqual(0)
        expect(offset).toBeLessThanOrEqual(last(extent))
      }),
    )
  })

  it('has nothing to scroll in an empty list', () => {
    const map = createScrollMap({ rows: 0, rowHeight: 24, viewport: 800 })
    expect([map.elementHeight, map.lastOffset, map.toOffset(0)]).toEqual([0, 0, 0])
  })
})

describe('visibleRows', () => {
  it('covers the viewport wherever it stands, and only what exists', () => {
    fc.assert(
      fc.property(extents, share, fc.nat(20), (extent, part, overscan) => {
        const offset = part * last(extent)
        const { from, to } = visibleRows(offset, extent, overscan)
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(extent.rows)
        expect(from * extent.rowHeight).toBeLessThanOrEqual(offset + 1e-3)
        const bottom = Math.min(offset + extent.viewport, extent.rows * extent.rowHeight)
        expect(to * extent.rowHeight).toBeGreaterThanOrEqual(bottom - 1e-3)
        expect(to - from).toBeLessThanOrEqual(extent.viewport / extent.rowHeight + 2 + overscan * 2)
      }),
    )
  })
})

describe('offsetForRow', () => {
  it('reaches every row of a list of any length', () => {
    const alignment = fc.constantFrom('nearest' as const, 'start' as const, 'center' as const)
    fc.assert(
      fc.property(extents, share, share, alignment, (extent, part, place, how) => {
        fc.pre(extent.rows > 0)
        const row = Math.min(extent.rows - 1, Math.floor(part * extent.rows))
        const map = createScrollMap(extent)
        const offset = map.clamp(offsetForRow(row, place * map.lastOffset, extent, how))
        const top = row * extent.rowHeight
        expect(top).toBeGreaterThanOrEqual(offset - 1e-3)
        expect(top + extent.rowHeight).toBeLessThanOrEqual(offset + extent.viewport + 1e-3)
      }),
    )
  })

  it('does not move for a row that is in sight', () => {
    const extent = { rows: 1000, rowHeight: 24, viewport: 240 }
    expect(offsetForRow(12, 245, extent, 'nearest')).toBe(245)
  })
})

describe('wheelPixels', () => {
  const extent = { rows: 5_000_000, rowHeight: 24, viewport: 800 }

  it('moves by as many rows in a list that is too tall as in a short one', () => {
    expect(extent.rows * extent.rowHeight).toBeGreaterThan(tallestElement)
    const map = createScrollMap(extent)
    const before = map.lastOffset / 2
    const after = map.clamp(before + wheelPixels({ deltaY: 120, deltaMode: 0 }, extent))
    expect((after - before) / extent.rowHeight).toBe(5)
  })

  it('understands lines and pages', () => {
    expect(wheelPixels({ deltaY: 3, deltaMode: 1 }, extent)).toBe(72)
    expect(wheelPixels({ deltaY: -1, deltaMode: 2 }, extent)).toBe(-800)
  })
})
