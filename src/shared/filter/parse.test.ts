import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterNode, printFilter } from '../../../test/support/filter-language'
import type { FilterNode } from './node'
import { maxFilterDepth, maxFilterLength, parseFilter } from './parse'

/** The tree without where its nodes stand in the text. */
function parsed(text: string): unknown {
  const result = parseFilter(text)
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`)
  return result.node && withoutSpans(result.node)
}

function withoutSpans(node: FilterNode): unknown {
  const { start: _start, end: _end, ...rest } = node
  if (rest.kind === 'not') return { ...rest, child: withoutSpans(rest.child) }
  if (rest.kind === 'and' || rest.kind === 'or')
    return { ...rest, children: rest.children.map(withoutSpans) }
  if (rest.kind === 'regex' || rest.kind === 'path') return { ...rest, source: '' }
  return rest
}

function problemOf(text: string) {
  const result = parseFilter(text)
  if (result.ok) throw new Error(`${text} is accepted`)
  return result.problem
}

const text = (value: string) => ({ kind: 'text', text: value })
const path = (steps: unknown[], test: unknown = null) => ({ kind: 'path', steps, test, source: '' })
const name = (value: string, deep = false) => ({ deep, kind: 'name', name: value })

describe('parseFilter', () => {
  it.each(['', ' ', '\t\n '])('takes %j for the filter that everything matches', (empty) => {
    expect(parseFilter(empty)).toEqual({ ok: true, node: null })
  })

  it.each([
    ['price', text('price')],
    ['{"price":1}', text('{"price":1}')],
    ['https://a/b?c=1&d>2', text('https://a/b?c=1&d>2')],
    ['user:42', text('user:42')],
    ['$100', text('$100')],
    ['$name', text('$name')],
    ['--help', text('--help')],
    ['-', text('-')],
    ['size', text('size')],
    ['sizes>5', text('sizes>5')],
    ['android', text('android')],
    ['"and"', text('and')],
    ['"a  b"', text('a  b')],
    ['"say \\"\\u00e9\\n\\\\"', text('say "é\n\\')],
  ])('reads %s as text', (filter, node) => {
    expect(parsed(filter)).toEqual(node)
  })

  it.each([
    ['a b', { kind: 'and', children: [text('a'), text('b')] }],
    ['a AND b', { kind: 'and', children: [text('a'), text('b')] }],
    ['"a""b"', { kind: 'and', children: [text('a'), text('b')] }],
    ['a or b', { kind: 'or', children: [text('a'), text('b')] }],
    [
      'a b or c and d',
      {
        kind: 'or',
        children: [
          { kind: 'and', children: [text('a'), text('b')] },
          { kind: 'and', children: [text('c'), text('d')] },
        ],
      },
    ],
    [
      'a (b or c)',
      { kind: 'and', children: [text('a'), { kind: 'or', children: [text('b'), text('c')] }] },
    ],
    ['a(b)c', { kind: 'and', children: [text('a'), text('b'), text('c')] }],
    ['not a b', { kind: 'and', children: [{ kind: 'not', child: text('a') }, text('b')] }],
    ['-a', { kind: 'not', child: text('a') }],
    ['-"a b"', { kind: 'not', child: text('a b') }],
    ['-(a or b)', { kind: 'not', child: { kind: 'or', children: [text('a'), text('b')] } }],
    [
      'not -dir:in',
      { kind: 'not', child: { kind: 'not', child: { kind: 'direction', values: ['in'] } } },
    ],
    ['not(a)', { kind: 'not', child: text('a') }],
  ])('groups %s', (filter, node) => {
    expect(parsed(filter)).toEqual(node)
  })

  it.each([
    ['dir:in', { kind: 'direction', values: ['in'] }],
    ['DIR:Out,none', { kind: 'direction', values: ['out', 'none'] }],
    ['type:text,ping', { kind: 'type', values: ['text', 'ping'] }],
    ['frame:invalid', { kind: 'frame', values: ['invalid'] }],
    ['session:3', { kind: 'number list', field: 'session', values: [3] }],
    ['close:1000,1006', { kind: 'number list', field: 'close', values: [1000, 1006] }],
    ['close>=4000', { kind: 'number', field: 'close', operator: '>=', value: 4000 }],
    ['fragments > 2', { kind: 'number', field: 'fragments', operator: '>', value: 2 }],
    ['ratio<1.5', { kind: 'number', field: 'ratio', operator: '<', value: 1.5 }],
    ['wire != 14', { kind: 'number', field: 'wire', operator: '!=', value: 14 }],
    ['size=5', { kind: 'number', field: 'size', operator: '==', value: 5 }],
    ['since:1.5m', { kind: 'since', duration: 90_000 }],
  ])('reads the field %s', (filter, node) => {
    expect(parsed(filter)).toEqual(node)
  })

  it.each([
    ['7', 7],
    ['7b', 7],
    ['1k', 1000],
    ['1K', 1000],
    ['1.5kB', 1500],
    ['1.001k', 1001],
    ['1.003001MB', 1_003_001],
    ['2m', 2e6],
    ['2MB', 2e6],
    ['1g', 1e9],
    ['1GB', 1e9],
    ['1Ki', 1024],
    ['1KiB', 1024],
    ['1mi', 1024 ** 2],
    ['1MiB', 1024 ** 2],
    ['1Gi', 1024 ** 3],
    ['1GiB', 1024 ** 3],
  ])('takes %s for so many bytes', (size, value) => {
    expect(parsed(`size>${size}`)).toEqual({ kind: 'number', field: 'size', operator: '>', value })
  })

  it.each([
    ['5ms', 5],
    ['10s', 10_000],
    ['5m', 300_000],
    ['2H', 7_200_000],
    ['1d', 86_400_000],
  ])('takes %s for so many milliseconds', (duration, milliseconds) => {
    expect(parsed(`since:${duration}`)).toEqual({ kind: 'since', duration: milliseconds })
  })

  const day = { year: 2026, month: 11, day: 22 }
  const noon = 12 * 3600 * 1e6
  it.each([
    ['12:00', { day: null, clock: noon, offset: null }],
    ['9:05', { day: null, clock: 32_700e6, offset: null }],
    ['12:00:05', { day: null, clock: noon + 5e6, offset: null }],
    ['12:00:05.123456', { day: null, clock: noon + 5_123_456, offset: null }],
    ['12:00:00.5', { day: null, clock: noon + 5e5, offset: null }],
    ['2026-11-22', { day, clock: 0, offset: null }],
    ['2026-11-22T12:00', { day, clock: noon, offset: null }],
    ['2026-11-22T12:00:00Z', { day, clock: noon, offset: 0 }],
    ['2026-11-22T12:00:00.000001+02:00', { day, clock: noon + 1, offset: 120 }],
    ['2026-11-22t12:00-0130', { day, clock: noon, offset: -90 }],
  ])('reads the time %s', (time, moment) => {
    expect(parsed(`time>=${time}`)).toEqual({ kind: 'time', operator: '>=', moment })
  })

  it.each([
    ['/a b/i', 'a b', 'i'],
    ['/a\\/b[/)]/', 'a\\/b[/)]', ''],
    ['/(x)/imsu', '(x)', 'imsu'],
    ['/[a--b]/v', '[a--b]', 'v'],
  ])('reads the regular expression %s', (filter, pattern, flags) => {
    expect(parsed(filter)).toEqual({ kind: 'regex', pattern, flags, source: '' })
  })

  it.each([
    ['$', []],
    ['$.price', [name('price')]],
    ['$.größe.user-id', [name('größe'), name('user-id')]],
    ["$['a b'][\"c'd\"]", [name('a b'), name("c'd")]],
    ["$['a\\'b\\u0041']", [name("a'bA")]],
    [
      '$[0][ -1 ]',
      [
        { deep: false, kind: 'index', index: 0 },
        { deep: false, kind: 'index', index: -1 },
      ],
    ],
    [
      '$[*].*',
      [
        { deep: false, kind: 'all' },
        { deep: false, kind: 'all' },
      ],
    ],
    ['$..id', [name('id', true)]],
    ['$..*', [{ deep: true, kind: 'all' }]],
    ['$..[0]', [{ deep: true, kind: 'index', index: 0 }]],
    ['$.a exists', [name('a')]],
  ])('reads the path %s', (filter, steps) => {
    expect(parsed(filter)).toEqual(path(steps))
  })

  it.each([
    ['$.a == "x y"', '==', { kind: 'text', text: 'x y' }],
    ['$.a = x', '==', { kind: 'text', text: 'x' }],
    ['$.a==1', '==', { kind: 'number', text: '1' }],
    ['$.a != 1e2', '!=', { kind: 'number', text: '1e2' }],
    ['$.a>-0.5', '>', { kind: 'number', text: '-0.5' }],
    ['$.a >= 9007199254740993', '>=', { kind: 'number', text: '9007199254740993' }],
    ['$.a < 007', '<', { kind: 'text', text: '007' }],
    ['$.a<=true', '<=', { kind: 'literal', value: true }],
    ['$.a == null', '==', { kind: 'literal', value: null }],
    ['$.a == "null"', '==', { kind: 'text', text: 'null' }],
  ])('reads the comparison %s', (filter, operator, value) => {
    expect(parsed(filter)).toEqual(path([name('a')], { kind: 'compare', operator, value }))
  })

  it('reads what a value must contain or match', () => {
    expect(parsed('$.a ~ part')).toEqual(path([name('a')], { kind: 'contains', text: 'part' }))
    expect(parsed('$.a~42')).toEqual(path([name('a')], { kind: 'contains', text: '42' }))
    expect(parsed('$.a ~ /x y/i')).toEqual(
      path([name('a')], { kind: 'matches', pattern: 'x y', flags: 'i' }),
    )
  })

  it('knows where every node stands', () => {
    const filter = 'not dir:in (price or $.a == 1)'
    const result = parseFilter(filter)
    const spans: string[] = []
    const visit = (node: FilterNode) => {
      spans.push(filter.slice(node.start, node.end))
      if (node.kind === 'not') visit(node.child)
      if (node.kind === 'and' || node.kind === 'or') node.children.forEach(visit)
    }
    if (result.ok && result.node) visit(result.node)
    expect(spans).toEqual([
      filter,
      'not dir:in',
      'dir:in',
      '(price or $.a == 1)',
      'price',
      '$.a == 1',
    ])
    expect(result.ok && result.node && structuredClone(result.node)).toEqual(
      result.ok && result.node,
    )
  })

  it.each([
    ['dir:up', 'up', 'in, out or none'],
    ['dir:', 'dir:', 'in, out or none'],
    ['type:text,', ',', 'text, binary'],
    ['type:text,jpeg', 'jpeg', 'text, binary'],
    ['type: text', 'type:', 'Right after type:'],
    ['type:text, ping', ',', 'Right after the comma'],
    ['since: 10s', 'since:', 'Right after since:'],
    ['size > 1 k', ' k', 'The unit k stands right behind its number'],
    ['(wire>2 MiB)', ' MiB', 'The unit MiB'],
    ['size>', 'size>', 'a size such as'],
    ['size > 1x', '1x', 'a size such as'],
    ['size>-1', '-1', 'a size such as'],
    ['size:5', 'size:', 'size>1k'],
    ['close:70000', '70000', 'close code'],
    ['session:x', 'x', 'session'],
    ['since:10', '10', '10s'],
    ['time>25:00', '25:00', '12:00:05'],
    ['time>2026-02-30', '2026-02-30', '12:00:05'],
    ['time>2026-11-22T', '2026-11-22T', '12:00:05'],
    ['time>12:00:05.1234567', '12:00:05.1234567', '12:00:05'],
    ['time=12:00', 'time=', '>='],
    ['time:12:00', 'time:', 'time>12:00:05'],
    ['foo > 5', '>', 'field or a path'],
    ['a && b', '&&', 'is written and'],
    ['a || b', '||', 'is written or'],
    ['a or', 'or', 'behind it'],
    ['or a', 'or', 'in front'],
    ['a and or b', 'or', 'in front'],
    ['not', 'not', 'behind it'],
    ['(a', '(', 'not closed'],
    ['a)', ')', 'closes nothing'],
    ['()', '()', 'between the parentheses'],
    ['(a or )', 'or', 'behind it'],
    ['"abc', '"abc', 'Add " at its end'],
    ['a ""', '""', 'empty'],
    ['"a\\d"', '\\d', 'not an escape'],
    ['"\\u12"', '\\u', 'hexadecimal'],
    ['/abc', '/abc', 'Add / at its end'],
    ['//', '//', 'empty'],
    ['/(/', '/(/', 'not valid'],
    ['/a/g', 'g', 'Leave it out'],
    ['/a/y', 'y', 'Leave it out'],
    ['/a/iy', 'y', 'Leave it out'],
    ['/a/ii', 'i', 'twice'],
    ['/a/uv', 'v', 'exclude'],
    ['/api/users', 'e', 'not a flag'],
    ['$.', '', "['name']"],
    ['$.1', '1', '[0]'],
    ['$.a:b', ':', "['name']"],
    ['$[', '[', 'in the brackets'],
    ['$[01]', '01', 'without zeros'],
    ["$['a'", '', '] is expected'],
    ["$['a", "'a", "Add ' at its end"],
    ['$.a ==', '==', 'value behind it'],
    ['$.a ~', '~', 'regular expression'],
    ['$.a === 1', '===', 'Only =='],
    ['$.a =~ /x/', '=~', 'Only =='],
    [`$${'.a'.repeat(51)}`, `$${'.a'.repeat(51)}`, 'at most 50'],
  ])('says what is wrong with %s', (filter, marked, message) => {
    const problem = problemOf(filter)
    expect(filter.slice(problem.start, problem.end)).toBe(marked)
    expect(problem.message).toMatch(new RegExp(message.replaceAll(/[[\]()+.]/g, '\\$&')))
  })

  it('bounds length and nesting', () => {
    expect(parseFilter('a'.repeat(maxFilterLength)).ok).toBe(true)
    expect(problemOf('a'.repeat(maxFilterLength + 5))).toEqual({
      message: 'A filter has at most 1000 characters; this one has 1005. Shorten it.',
      start: 1000,
      end: 1005,
    })
    const nested = (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`
    expect(parseFilter(nested(maxFilterDepth)).ok).toBe(true)
    expect(problemOf(nested(maxFilterDepth + 1))).toMatchObject({ start: 50, end: 51 })
    expect(problemOf('not '.repeat(200) + 'a').message).toContain('nested more than 50')
    expect(parseFilter('(a) '.repeat(200)).ok).toBe(true)
  })

  it('reads back what was printed', () => {
    fc.assert(
      fc.property(filterNode, (node) => {
        expect(parsed(printFilter(node))).toEqual(withoutSpans(node))
      }),
      { numRuns: 500 },
    )
  })

  it('never throws, and points into the text', () => {
    const pieces = fc.constantFrom(
      ...'( ) " / - $ . .. [ ] * \\ , : > >= = != ~ not and or size time since: type: dir: 1k 12:00 a'.split(
        ' ',
      ),
      ' ',
    )
    const mutated = fc
      .tuple(filterNode, fc.nat(), pieces, fc.nat(2))
      .map(([node, at, piece, cut]) => {
        const filter = printFilter(node)
        const place = at % (filter.length + 1)
        return filter.slice(0, place) + piece + filter.slice(place + cut)
      })
    const anything = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
      mutated,
    )
    fc.assert(
      fc.property(anything, (filter) => {
        const result = parseFilter(filter)
        const { start, end } = result.ok ? (result.node ?? { start: 0, end: 0 }) : result.problem
        expect(start).toBeGreaterThanOrEqual(0)
        expect(end).toBeGreaterThanOrEqual(start)
        expect(end).toBeLessThanOrEqual(filter.length)
        if (!result.ok) expect(result.problem.message).toMatch(/\.$/)
      }),
      { numRuns: 3000 },
    )
  })
})
