import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from './fold'
import { findHighlights, findRegexHighlights, highlightTerms } from './highlight'
import { parseFilter } from './parse'

function termsOf(filter: string) {
  const result = parseFilter(filter)
  if (!result.ok) throw new Error(result.problem.message)
  return highlightTerms(result.node)
}

const found = (filter: string, text: string, limit = 100) =>
  findHighlights(text, termsOf(filter), limit).map(({ start, end }) => text.slice(start, end))

describe('highlightTerms', () => {
  it('takes words, phrases and expressions that are not negated', () => {
    const filter =
      'a (x or "b c" or /d/i) -e not (f or not g) $.h == 1 dir:in $.i == "j" $.k ~ l -$.m == n'
    expect(termsOf(filter)).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'x' },
      { kind: 'text', text: 'b c' },
      { kind: 'regex', pattern: 'd', flags: 'i' },
      { kind: 'text', text: 'g' },
      { kind: 'text', text: 'j' },
      { kind: 'text', text: 'l' },
    ])
    expect(highlightTerms(null)).toEqual([])
  })
})

describe('findHighlights', () => {
  it.each([
    ['ab', 'xABab', ['ABab']],
    ['ab', 'ab-ab', ['ab', 'ab']],
    ['ab bc', 'abc', ['abc']],
    ['ss', 'Straße, STRASSE', ['ß', 'SS']],
    ['s', 'ß', ['ß']],
    ['οδος', 'Ο ΟΔΟΣ', ['ΟΔΟΣ']],
    ['b', '𐐀İb', ['b']],
    ['i', 'İb', ['İ']],
    ['/a/', 'a', []],
    ['x', 'a', []],
    ['x', '', []],
  ])('finds %s in %s', (filter, text, expected) => {
    expect(found(filter, text)).toEqual(expected)
  })

  it('stops at the limit', () => {
    expect(found('a', 'a-'.repeat(50), 3)).toHaveLength(3)
  })

  it('marks exactly what a filter finds', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'S', 's', 'ß', 'Σ', 'ς', 'İ', 'i', '😀', 'ﬁ'),
    })
    fc.assert(
      fc.property(
        text,
        text.filter((needle) => needle !== ''),
        (hay, needle) => {
          const ranges = findHighlights(hay, [{ kind: 'text', text: needle }], 1000)
          expect(ranges.length > 0).toBe(fold(hay).includes(fold(needle)))
          let before = -1
          for (const { start, end } of ranges) {
            expect(start).toBeGreaterThan(before)
            expect(end).toBeGreaterThan(start)
            expect(fold(hay.slice(start, end))).toContain(fold(needle))
            before = end
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('findRegexHighlights', () => {
  it('finds what an expression matches, without empty matches', () => {
    const ranges = (pattern: string, limit = 10) =>
      findRegexHighlights('abcABC', { kind: 'regex', pattern, flags: 'i' }, limit)
    expect(ranges('b')).toEqual([
      { start: 1, end: 2 },
      { start: 4, end: 5 },
    ])
    expect(ranges('x*')).toEqual([])
    expect(ranges('.', 2)).toHaveLength(2)
  })
})
