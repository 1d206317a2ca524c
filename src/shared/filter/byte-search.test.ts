import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findBytes, findByteSets } from './byte-search'

const few = fc.integer({ min: 97, max: 100 })

describe('findBytes', () => {
  it('tells whether bytes stand in others', () => {
    const bytes = fc.array(few, { maxLength: 40 })
    const needle = fc.array(few, { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(bytes, needle, (hay, sought) => {
        const expected = Buffer.from(hay).includes(Buffer.from(sought))
        expect(findBytes(Uint8Array.from(sought))(Uint8Array.from(hay))).toBe(expected)
      }),
    )
  })
})

describe('findByteSets', () => {
  it('finds the first place from another on where each byte is one of its set', () => {
    const sets = fc.array(fc.uniqueArray(few, { minLength: 1 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(fc.array(few, { maxLength: 40 }), sets, fc.nat(42), (hay, sought, from) => {
        const stands = (start: number) =>
          start + sought.length <= hay.length &&
          sought.every((set, index) => set.includes(hay[start + index] ?? -1))
        const places = [...hay.keys()].filter((start) => start >= from && stands(start))
        const bytes = Uint8Array.from(hay)
        expect(findByteSets(sought)(bytes, from)).toBe(places[0] ?? hay.length)
        const even = (_: Uint8Array, start: number) => start % 2 === 0
        expect(findByteSets(sought, even)(bytes, from)).toBe(
          places.find((start) => start % 2 === 0) ?? hay.length,
        )
      }),
      { numRuns: 500 },
    )
  })
})
