import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clampSelection,
  countSelected,
  extendTo,
  isSelected,
  noSelection,
  selectAll,
  selectOnly,
  toggle,
} from './row-selection'

describe('row selection', () => {
  it('extends from the anchor in both directions', () => {
    const down = extendTo(selectOnly(5), 8)
    expect(down).toEqual({ ranges: [{ from: 5, to: 9 }], anchor: 5, active: 8 })
    expect(extendTo(down, 2)).toEqual({ ranges: [{ from: 2, to: 6 }], anchor: 5, active: 2 })
  })

  it('takes a single row out of the middle and puts it back', () => {
    const split = toggle(extendTo(selectOnly(0), 4), 2)
    expect(split.ranges).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 5 },
    ])
    expect(toggle(split, 2).ranges).toEqual([{ from: 0, to: 5 }])
  })

  it('selects a million rows as one range', () => {
    const all = selectAll(selectOnly(3), 0, 1_000_000)
    expect(all.ranges).toEqual([{ from: 0, to: 1_000_000 }])
    expect(all.active).toBe(3)
    expect(countSelected(all)).toBe(1_000_000)
  })

  it('loses the rows that were evicted, and the active one with them', () => {
    const selection = extendTo(selectOnly(2), 9)
    expect(clampSelection(selection, 5, 20)).toEqual({
      ranges: [{ from: 5, to: 10 }],
      anchor: null,
      active: 9,
    })
    expect(clampSelection(selectOnly(2), 5, 20)).toEqual(noSelection())
    expect(clampSelection(selection, 0, 20)).toBe(selection)
  })

  it('agrees with a set of positions whatever is toggled', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (positions) => {
        const expected = new Set<number>()
        let selection = noSelection()
        for (const position of positions) {
          selection = toggle(selection, position)
          if (!expected.delete(position)) expected.add(position)
        }
        for (let position = 0; position <= 20; position += 1)
          expect(isSelected(selection, position)).toBe(expected.has(position))
        expect(countSelected(selection)).toBe(expected.size)
      }),
    )
  })
})
