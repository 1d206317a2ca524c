import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from './fold'
import { filterNode, filterRow, passesNaively } from '../../../test/support/filter-language'
import { findHighlights, hasRegex, highlightTerms } from './highlight'
import { parseFilter } from './parse'

function termsOf(filter: string) {
  const result = parseFilter(filter)
  if (!result.ok) throw new Error(result.problem.message)
  return highlightTerms(result.node)
}

const found = (filter: string, text: string, limit = 100) =>
  findHighlights(text, termsOf(filter), limit).map(({ start, end }) => text.slice(start, end))

describe('highlightTerms', () => {
  it('takes words, phrases, expressions and paths that are not negated', () => {
    const filter = 'a (x or "b c" or /d/i) -e not (f or not g) dir:in $.i == "j" -$.m == n'
    expect(termsOf(filter)).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'text', text: 'x' },
      { kind: 'text', text: 'b c' },
      { kind: 'regex', pattern: 'd', flags: 'i' },
      { kind: 'text', text: 'g' },
      {
        kind: 'path',
        steps: [{ deep: false, kind: 'name', name: 'i' }],
        test: { kind: 'compare', operator: '==', value: { kind: 'text', text: 'j' } },
      },
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
    ['/a/', 'a', ['a']],
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

describe('expressions', () => {
  it('finds what an expression matches, without empty matches', () => {
    const ranges = (pattern: string, limit = 10) =>
      findHighlights('a1A2', [{ kind: 'regex', pattern, flags: 'i' }], limit)
    expect(ranges('a')).toEqual([
      { start: 0, end: 1 },
      { start: 2, end: 3 },
    ])
    expect(ranges('x*')).toEqual([])
    expect(ranges('\\w(?=\\d)', 1)).toEqual([{ start: 0, end: 1 }])
  })

  it('are told from what takes no time', () => {
    expect(termsOf('a /b/ $.c ~ /d/ $.e ~ f $.g').map(hasRegex)).toEqual([
      false,
      true,
      true,
      false,
      false,
    ])
  })
})

describe('paths', () => {
  it.each([
    ['$.type == "trade"', '{"type":"trade","note":"trade","trade":1}', ['trade']],
    ['$.type == "trade"', '{"type":"Trade","note":"trade"}', []],
    ['$.a ~ "AD"', '{"b":"ada","a":"ada","c":"ada"}', ['ad']],
    ['$.a ~ /^a|a$/', '{"a":"ada","b":"ada"}', ['a', 'a']],
    ['$.a == "x/y"', '{"a":"x\\/y"}', ['x\\/y']],
    ['$.a ~ "/y"', '{"a":"x\\/y"}', ['x\\/y']],
    ['$.a > 1', '{"a":"1.5","b":2}', ['1.5']],
    ['$.a == 9007199254740993', '[{"a":9007199254740993}]', []],
    [
      '$..a == 9007199254740993',
      '[{"a":9007199254740993},{"a":9007199254740992}]',
      ['9007199254740993'],
    ],
    ['$[*] != 1', '[1,2, null,"x"]', ['2', 'null', 'x']],
    ['$[-1]', '[1,2,[3]]', []],
    ['$[-2]', '[1,2,[3]]', ['2']],
    ['$.a', '{"a":1,"a":22}', ['22']],
    ["$['__proto__']", '{"__proto__":1}', ['1']],
    ['$.a', '{"a":""}', []],
    ['$ == true', ' true ', ['true']],
    ['not $.a == 1', '{"a":1}', []],
    ['$.a', '{"a":1,}', []],
  ])('marks what %s selects of %s', (filter, text, expected) => {
    expect(found(filter, text)).toEqual(expected)
  })

  it.each([
    ['$.a', '{"a":1,"b":"c', ['1']],
    ['$.b', '{"a":1,"b":"c', []],
    ['$.a', '{"a":12', []],
    ['$[-1]', '[1,2,', []],
    ['$.a', 'no JSON', []],
  ])('goes by %s as far as the beginning %s shows', (filter, text, expected) => {
    const ranges = findHighlights(text, termsOf(filter), 100, false)
    expect(ranges.map(({ start, end }) => text.slice(start, end))).toEqual(expected)
  })

  it('marks only where the filter passes', () => {
    fc.assert(
      fc.property(
        filterNode.filter((node) => node.kind === 'path'),
        filterRow.filter(({ kind }) => kind !== 'close'),
        (node, row) => {
          const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(row.payload)
          const ranges = findHighlights(text, highlightTerms(node), 1000)
          if (ranges.length > 0) expect(passesNaively(node, row, 0)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })
})
