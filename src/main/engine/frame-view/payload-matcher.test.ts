import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { payloadMatcher } from './payload-matcher'

const utf8 = new TextEncoder()
const matches = (needle: string, text: string) => payloadMatcher(needle)(utf8.encode(text))

describe('payloadMatcher', () => {
  it.each([
    ['price', '{"Price":1}', true],
    ['PRICE', '{"price":1}', true],
    ['price', '{"prize":1}', false],
    ['a', '', false],
    ['aab', 'aaaaaab', true],
    ['[', '{', false],
    ['@', '`', false],
    ['ÜBER', 'alles über', true],
    ['ΟΔΟΣ', 'οδοσα οδος', true],
    ['οδος', 'ΟΔΟΣΑ', true],
    ['日本', 'x日本y', true],
    ['日本', '日-本', false],
    ['\ufeff', '\ufeffabc', true],
  ])('finds %j in %j: %s', (needle, text, expected) => {
    expect(matches(needle, text)).toBe(expected)
  })

  it('finds text among bytes that are not UTF-8', () => {
    const payload = Uint8Array.of(0xff, 0x41, 0x42, 0x80, ...utf8.encode('ü'))
    expect(payloadMatcher('ab')(payload)).toBe(true)
    expect(payloadMatcher('Ü')(payload)).toBe(true)
    expect(payloadMatcher('abc')(payload)).toBe(false)
  })

  it('looks only at the bytes of its view', () => {
    const buffer = utf8.encode('needle in front')
    expect(payloadMatcher('needle')(buffer.subarray(1))).toBe(false)
    expect(payloadMatcher('front')(buffer.subarray(0, -1))).toBe(false)
  })

  it('agrees with a plain search for every ASCII text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'B', 'é', '{', '[') })
    const needles = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'B', '{', '['), minLength: 1 })
    const lower = (text: string) => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
    fc.assert(
      fc.property(letters, needles, (text, needle) => {
        expect(matches(needle, text)).toBe(lower(text).includes(lower(needle)))
      }),
      { numRuns: 1000 },
    )
  })
})
