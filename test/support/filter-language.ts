import fc from 'fast-check'
import { directions, rowKinds } from '@shared/model/frame'
import type { FilterRow } from '@shared/filter/compile'
import { frameTraits, numberFields, type FilterNode, type PathStep } from '@shared/filter/node'

/** Filters, rows and an evaluator that is slow and plain, to hold the fast one against. */

const utf8 = new TextEncoder()
const span = { start: 0, end: 0 }

const words = ['price', 'TRADE', 'straße', 'ΟΔΟΣ', 'k', '42', 'ı', 'x', 'über', '日本', '-5']

/** Characters that take as many bytes in upper case as in lower, that do not, and that are several. */
const characters = [
  ...'skiInt\u212aſßẞİıŉﬁﬃﬆåÅ\u212bΣσςΐᾳιаАрРѐС\u1c83ṡẛẘ𐐨𐐀日€😀 ',
  '\u0301',
  '\u0307',
]

/** Words and texts of few characters, each of which may be another of the same folded form. */
export const foldedText = fc.string({ unit: fc.constantFrom(...characters), maxLength: 12 })
export const foldedWord = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: 4 }),
  },
  fc.constantFrom('\ufffd', '\ud83d', 's\ufffd'),
)

/** A text in UTF-8 that may be cut anywhere and have other bytes in it. */
export const foldedBytes = fc
  .tuple(
    fc.array(fc.oneof({ weight: 5, arbitrary: foldedText }, fc.uint8Array({ maxLength: 2 })), {
      maxLength: 4,
    }),
    fc.nat(3),
    fc.nat(3),
  )
  .map(([parts, start, end]) => {
    const bytes = Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? utf8.encode(part) : part)),
    )
    return new Uint8Array(bytes.subarray(start, Math.max(start, bytes.length - end)))
  })
const names = ['price', 'type', 'id', 'a b', 'größe', '__proto__', 'x']
const numbers = ['0', '1', '-1', '42', '42.5', '1e2', '9007199254740993', '9007199254740992', '0.1']
const texts = ['trade', 'Trade', 'a"b', 'ü', '42', '']

const step: fc.Arbitrary<PathStep> = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.constantFrom(...names).map((name) => ({ kind: 'name' as const, name })),
      },
      fc.integer({ min: -2, max: 2 }).map((index) => ({ kind: 'index' as const, index })),
      fc.constant({ kind: 'all' as const }),
    ),
  )
  .map(([deep, selector]) => ({ deep, ...selector }))

const value = fc.oneof(
  fc.constantFrom(...texts).map((text) => ({ kind: 'text' as const, text })),
  fc.constantFrom(...numbers).map((text) => ({ kind: 'number' as const, text })),
  fc
    .constantFrom(true, false, null)
    .map((literal) => ({ kind: 'literal' as const, value: literal })),
)
const comparison = fc.constantFrom('==', '!=', '<', '<=', '>', '>=')
const order = fc.constantFrom('<', '<=', '>', '>=')
const regex = fc.record({
  pattern: fc.constantFrom('pri.e', '^\\{', '[/a]b', 'ß|ü', '\\d{2,}'),
  flags: fc.constantFrom('', 'i', 'u', 'imsu'),
})

const leaf: fc.Arbitrary<FilterNode> = fc.oneof(
  fc
    .oneof(fc.constantFrom(...words, 'two words'), foldedWord)
    .map((text) => ({ kind: 'text' as const, text, ...span })),
  regex.map((parts) => ({ kind: 'regex' as const, ...parts, source: '', ...span })),
  fc
    .tuple(
      fc.array(step, { maxLength: 3 }),
      fc.option(
        fc.oneof(
          fc.record({ kind: fc.constant('compare'), operator: comparison, value }),
          fc.record({
            kind: fc.constant('contains'),
            text: fc.constantFrom('tra', '4', 'RUE', 'ü'),
          }),
          regex.map((parts) => ({ kind: 'matches' as const, ...parts })),
        ),
      ),
    )
    .map(([steps, test]) => ({ kind: 'path', steps, test, source: '', ...span }) as FilterNode),
  fc
    .subarray([...directions], { minLength: 1 })
    .map((values) => ({ kind: 'direction' as const, values, ...span })),
  fc
    .subarray([...rowKinds], { minLength: 1 })
    .map((values) => ({ kind: 'type' as const, values, ...span })),
  fc
    .subarray([...frameTraits], { minLength: 1 })
    .map((values) => ({ kind: 'frame' as const, values, ...span })),
  fc
    .tuple(
      fc.constantFrom(...numberFields),
      comparison,
      fc.constantFrom(0, 1, 2, 3, 20, 1000, 1006),
    )
    .map(
      ([field, operator, number]) =>
        ({ kind: 'number', field, operator, value: number, ...span }) as FilterNode,
    ),
  fc
    .tuple(fc.constantFrom('session', 'close'), fc.subarray([1, 2, 1000, 1006], { minLength: 1 }))
    .map(([field, values]) => ({ kind: 'number list', field, values, ...span }) as FilterNode),
  fc.tuple(order, fc.nat(3_000_000)).map(
    ([operator, clock]) =>
      ({
        kind: 'time',
        operator,
        moment: { day: { year: 1970, month: 1, day: 1 }, clock, offset: 0 },
        ...span,
      }) as FilterNode,
  ),
  fc
    .constantFrom(1, 500, 1000, 1500)
    .map((duration) => ({ kind: 'since' as const, duration, ...span })),
)

/** Filters of every kind, groups not within groups of their own kind. */
export const filterNode: fc.Arbitrary<FilterNode> = fc.letrec<{ node: FilterNode }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    tie('node').map((child) => ({ kind: 'not' as const, child, ...span })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 4 }))
      .map(([kind, children]) => ({
        kind,
        children: children.flatMap((child) => (child.kind === kind ? child.children : [child])),
        ...span,
      })) as fc.Arbitrary<FilterNode>,
  ),
})).node

const jsonText = fc
  .tuple(
    fc.constantFrom(...names),
    fc.constantFrom(
      ...numbers,
      '"trade"',
      '"42"',
      '"\\u0074rade"',
      'true',
      'null',
      '[1,[2]]',
      '{"x":42}',
    ),
    fc.constantFrom(...names),
    fc.constantFrom('1.0', '"ü"', '{"price":[9007199254740992]}', '[{"type":"trade"},42]'),
  )
  .map(([a, x, b, y]) => `{${JSON.stringify(a)}:${x}, ${JSON.stringify(b)} : ${y}}`)

const content = fc.oneof(
  jsonText,
  jsonText.map((text) => `[${text},-1]`),
  jsonText.map((text) => text.slice(0, -1)),
  fc
    .array(fc.constantFrom(...words, 'STRASSE', 'οδος', 'K', 'I', ' ', '{"', '\ufeff'), {
      maxLength: 6,
    })
    .map((parts) => parts.join('')),
)

/** Rows with payloads that the filters above have a chance with. */
export const filterRow: fc.Arbitrary<FilterRow> = fc.record({
  id: fc.nat(),
  session: fc.integer({ min: 1, max: 3 }),
  time: fc.nat(3_000_000).map((microseconds) => microseconds / 1000),
  direction: fc.constantFrom(...directions),
  kind: fc.constantFrom(...rowKinds),
  size: fc.constantFrom(0, 1, 20, 999, 1000, 2000),
  wireSize: fc.constantFrom(0, 1, 10, 1000),
  fragments: fc.nat(3),
  compressed: fc.boolean(),
  masked: fc.boolean(),
  broken: fc.boolean(),
  closeCode: fc.constantFrom(null, 1000, 1006),
  payload: fc.oneof(
    content.map((text) => utf8.encode(text)),
    foldedBytes,
    fc.uint8Array({ maxLength: 12 }),
  ),
})

/** Writes a filter as text, with more parentheses than needed. */
export function printFilter(node: FilterNode): string {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.children
        .map((child) =>
          ['and', 'or'].includes(child.kind) ? `(${printFilter(child)})` : printFilter(child),
        )
        .join(node.kind === 'and' ? ' ' : ' or ')
    case 'not':
      return ['and', 'or'].includes(node.child.kind)
        ? `not (${printFilter(node.child)})`
        : `not ${printFilter(node.child)}`
    case 'text':
      return JSON.stringify(node.text)
    case 'regex':
      return `/${node.pattern}/${node.flags}`
    case 'path':
      return printPath(node)
    case 'direction':
      return `dir:${node.values.join(',')}`
    case 'type':
    case 'frame':
      return `${node.kind}:${node.values.join(',')}`
    case 'number':
      return `${node.field} ${node.operator} ${node.value}`
    case 'number list':
      return `${node.field}:${node.values.join(',')}`
    case 'time': {
      const { clock } = node.moment
      return `time${node.operator}1970-01-01T00:00:${String(Math.floor(clock / 1e6)).padStart(2, '0')}.${String(clock % 1e6).padStart(6, '0')}Z`
    }
    case 'since':
      return `since:${node.duration}ms`
  }
}

function printPath(node: Extract<FilterNode, { kind: 'path' }>): string {
  const steps = node.steps.map((item) => {
    const dots = item.deep ? '..' : ''
    if (item.kind === 'all') return `${dots}[*]`
    return `${dots}[${item.kind === 'name' ? JSON.stringify(item.name) : item.index}]`
  })
  const path = `$${steps.join('')}`
  const { test } = node
  if (test === null) return path
  if (test.kind === 'matches') return `${path} ~ /${test.pattern}/${test.flags}`
  if (test.kind === 'contains') return `${path} ~ ${JSON.stringify(test.text)}`
  const { value: expected } = test
  const text =
    expected.kind === 'text'
      ? JSON.stringify(expected.text)
      : expected.kind === 'number'
        ? expected.text
        : String(expected.value)
  return `${path} ${test.operator} ${text}`
}

/** Whether a row passes, worked out term by term from docs/filter-language.md. */
export function passesNaively(node: FilterNode, row: FilterRow, now: number): boolean {
  switch (node.kind) {
    case 'and':
      return node.children.every((child) => passesNaively(child, row, now))
    case 'or':
      return node.children.some((child) => passesNaively(child, row, now))
    case 'not':
      return !passesNaively(node.child, row, now)
    case 'text':
      return contains(textOf(row), node.text)
    case 'regex':
      return new RegExp(node.pattern, node.flags).test(textOf(row))
    case 'path':
      return passesPath(node, textOf(row))
    case 'direction':
      return node.values.includes(row.direction)
    case 'type':
      return node.values.includes(row.kind)
    case 'frame':
      return node.values.some(
        (trait) =>
          ({
            fragmented: row.fragments > 1,
            compressed: row.compressed,
            invalid: row.broken,
            masked: row.masked,
          })[trait],
      )
    case 'number':
      return compares(numberOf(row, node.field), node.operator, node.value)
    case 'number list':
      return node.values.some((number) => compares(numberOf(row, node.field), '==', number))
    case 'time':
      return compares(Math.round(row.time * 1000), node.operator, node.moment.clock)
    case 'since':
      return row.time >= now - node.duration
  }
}

function textOf(row: FilterRow): string {
  const bytes = row.kind === 'close' ? row.payload.slice(2) : row.payload
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
}

/** Character by character, so that what depends on neighbours cannot matter. */
export function contains(text: string, sought: string): boolean {
  const folded = (part: string) =>
    [...part].map((one) => one.toLowerCase().toUpperCase().toLowerCase().replace('ς', 'σ')).join('')
  return folded(text).includes(folded(sought))
}

function numberOf(row: FilterRow, field: (typeof numberFields)[number]): number | null {
  switch (field) {
    case 'wire':
      return row.wireSize
    case 'ratio':
      return row.wireSize === 0 ? null : row.size / row.wireSize
    case 'close':
      return row.closeCode
    default:
      return row[field]
  }
}

function compares(left: number | null, operator: string, right: number): boolean {
  if (left === null) return false
  if (operator === '==') return left === right
  if (operator === '!=') return left !== right
  if (operator === '<') return left < right
  if (operator === '<=') return left <= right
  return operator === '>' ? left > right : left >= right
}

/** A JSON value with its numbers as written. */
type Parsed =
  | string
  | boolean
  | null
  | { readonly number: string }
  | { readonly array: readonly Parsed[] }
  | { readonly object: ReadonlyMap<string, Parsed> }

function passesPath(node: Extract<FilterNode, { kind: 'path' }>, text: string): boolean {
  let values: Parsed[]
  try {
    JSON.parse(text)
    values = [parseJson(text)]
  } catch {
    return false
  }
  for (const item of node.steps) {
    if (item.deep) values = values.flatMap(selfAndBelow)
    values = values.flatMap((parent) => {
      if (item.kind === 'all') return childrenOf(parent)
      if (typeof parent !== 'object' || parent === null) return []
      if (item.kind === 'index')
        return 'array' in parent ? present(parent.array.at(item.index)) : []
      return 'object' in parent ? present(parent.object.get(item.name)) : []
    })
  }
  return values.some((selected) => passesTest(selected, node.test))
}

function present(child: Parsed | undefined): Parsed[] {
  return child === undefined ? [] : [child]
}

function childrenOf(parent: Parsed): readonly Parsed[] {
  if (typeof parent !== 'object' || parent === null) return []
  if ('array' in parent) return parent.array
  return 'object' in parent ? [...parent.object.values()] : []
}

function selfAndBelow(parent: Parsed): Parsed[] {
  return [parent, ...childrenOf(parent).flatMap(selfAndBelow)]
}

function passesTest(
  selected: Parsed,
  test: Extract<FilterNode, { kind: 'path' }>['test'],
): boolean {
  if (test === null) return true
  const number =
    typeof selected === 'object' && selected !== null && 'number' in selected
      ? selected.number
      : undefined
  if (test.kind !== 'compare') {
    const text =
      number ?? (typeof selected === 'object' && selected !== null ? undefined : String(selected))
    if (text === undefined) return false
    return test.kind === 'contains'
      ? contains(text, test.text)
      : new RegExp(test.pattern, test.flags).test(text)
  }
  const { operator, value: expected } = test
  if (expected.kind === 'number') {
    const written =
      operator === '==' ||
      operator === '!=' ||
      typeof selected !== 'string' ||
      !/^-?\d+(\.\d+)?(e\d+)?$/.test(selected)
        ? number
        : selected
    if (written === undefined) return operator === '!='
    const [a, b] = [scaled(written), scaled(expected.text)]
    return compares(a < b ? -1 : a > b ? 1 : 0, operator, 0)
  }
  const literal = expected.kind === 'text' ? expected.text : expected.value
  if (operator === '==') return selected === literal
  if (operator === '!=') return selected !== literal
  if (typeof selected !== 'string' || typeof literal !== 'string') return false
  return compares(selected < literal ? -1 : selected > literal ? 1 : 0, operator, 0)
}

/** A short decimal times 10^20. */
function scaled(text: string): bigint {
  const [, whole = '', fraction = '', exponent = '0'] =
    /^(-?\d+)(?:\.(\d+))?(?:e(\d+))?$/.exec(text) ?? []
  return BigInt(whole + fraction.padEnd(20, '0')) * 10n ** BigInt(exponent)
}

/** Parses JSON that is known to be valid. */
function parseJson(text: string): Parsed {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let at = 0
  const read = (): Parsed => {
    const token = tokens[at++] ?? ''
    if (token === '[') {
      const array: Parsed[] = []
      while (tokens[at] !== ']') {
        array.push(read())
        if (tokens[at] === ',') at += 1
      }
      at += 1
      return { array }
    }
    if (token === '{') {
      const object = new Map<string, Parsed>()
      while (tokens[at] !== '}') {
        const name = JSON.parse(tokens[at] ?? '') as string
        at += 2
        object.set(name, read())
        if (tokens[at] === ',') at += 1
      }
      at += 1
      return { object }
    }
    if (/^[-\d]/.test(token)) return { number: token }
    return JSON.parse(token) as Parsed
  }
  return read()
}
