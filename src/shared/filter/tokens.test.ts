import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterNode, printFilter } from '../../../test/support/filter-language'
import { filterTokens } from './tokens'

const tokens = (text: string) =>
  filterTokens(text).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

describe('filterTokens', () => {
  it.each([
    ['', []],
    ['price and -"a b"', ['word price', 'keyword and', 'keyword -', 'string "a b"']],
    ['(a OR /x/i)', ['keyword (', 'word a', 'keyword OR', 'regex /x/i', 'keyword )']],
    ['dir:in size >= 1k', ['field dir:', 'value in', 'field size', 'operator >=', 'value 1k']],
    ['$.a == "x y"', ['path $.a', 'operator ==', 'string "x y"']],
    ["$['a = b'] ~ /x y/i z", ["path $['a = b']", 'operator ~', 'regex /x y/i', 'word z']],
    ['$.a>5', ['path $.a', 'operator >', 'value 5']],
    ['dir:up a', ['field dir:', 'value up', 'word a']],
    ['$.a ==', ['path $.a', 'operator ==']],
    ['size>', ['field size', 'operator >']],
    ['"open', ['string "open']],
    ['/open[', ['regex /open[']],
    ['$.', ['path $.']],
  ])('cuts %s', (text, expected) => {
    expect(tokens(text)).toEqual(expected)
  })

  it('covers everything but white space, in order, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(filterNode.map(printFilter), fc.string({ unit: 'grapheme' })),
        (text) => {
          let at = 0
          for (const { start, end } of filterTokens(text)) {
            expect(text.slice(at, start).trim()).toBe('')
            expect(end).toBeGreaterThan(start)
            at = end
          }
          expect(text.slice(at).trim()).toBe('')
        },
      ),
      { numRuns: 500 },
    )
  })
})
