import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  skimJson,
  skimmedDouble,
  skimmedNumber,
  skimmedText,
  skimSteps,
  type Skimmed,
} from './json-skim'
import type { PathStep } from './node'

const utf8 = new TextEncoder()

type Key = string | number

/** What a path selects: `undefined` for nothing, `'not JSON'`, or the value, containers as `{}`. */
function skimmed(bytes: Uint8Array, path: readonly Key[]): unknown {
  const steps = skimSteps(
    path.map((key): PathStep =>
      typeof key === 'string'
        ? { deep: false, kind: 'name', name: key }
        : { deep: false, kind: 'index', index: key },
    ),
  )
  const found: Skimmed = { kind: 'nothing', start: 0, end: 0 }
  if (!skimJson(bytes, steps ?? [], found)) return 'not JSON'
  if (found.kind === 'nothing') return undefined
  if (found.kind === 'container') return {}
  if (found.kind === 'string') return skimmedText(bytes, found)
  if (found.kind === 'number') {
    expect(skimmedDouble(bytes, found)).toBe(Number(skimmedNumber(bytes, found)))
    return skimmedDouble(bytes, found)
  }
  return JSON.parse(found.kind)
}

/** The same by JSON.parse. */
function parsed(bytes: Uint8Array, path: readonly Key[]): unknown {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  } catch {
    return 'not JSON'
  }
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value) !== (typeof key === 'number') || !Object.hasOwn(value, key))
      return undefined
    value = (value as Record<Key, unknown>)[key]
  }
  return typeof value === 'object' && value !== null ? {} : value
}

const keys = ['a', 'b', 'é', '', '__proto__'] as const
const path = fc.array(fc.oneof(fc.constantFrom(...keys), fc.nat(2)), { maxLength: 3 })
const pieces = fc.constantFrom(
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"a"',
  '"\\u0061"',
  '"b":',
  '\\',
  '1',
  '-',
  '0',
  '.',
  'e+',
  'true',
  'null',
  ' ',
  '\n',
  '\x01',
  '\u00e9',
  'u00',
)

/** JSON whose members often have names that are asked for, some of them twice. */
const json = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      '1',
      '-0.5e+3',
      'true',
      'false',
      'null',
      '"x"',
      '"\\n\\u00e9/"',
      '""',
      '01',
      '1.',
      '{}',
      '[]',
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(' ,')}]`),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('"a"', '"b"', '"\\u0061"', '"é"', '""', '"__proto__"'),
          tie('value'),
        ),
        { maxLength: 4 },
      )
      .map((members) => `{${members.map(([key, value]) => `${key} :${value}`).join(',')}}`),
  ),
})).value

describe('skimJson', () => {
  it.each([
    ['{"a":1,"a":2}', ['a'], 2],
    ['{"a":{"b":1},"a":{}}', ['a', 'b'], undefined],
    ['{"a":{"b":1},"a":2}', ['a', 'b'], undefined],
    ['{"\\u0061":"x"}', ['a'], 'x'],
    ['[[1],[2,[3]]]', [1, 1, 0], 3],
    ['{"x":{"a":1},"a":[{}, {"a":true}]}', ['a', 1, 'a'], true],
    ['{"a":1}{', ['a'], 'not JSON'],
    ['{"a":1', ['a'], 'not JSON'],
    ['[1,]', [0], 'not JSON'],
    ['"\\ud800"', [], '\ud800'],
    [' 7 ', [], 7],
    ['-0', [], -0],
    ['-123456789012345', [], -123456789012345],
    ['1234567890123456789', [], 1234567890123456800],
    ['123456789012345.5', [], 123456789012345.5],
    ['', [], 'not JSON'],
  ])('reads %s at %j', (text, at, expected) => {
    expect(skimmed(utf8.encode(text), at)).toEqual(expected)
  })

  it('goes through JSON of any depth', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(skimmed(utf8.encode(deep), [0, 0])).toEqual({})
    expect(skimmed(utf8.encode(deep.slice(1)), [0])).toBe('not JSON')
  })

  it('agrees with JSON.parse about any bytes', () => {
    const mutated = fc.tuple(json, fc.nat(), pieces, fc.nat(2)).map(([text, at, piece, cut]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + piece + text.slice(place + cut)
    })
    const text = fc.oneof(
      json,
      mutated,
      fc.array(pieces, { maxLength: 12 }).map((all) => all.join('')),
    )
    const bytes = fc.oneof(
      { weight: 5, arbitrary: text.map((one) => utf8.encode(one)) },
      // A byte that is no UTF-8 somewhere within.
      fc.tuple(json, fc.nat()).map(([one, at]) => {
        const broken = utf8.encode(one)
        broken[at % (broken.length + 1)] = 0xff
        return broken
      }),
    )
    fc.assert(
      fc.property(bytes, path, (one, at) => {
        expect(skimmed(one, at)).toEqual(parsed(one, at))
      }),
      { numRuns: 5000 },
    )
  })
})
