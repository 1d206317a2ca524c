import { describe, expect, it } from 'vitest'
import type { ExportedRow } from './exported-row'
import { jsonLine, jsonLinePieces, type JsonLine } from './json-lines'

const utf8 = new TextEncoder()

function exportedRow(
  payload: Uint8Array,
  row: Partial<ExportedRow['row']> = {},
  rest: Partial<ExportedRow> = {},
): ExportedRow {
  return {
    row: {
      id: 7,
      session: 1,
      time: Date.UTC(2026, 10, 23, 8, 30, 5, 120) + 0.456,
      direction: 'in',
      kind: 'text',
      size: payload.byteLength,
      wireSize: 7,
      fragments: 1,
      compressed: false,
      fate: null,
      preview: '',
      previewCut: false,
      closeCode: null,
      rtt: null,
      broken: null,
      note: null,
      ...row,
    },
    session: { number: 1, role: 'client', url: '', peer: '', local: '' },
    payload,
    frames: [],
    raw: null,
    ...rest,
  }
}

const parse = (line: string) => JSON.parse(line) as JsonLine

describe('jsonLine', () => {
  it('writes a text message', () => {
    const payload = utf8.encode('{"a":"ü\n"}')
    const time = Date.UTC(2026, 10, 23, 8, 30, 5, 120) + 0.456
    const frames = [{ header: Uint8Array.of(0x81, 5), payloadLength: 5, time }]
    expect(parse(jsonLine(exportedRow(payload, { note: '' }, { frames })))).toEqual({
      id: 7,
      session: 1,
      time: '2026-11-23T08:30:05.120456Z',
      timestamp: time,
      direction: 'in',
      type: 'text',
      size: payload.byteLength,
      wireSize: 7,
      fragments: 1,
      compressed: false,
      fate: null,
      header: '8105',
      note: '',
      text: '{"a":"ü\n"}',
    })
  })

  it('writes a close frame with its code, its reason and its bytes', () => {
    const payload = Uint8Array.of(0x03, 0xe8, ...utf8.encode('bye'))
    expect(parse(jsonLine(exportedRow(payload, { kind: 'close', closeCode: 1000 })))).toMatchObject(
      {
        closeCode: 1000,
        reason: 'bye',
        base64: Buffer.from(payload).toString('base64'),
      },
    )
  })

  it('writes the round-trip time, the broken rule and its bytes when there are any', () => {
    const broken = { rule: 'A rule', section: 'RFC 6455 section 5.5' }
    const row = exportedRow(
      new Uint8Array(0),
      { kind: 'pong', rtt: 1.5, broken },
      { raw: Uint8Array.of(1) },
    )
    expect(parse(jsonLine(row))).toMatchObject({ rtt: 1.5, broken, raw: 'AQ==', base64: '' })
    expect(parse(jsonLine(exportedRow(new Uint8Array(0))))).not.toHaveProperty('rtt')
  })

  it('keeps a byte order mark and writes a text that is not UTF-8 as base64', () => {
    expect(parse(jsonLine(exportedRow(utf8.encode('\ufeffx')))).text).toBe('\ufeffx')
    expect(parse(jsonLine(exportedRow(Uint8Array.of(0xff)))).base64).toBe('/w==')
  })

  it.each([
    ['text', 'aü日😀'.repeat(100_000), true],
    ['text', 'x'.repeat(1_000_000), true],
    ['binary', 'ü'.repeat(300_001), false],
  ] as const)('splits a long %s payload without a trace', (kind, text, asText) => {
    const payload = utf8.encode(text)
    const pieces = [...jsonLinePieces(exportedRow(payload, { kind }))]
    expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(4)
    const line = parse(pieces.join(''))
    if (asText) expect(line.text).toBe(text)
    else expect(Buffer.from(line.base64 ?? '', 'base64').equals(payload)).toBe(true)
  })

  it('writes a long text whose end is not UTF-8 as base64', () => {
    const payload = new Uint8Array(700_000).fill(0x61)
    payload[699_999] = 0xc3
    const line = parse(jsonLine(exportedRow(payload)))
    expect(line.text).toBeUndefined()
    expect(Buffer.from(line.base64 ?? '', 'base64').equals(payload)).toBe(true)
  })
})
