import { describe, expect, it } from 'vitest'
import { roundBelow } from './line-chart-scale'

describe('roundBelow', () => {
  it.each([
    [47, 40],
    [9.99, 9],
    [20, 20],
    [0.38, 0.3],
    [1204, 1000],
    [0, 0],
    [-1, 0],
    [Number.NaN, 0],
  ])('of %d is %d', (value, rounded) => {
    expect(roundBelow(value)).toBe(rounded)
  })
})
