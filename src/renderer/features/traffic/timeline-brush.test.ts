import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partLength, peakOf, periodOf, placeOf, stepped, timeAt } from './timeline-brush'

const timeline = { from: 1_000, to: 2_000, counts: [0, 4, 2, 0, 1, 0, 0, 0, 0, 3] }
const whole = { from: 1_000, to: 2_000 }

describe('a brush on the timeline', () => {
  it('is a period in whichever direction it was drawn, within the timeline', () => {
    expect(periodOf(1_700, 1_200, timeline)).toEqual({ from: 1_200, to: 1_700 })
    expect(periodOf(500, 1_500, timeline)).toEqual({ from: 1_000, to: 1_500 })
  })

  it('takes the last row with it when it goes to the end', () => {
    expect(periodOf(1_500, 2_000, timeline).to).toBeGreaterThan(2_000)
  })

  it('is never empty', () => {
    const { from, to } = periodOf(1_500, 1_500, timeline)
    expect(to).toBeGreaterThan(from)
  })

  it('moves its ends by parts and stays in order', () => {
    expect(stepped(whole, 'from', 'ArrowRight', timeline)).toEqual({ from: 1_100, to: 2_000 })
    expect(stepped(whole, 'to', 'PageDown', timeline)).toEqual({ from: 1_000, to: 1_100 })
    expect(stepped(whole, 'from', 'End', timeline)).toEqual({ from: 1_900, to: 2_000 })
    expect(stepped(whole, 'from', 'x', timeline)).toBeNull()
  })

  it('moves as a whole without changing its length', () => {
    const brush = { from: 1_300, to: 1_500 }
    expect(stepped(brush, 'both', 'ArrowLeft', timeline)).toEqual({ from: 1_200, to: 1_400 })
    expect(stepped(brush, 'both', 'End', timeline)).toEqual({ from: 1_800, to: 2_000 })
    expect(stepped(brush, 'both', 'PageDown', timeline)).toEqual({ from: 1_000, to: 1_200 })
  })

  it('stays within the timeline whatever keys are pressed', () => {
    const keys = ['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End']
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.constantFrom(...keys), fc.constantFrom('from', 'to', 'both' as const)),
          { maxLength: 20 },
        ),
        (presses) => {
          let brush = whole
          for (const [key, end] of presses)
            brush = stepped(brush, end as 'from' | 'to' | 'both', key, timeline) ?? brush
          expect(brush.from).toBeGreaterThanOrEqual(timeline.from - 1e-6)
          expect(brush.to).toBeLessThanOrEqual(timeline.to + 1e-6)
          expect(brush.to - brush.from).toBeGreaterThanOrEqual(partLength(timeline) - 1e-6)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('times and places', () => {
  it('belong to each other', () => {
    expect(placeOf(1_250, timeline)).toBe(0.25)
    expect(timeAt(0.25, timeline)).toBe(1_250)
    expect(placeOf(9_999, timeline)).toBe(1)
    expect(placeOf(5, { from: 5, to: 5 })).toBe(0)
  })
})

it('finds the busiest part', () => {
  expect(peakOf(timeline)).toEqual({ rate: 40, time: 1_100 })
})
