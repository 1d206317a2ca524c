import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteRange, moveFocus } from './byte-selection'
import { parseHandshake } from './handshake-heads'
import { layoutJson } from './json-layout'
import { decodePayload } from './payload-text'
import { prettyText } from './pretty-text'

describe('layoutJson', () => {
  it('keeps numbers, the order of keys, keys that occur twice and escapes as they were written', () => {
    const source = '{"10":1,"2":1.50,"a":12345678901234567890,"a":1e400,"s":"\\u0041\\n"}'
    expect(layoutJson(source).text).toBe(
      [
        '{',
        '  "10": 1,',
        '  "2": 1.50,',
        '  "a": 12345678901234567890,',
        '  "a": 1e400,',
        '  "s": "\\u0041\\n"',
        '}',
      ].join('\n'),
    )
  })

  it('keeps short lists of plain values on a line, and empty ones', () => {
    expect(layoutJson('{"a":[[1,2],[]],"b":{ }}').text).toBe(
      ['{', '  "a": [', '    [1, 2],', '    []', '  ],', '  "b": {}', '}'].join('\n'),
    )
  })

  it('means the same as before, whatever it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const { text } = layoutJson(JSON.stringify(value, null, indent))
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('adds and takes nothing but white space, also where the text is cut off', () => {
    const bare = (text: string) => text.replace(/[ \n]/g, '')
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(200), (value, length) => {
        const source = JSON.stringify(value).slice(0, length)
        expect(bare(layoutJson(source).text)).toBe(bare(source))
      }),
    )
  })

  it('folds long parts inside, never the whole, and each from its bracket to the closing one', () => {
    const item = { id: 1, tags: { a: 1 } }
    const source = JSON.stringify({
      list: Array.from({ length: 300 }, () => item),
      short: { a: 1 },
    })
    const { text, folds } = layoutJson(source)
    expect(folds).toHaveLength(1)
    for (const { from, to } of folds) {
      expect(text.slice(0, from)).toMatch(/"list": \[$/)
      expect(text.slice(to)).toMatch(/^\],\n {2}"short"/)
    }
  })

  it('does not grow quadratically with depth', () => {
    const { text } = layoutJson('[{"a":'.repeat(5_000))
    expect(text.length).toBeLessThan(2_500_000)
  })
})

describe('prettyText', () => {
  it('lays out JSON and leaves other text, and what only looks like JSON, alone', () => {
    expect(prettyText('{"a":1}', true)).toMatchObject({ language: 'json', text: '{\n  "a": 1\n}' })
    expect(prettyText('{not json}', true)).toEqual({
      language: 'text',
      text: '{not json}',
      folds: [],
    })
    expect(prettyText('hello', true).language).toBe('text')
  })

  it('lays out the start of a payload that goes on', () => {
    expect(prettyText('{"a":[{"b":', false).text).toBe('{\n  "a": [\n    {\n      "b": ')
  })
})

describe('decodePayload', () => {
  it('waits for the rest of a character where the payload goes on', () => {
    const cut = new TextEncoder().encode('naï').subarray(0, 3)
    expect(decodePayload(cut, false)).toEqual({ text: 'na', valid: true })
    expect(decodePayload(cut, true)).toEqual({ text: 'na\ufffd', valid: false })
  })

  it('keeps a byte order mark', () => {
    expect(decodePayload(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]), true).text).toBe('\ufeffa')
  })
})

describe('parseHandshake', () => {
  const request = 'GET /chat HTTP/1.1\r\nHost: a.example\r\nX-Twice: 1\r\nX-Twice: 2:3\r\n\r\n'
  const response = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'

  it('finds both heads and keeps repeated headers', () => {
    expect(parseHandshake(request + response)).toEqual({
      words: '',
      heads: [
        {
          startLine: 'GET /chat HTTP/1.1',
          headers: [
            ['Host', 'a.example'],
            ['X-Twice', '1'],
            ['X-Twice', '2:3'],
          ],
        },
        { startLine: 'HTTP/1.1 101 Switching Protocols', headers: [['Upgrade', 'websocket']] },
      ],
    })
  })

  it('finds nothing in other text', () => {
    expect(parseHandshake('Connected to somewhere')).toBeNull()
  })
})

describe('bytes in the hex view', () => {
  it('are chosen in either direction', () => {
    expect(byteRange({ anchor: 5, focus: 2, as: 'hex' })).toEqual({ from: 2, to: 6 })
  })

  it.each([
    ['ArrowRight', 10, 11],
    ['ArrowLeft', 0, 0],
    ['ArrowDown', 90, 99],
    ['PageUp', 90, 10],
    ['Home', 20, 16],
    ['End', 97, 99],
    ['x', 10, null],
  ])('move with %s from %d to %s', (key, from, to) => {
    expect(moveFocus(key, from, 100, 16, 5)).toBe(to)
  })
})
