import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterNode, printFilter } from '../../../test/support/filter-language'
import { parseFilter } from './parse'
import { suggestFilter } from './suggest'

/** Suggestions at the caret, which `|` stands for. */
function offered(marked: string) {
  const caret = marked.indexOf('|')
  return suggestFilter(marked.replace('|', ''), caret)
}

/** What the text becomes with the suggestion of that label. */
function accepted(marked: string, label: string): string {
  const text = marked.replace('|', '')
  const suggestion = offered(marked).find((item) => item.label === label)
  if (suggestion === undefined) throw new Error(`${label} is not offered`)
  return text.slice(0, suggestion.start) + suggestion.insert + text.slice(suggestion.end)
}

const labels = (marked: string) => offered(marked).map((item) => item.label)

describe('suggestFilter', () => {
  it('offers fields and templates to begin with', () => {
    expect(labels('|')).toEqual(
      expect.arrayContaining(['dir:', 'type:', 'size>', '$.path == value', 'not']),
    )
    expect(labels('|')).not.toContain('and')
    expect(labels('a |')).toEqual(expect.arrayContaining(['and', 'or', 'not', 'dir:']))
    expect(labels('a or |')).not.toContain('or')
  })

  it.each([
    ['t|', ['type:', 'time>']],
    ['TY|', ['type:']],
    ['-ty|', ['type:']],
    ['(ty|', ['type:']],
    ['a no|', ['not']],
    ['price|', []],
    ['not|', []],
    ['dir:|', ['in', 'out', 'none']],
    ['dir:o|', ['out']],
    ['dir:out|', []],
    ['type:text,b|', ['binary']],
    ['type:ping,|', ['text', 'binary', 'pong', 'close', 'open', 'error', 'note']],
    ['frame:|', ['fragmented', 'compressed', 'invalid', 'masked']],
    ['close:100|', ['1000', '1001', '1002', '1005', '1006', '1008', '1009']],
    ['since:|', ['10s', '5m', '2h']],
    ['size>|', ['1k', '1m', '1KiB']],
    ['size>1|', ['1k', '1m', '1KiB']],
    ['size>1k|', []],
    ['size > |', ['1k', '1m', '1KiB']],
    ['size|', ['>', '>=', '<', '<=', '=', '!=']],
    ['time|', ['>', '>=', '<', '<=']],
    ['$|', ['$.path == value', '$..name ~ "part"']],
    ['$.price|', []],
    ['$.price |', ['==', '!=', '>', '<', '~', 'and', 'or', 'not']],
    ['$.price ~|', ['~']],
    ["$['a b'] |", ['==', '!=', '>', '<', '~', 'and', 'or', 'not']],
    ['"dir:|', []],
    ['"a" d|', ['dir:']],
    ['"a"|', []],
    ['/ty|', []],
    ['/a b/ ty|', ['type:']],
    ['dir:foo ty|', ['type:']],
    ['$.a == "x" ty|', ['type:']],
    ['$.a == |', []],
    ['foo:|', []],
    ['constructor:|', []],
  ])('offers at %s', (marked, expected) => {
    expect(labels(marked)).toEqual(expected)
  })

  it.each([
    ['ty|', 'type:', 'type:'],
    ['a TY| b', 'type:', 'a type: b'],
    ['ty|pe:text', 'type:', 'type:text'],
    ['dir:|out', 'in', 'dir:in'],
    ['type:text,b|', 'binary', 'type:text,binary'],
    ['size |', 'and', 'size and '],
    ['$.price =|', '==', '$.price == '],
    ['$|', '$.path == value', '$.path == value'],
  ])('puts into %s the suggestion %s', (marked, label, expected) => {
    expect(accepted(marked, label)).toBe(expected)
  })

  it('offers only what fits where it is put, at every place of every filter', () => {
    fc.assert(
      fc.property(
        fc.oneof(filterNode.map(printFilter), fc.string({ maxLength: 30 })),
        fc.nat(),
        (text, at) => {
          const caret = at % (text.length + 1)
          for (const { start, end, insert, label, detail } of suggestFilter(text, caret)) {
            expect(start).toBeLessThanOrEqual(caret)
            expect(end).toBeGreaterThanOrEqual(caret)
            expect(end).toBeLessThanOrEqual(text.length)
            expect(insert.toLowerCase().startsWith(text.slice(start, caret).toLowerCase())).toBe(
              true,
            )
            expect([label, detail]).not.toContain('')
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('offers templates and examples that parse', () => {
    const whole = offered('|').flatMap(({ insert }) =>
      /^[a-z]+[:>]$/.test(insert)
        ? suggestFilter(insert, insert.length).map((value) => insert + value.insert)
        : [insert],
    )
    const filters = whole.filter((insert) => !['$.', 'not '].includes(insert))
    expect(filters.length).toBeGreaterThan(30)
    expect(filters.filter((filter) => !parseFilter(filter).ok)).toEqual([])
  })
})
