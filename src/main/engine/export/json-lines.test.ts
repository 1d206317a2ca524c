import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowKinds, type Row } from '@shared/model/frame'
import { jsonLine, jsonLinePieces, type JsonLine } from './json-lines'

const utf8 = new TextEncoder()

function rowOf(row: Partial<Row> = {}): Row {
  return {
    id: 7,
    session: 1,
    time: Date.UTC(2026, 10, 23, 8, 30, 5, 120) + 0.456,
    direction: 'in',
    kind: 'text',
    size: 0,
    wireSize: 7,
    fragments: 1,
    compressed: false,
    fate: null,
    preview: '',
    previewCut: false,
    closeCode: null,
    rtt: null,
    broken: null,
    ...row,
  }
}

const parse = (line: string) => JSON.parse(line) as JsonLine

describe('jsonLine', () => {
  it('writes a text message', () => {
    const payload = utf8.encode('{"a":"ü\n"}')
    expect(parse(jsonLine(rowOf({ size: payload.byteLength }), payload))).toEqual({
      id: 7,
      session: 1,
      time: '2026-11-23T08:30:05.120456Z',
      timestamp: Date.UTC(2026, 10, 23, 8, 30, 5, 120) + 0.456,
      direction: 'in',
      type: 'text',
      size: payload.byteLength,
      wireSize: 7,
      fragments: 1,
      compressed: false,
      fate: null,
      text: '{"a":"ü\n"}',
    })
  })

  it('writes a close frame with its code, its reason and its bytes', () => {
    const payload = Uint8Array.of(0x03, 0xe8, ...utf8.encode('bye'))
    expect(parse(jsonLine(rowOf({ kind: 'close', closeCode: 1000 }), payload))).toMatchObject({
      closeCode: 1000,
      reason: 'bye',
      base64: Buffer.from(payload).toString('base64'),
    })
  })

  it('writes the round-trip time and the broken rule when there are any', () => {
    const broken = { rule: 'A rule', section: 'RFC 6455 section 5.5' }
    const line = parse(jsonLine(rowOf({ kind: 'pong', rtt: 1.5, broken }), new Uint8Array(0)))
    expect(line).toMatchObject({ rtt: 1.5, broken, base64: '' })
    expect(parse(jsonLine(rowOf(), new Uint8Array(0)))).not.toHaveProperty('rtt')
  })

  it('keeps a byte order mark and writes a text that is not UTF-8 as base64', () => {
    expect(parse(jsonLine(rowOf(), utf8.encode('\ufeffx'))).text).toBe('\ufeffx')
    expect(parse(jsonLine(rowOf(), Uint8Array.of(0xff))).base64).toBe('/w==')
  })

  it('is one line of JSON that gives back every byte', () => {
    const payloads = fc.oneof(
      fc.uint8Array({ maxLength: 100 }),
      fc.string({ unit: 'binary' }).map((text) => utf8.encode(text)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...rowKinds), payloads, (kind, payload) => {
        const line = jsonLine(rowOf({ kind }), payload)
        expect(line).not.toContain('\n')
        const { text, base64 } = parse(line)
        expect((text === undefined) !== (base64 === undefined)).toBe(true)
        const bytes = text === undefined ? Buffer.from(base64 ?? '', 'base64') : utf8.encode(text)
        expect([...bytes]).toEqual([...payload])
      }),
    )
  })

  it.each([
    ['text', 'aü日😀'.repeat(100_000), true],
    ['text', 'x'.repeat(1_000_000), true],
    ['binary', 'ü'.repeat(300_001), false],
  ] as const)('splits a long %s payload without a trace', (kind, text, asText) => {
    const payload = utf8.encode(text)
    const pieces = [...jsonLinePieces(rowOf({ kind }), payload)]
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(4)
    const line = parse(pieces.join(''))
    if (asText) expect(line.text).toBe(text)
    else expect(Buffer.from(line.base64 ?? '', 'base64').equals(payload)).toBe(true)
  })

  it('writes a long text whose end is not UTF-8 as base64', () => {
    const payload = new Uint8Array(700_000).fill(0x61)
    payload[699_999] = 0xc3
    const line = parse(jsonLine(rowOf(), payload))
    expect(line.text).toBeUndefined()
    expect(Buffer.from(line.base64 ?? '', 'base64').equals(payload)).toBe(true)
  })
})
