import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedSamples } from './sorted-samples'

describe('SortedSamples', () => {
  it('is empty at first', () => {
    const samples = new SortedSamples(10)
    expect(samples.median()).toBeNull()
    expect(samples.percentile(95)).toBeNull()
  })

  it('takes the nearest rank', () => {
    const samples = new SortedSamples(100)
    for (let value = 100; value >= 1; value -= 1) samples.add(value)
    expect(samples.percentile(95)).toBe(95)
    expect(samples.percentile(100)).toBe(100)
    expect(samples.percentile(0)).toBe(1)
    expect(samples.median()).toBe(50.5)
  })

  it('agrees with sorting the latest numbers', () => {
    const numbers = fc.array(fc.oneof(fc.nat(5), fc.double({ min: 0, max: 1e6, noNaN: true })), {
      maxLength: 300,
    })
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 150 }), (values, capacity) => {
        const samples = new SortedSamples(capacity)
        for (const value of values) samples.add(value)
        const expected = values.slice(-capacity).sort((a, b) => a - b)
        expect(samples.size).toBe(expected.length)
        expect(expected.map((_, rank) => samples.at(rank))).toEqual(expected)
      }),
    )
  })
})
