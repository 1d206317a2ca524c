import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkJson, formatJson, looksLikeJson } from './json-text'

/** Tokens as they are written, without white space outside strings. */
function tokensOf(text: string): string[] {
  return text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
}

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** JSON with white space strewn between its tokens. */
const looseJson = fc
  .tuple(
    fc.jsonValue({ maxDepth: 4 }),
    fc.infiniteStream(fc.constantFrom('', ' ', '\n', '\t', '\r\n')),
  )
  .map(([value, spaces]) =>
    tokensOf(JSON.stringify(value))
      .map((token) => token + String(spaces.next().value))
      .join(''),
  )

describe('checkJson', () => {
  it.each([
    'null',
    '0',
    '-1.5e+10',
    '""',
    '[]',
    '{}',
    ' {"a":[1,{"b":"\\u00e9"}]} \r\n',
    '"\\ud800"',
  ])('accepts %s', (text) => {
    expect(checkJson(text)).toBeNull()
  })

  it.each([
    ['', 'The text is empty; a JSON value is expected.', 1, 1],
    [' \n ', 'The text is empty; a JSON value is expected.', 2, 2],
    ['[1,]', 'JSON allows no comma before ].', 1, 3],
    ['{"a":1,\n}', 'JSON allows no comma before }.', 1, 7],
    ['[1 2]', 'Expected a comma or ] here.', 1, 4],
    ['{"a" 1}', 'Expected a colon here.', 1, 6],
    ['{"a":}', 'Expected a value here.', 1, 6],
    ['{,}', 'Expected a key in double quotes or } here.', 1, 2],
    ['[,1]', 'Expected a value or ] here.', 1, 2],
    ['[1}', 'Expected a comma or ] here.', 1, 3],
    ['{"a":1', 'The text ends too early: expected a comma or }.', 1, 7],
    ['{"a":1}\n{"b":2}', 'Something follows the end of the JSON value.', 2, 1],
    ['01', 'Something follows the end of the JSON value.', 1, 2],
    ['{a:1}', '“a” is not JSON.', 1, 2],
    ["{'a':1}", "“'a'” is not JSON.", 1, 2],
    ['[undefined]', '“undefined” is not JSON.', 1, 2],
    ['1.', '“1.” is not a complete number.', 1, 1],
    ['{"a":1} // why', 'JSON allows no comments.', 1, 9],
    ['[1,\n /* why */ 2]', 'JSON allows no comments.', 2, 2],
    ['"open', 'The string is not closed on its line.', 1, 1],
    ['["a\nb"]', 'The string is not closed on its line.', 1, 2],
    ['"a\tb"', 'U+0009 must be escaped inside a string.', 1, 3],
    ['"a\\xb"', '“\\x” is not an escape that JSON knows.', 1, 3],
    ['"\\\\\\q"', '“\\q” is not an escape that JSON knows.', 1, 4],
    ['"a\\u12"', '“\\u12” is not an escape that JSON knows.', 1, 3],
    ['\ufeff{}', 'U+FEFF is not JSON.', 1, 1],
    ['[1]\r\n\r\n!', '“!” is not JSON.', 3, 1],
  ])('says what is wrong with %j', (text, message, line, column) => {
    expect(checkJson(text)).toMatchObject({ message, line, column })
  })

  it('accepts nesting of any depth', () => {
    const depth = 100_000
    expect(checkJson('['.repeat(depth) + ']'.repeat(depth))).toBeNull()
  })

  it('agrees with JSON.parse about what is JSON', () => {
    const mutated = fc
      .tuple(
        looseJson,
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '0', '\\', ' ', 'e', '\0'),
      )
      .map(([text, at, insert]) => {
        const place = at % (text.length + 1)
        return text.slice(0, place) + insert + text.slice(place + (at % 2))
      })
    fc.assert(
      fc.property(fc.oneof(looseJson, mutated, fc.string()), (text) => {
        expect(checkJson(text) === null).toBe(parses(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('formatJson', () => {
  it('lays out with two spaces and keeps every token as written', () => {
    const text = '{"b":12345678901234567890,"a":[],"b":{"x":"\\u00e9\\/"},"1":[1.0,{}],"0":-0}'
    expect(formatJson(text)).toBe(
      [
        '{',
        '  "b": 12345678901234567890,',
        '  "a": [],',
        '  "b": {',
        '    "x": "\\u00e9\\/"',
        '  },',
        '  "1": [',
        '    1.0,',
        '    {}',
        '  ],',
        '  "0": -0',
        '}',
      ].join('\n'),
    )
  })

  it('returns what is not JSON unchanged', () => {
    expect(formatJson('[1,]  ')).toBe('[1,]  ')
  })

  it('keeps the text of deep nesting in proportion', () => {
    const text = '['.repeat(5000) + ']'.repeat(5000)
    expect(formatJson(text).length).toBeLessThan(5000 * 2 * 402)
  })

  it('keeps the sequence of tokens and the value', () => {
    fc.assert(
      fc.property(looseJson, (text) => {
        const formatted = formatJson(text)
        expect(tokensOf(formatted)).toEqual(tokensOf(text))
        expect(JSON.parse(formatted)).toEqual(JSON.parse(text))
        expect(formatJson(formatted)).toBe(formatted)
      }),
    )
  })

  it('lays out as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(formatJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2))
      }),
    )
  })
})

describe('looksLikeJson', () => {
  it.each([' {"a":1}\n', '[]', '[x]'])('sees brackets around %j', (text) => {
    expect(looksLikeJson(text)).toBe(true)
  })

  it.each(['', ' ', '{', '[}', '1', '"a"', 'GET {}'])('sees none around %j', (text) => {
    expect(looksLikeJson(text)).toBe(false)
  })
})
