import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyDraft, type Draft } from './connection'
import {
  encodeDraft,
  formatBase64,
  formatHex,
  hexDump,
  parseBase64,
  parseHex,
  type ParsedBytes,
} from './payload-format'

const anyBytes = fc.uint8Array({ maxLength: 10_000, size: 'max' })

function bytesOf(parsed: ParsedBytes): number[] {
  if (!parsed.ok) throw new Error(parsed.message)
  return Array.from(parsed.bytes)
}

describe('parseHex', () => {
  it.each([
    ['', []],
    ['deadBEEF', [0xde, 0xad, 0xbe, 0xef]],
    ['de ad\nbe\tef\r\n', [0xde, 0xad, 0xbe, 0xef]],
    ['0xde, 0xAD,0Xbeef', [0xde, 0xad, 0xbe, 0xef]],
    ['00', [0]],
  ])('reads %j', (text, expected) => {
    expect(bytesOf(parseHex(text))).toEqual(expected)
  })

  it.each([
    ['abc', 'A byte needs two hex digits; this one has one.', 2, 1, 3],
    ['aa\nb cc', 'A byte needs two hex digits; this one has one.', 3, 2, 1],
    ['aa\r\nbb xg', '“x” is not a hex digit.', 7, 2, 4],
    ['a-', '“-” is not a hex digit.', 1, 1, 2],
    ['aa\u00a0', 'U+00A0 is not a hex digit.', 2, 1, 3],
    ['aa 😀', '“😀” is not a hex digit.', 3, 1, 4],
    ['0x', 'Hex digits are missing after 0x.', 0, 1, 1],
    ['aa 0x bb', 'Hex digits are missing after 0x.', 3, 1, 4],
    ['0x1', 'A byte needs two hex digits; this one has one.', 2, 1, 3],
  ])('says what is wrong with %j', (text, message, offset, line, column) => {
    expect(parseHex(text)).toEqual({ ok: false, message, offset, line, column })
  })

  it('reads what formatHex wrote', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = formatHex(bytes)
        expect(text).toBe(
          Buffer.from(bytes)
            .toString('hex')
            .replace(/..(?!$)/g, '$& '),
        )
        expect(bytesOf(parseHex(text))).toEqual(Array.from(bytes))
      }),
    )
  })

  it('fails or reads any text without throwing', () => {
    const text = fc.string({ unit: fc.constantFrom('0', 'x', 'a', 'F', ' ', ',', '\n', 'g') })
    fc.assert(
      fc.property(text, (value) => {
        const parsed = parseHex(value)
        if (parsed.ok)
          expect(formatHex(parsed.bytes).replaceAll(' ', '')).toBe(
            value.replace(/0x|[\s,]/gi, '').toLowerCase(),
          )
        else expect(parsed.offset).toBeLessThan(value.length)
      }),
    )
  })
})

describe('parseBase64', () => {
  it.each([
    ['', []],
    ['3q2+7w==', [0xde, 0xad, 0xbe, 0xef]],
    ['3q2-7w', [0xde, 0xad, 0xbe, 0xef]],
    [' 3q2+\r\n7w = =\n', [0xde, 0xad, 0xbe, 0xef]],
    ['__8', [0xff, 0xff]],
  ])('reads %j', (text, expected) => {
    expect(bytesOf(parseBase64(text))).toEqual(expected)
  })

  it.each([
    ['ab!c', '“!” is not a base64 character.', 2, 1, 3],
    ['abcd\né', '“é” is not a base64 character.', 5, 2, 1],
    ['abcda', 'The end is cut off: one character alone makes no byte.', 4, 1, 5],
    ['ab==cd', 'The padding = may stand only at the end.', 2, 1, 3],
    ['QQ=', 'The padding is wrong: two = belongs here, not 1. It may also be left out.', 2, 1, 3],
    ['abcd=', 'The padding is wrong: none belongs here, not 1. It may also be left out.', 4, 1, 5],
    ['QR', '“R” carries bits that belong to no byte; the end may be cut off.', 1, 1, 2],
  ])('says what is wrong with %j', (text, message, offset, line, column) => {
    expect(parseBase64(text)).toEqual({ ok: false, message, offset, line, column })
  })

  it('reads what formatBase64 wrote, in either alphabet, padded or not', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const text = formatBase64(bytes)
        expect(text).toBe(Buffer.from(bytes).toString('base64'))
        expect(bytesOf(parseBase64(text))).toEqual(Array.from(bytes))
        const urlSafe = Buffer.from(bytes).toString('base64url')
        expect(bytesOf(parseBase64(urlSafe))).toEqual(Array.from(bytes))
      }),
    )
  })
})

describe('hexDump', () => {
  it('shows sixteen bytes a line in two groups, with their text', () => {
    const bytes = new TextEncoder().encode('Hello, World! 0123é')
    expect(hexDump(bytes, 32)).toEqual([
      {
        offset: 32,
        groups: ['48 65 6c 6c 6f 2c 20 57', '6f 72 6c 64 21 20 30 31'],
        ascii: 'Hello, World! 01',
      },
      { offset: 48, groups: ['32 33 c3 a9'], ascii: '23..' },
    ])
  })

  it('shows nothing for no bytes', () => {
    expect(hexDump(new Uint8Array())).toEqual([])
  })
})

describe('encodeDraft', () => {
  const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft(), ...change })

  it('encodes text and JSON byte for byte as text frames', () => {
    const text = '{"é":\r\n 1.0}'
    const bytes = new TextEncoder().encode(text)
    expect(encodeDraft(draft({ format: 'text', text }))).toEqual({
      ok: true,
      opcode: 'text',
      bytes,
    })
    expect(encodeDraft(draft({ format: 'json', text }))).toEqual({
      ok: true,
      opcode: 'text',
      bytes,
    })
  })

  it('encodes hex and base64 as the frame chosen', () => {
    const bytes = Uint8Array.of(0x41)
    expect(encodeDraft(draft({ format: 'hex', hex: '41' }))).toEqual({
      ok: true,
      opcode: 'binary',
      bytes,
    })
    expect(encodeDraft(draft({ format: 'base64', base64: 'QQ', opcode: 'text' }))).toEqual({
      ok: true,
      opcode: 'text',
      bytes,
    })
  })

  it('says where the draft is wrong', () => {
    expect(encodeDraft(draft({ format: 'json', text: '{\n"a":}' }))).toMatchObject({
      ok: false,
      line: 2,
      column: 5,
    })
    expect(encodeDraft(draft({ format: 'hex', hex: '4' }))).toMatchObject({ ok: false, offset: 0 })
  })

  it('refuses half a character, which has no UTF-8', () => {
    expect(encodeDraft(draft({ format: 'text', text: 'a😀\ud83d' }))).toMatchObject({
      ok: false,
      offset: 3,
    })
  })

  it('leaves files to their chunks', () => {
    expect(encodeDraft(draft({ format: 'file' }))).toMatchObject({ ok: false })
  })
})
