import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { medianOf } from './median'

function naiveMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return (lower + upper) / 2
}

describe('medianOf', () => {
  it('is exact, whatever the values', async () => {
    const value = fc.oneof(
      fc.constantFrom(0, 0.001, 1e9),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 30 }), async (values) => {
        expect(await medianOf(Float64Array.from(values), values.length)).toBe(naiveMedian(values))
      }),
    )
  })

  it.each([100_000, 100_001])(
    'is exact for %i values, few or many of them alike',
    async (count) => {
      let seed = 1
      const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
      for (const values of [
        Float64Array.from({ length: count }, random),
        Float64Array.from({ length: count }, () => Math.floor(random() * 3)),
        Float64Array.from({ length: count }, (_, index) => (index === 0 ? 1e12 : random())),
        new Float64Array(count).fill(0.125),
      ])
        expect(await medianOf(values, count)).toBe(naiveMedian([...values]))
    },
  )

  it('looks at no more values than it is told', async () => {
    expect(await medianOf(Float64Array.from([3, 1, 2, 99]), 3)).toBe(2)
    expect(await medianOf(new Float64Array(0), 0)).toBeNaN()
  })
})
