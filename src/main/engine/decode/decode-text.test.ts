import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxDecodedBytes } from '@shared/model/decode'
import { DecodeFailure } from './decode-failure'
import { decodeBase64, decodeHex, decodeJson, decodeUtf16, decodeUtf8 } from './decode-text'
import { firstInvalidUtf8 } from './invalid-utf8'

const utf8 = (text: string) => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString()

function failureOf(decode: () => unknown): DecodeFailure {
  try {
    decode()
  } catch (error) {
    if (error instanceof DecodeFailure) return error
    throw error
  }
  throw new Error('It was decoded.')
}

function utf16(text: string, order: 'LE' | 'BE'): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le')
  return Uint8Array.from(order === 'LE' ? bytes : bytes.swap16())
}

describe('decodeUtf8', () => {
  it('gives text as it is, without a byte order mark', () => {
    expect(textOf(decodeUtf8(utf8('häß 😀')))).toBe('häß 😀')
    expect([...decodeUtf8(utf8('\ufeffa'))]).toEqual([0x61])
  })

  it.each([
    [[0x61, 0xff], 1],
    [[0xc0, 0x80], 0],
    [[0xed, 0xa0, 0x80], 1],
    [[0xf4, 0x90, 0x80, 0x80], 1],
    [[0xe2, 0x28, 0xa1], 1],
    [[0xe2, 0x82, 0x28], 2],
    [[0x61, 0xe2, 0x82], 3],
    [[...utf8('ä'.repeat(100_000)), 0x80], 200_000],
  ])('says which byte is wrong', (bytes, offset) => {
    expect(failureOf(() => decodeUtf8(Uint8Array.from(bytes)))).toMatchObject({ offset })
  })

  it('agrees with the decoder of the platform about what is valid', () => {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const byte = fc.constantFrom(0x61, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xed, 0xf0)
    fc.assert(
      fc.property(fc.uint8Array(), fc.array(byte), (any, likely) => {
        for (const bytes of [any, Uint8Array.from(likely)]) {
          const at = firstInvalidUtf8(bytes)
          const valid = () => decoder.decode(bytes.subarray(0, at))
          if (at === bytes.length) continue
          expect(() => decoder.decode(bytes)).toThrow()
          if (((bytes[at] ?? 0) & 0xc0) === 0xc0 && at === 0) expect(valid).not.toThrow()
        }
      }),
    )
  })
})

describe('decodeUtf16', () => {
  it.each(['LE', 'BE'] as const)('reads %s with and without a byte order mark', (order) => {
    for (const text of ['häß 😀', '\ufeffa', ''])
      expect(textOf(decodeUtf16(utf16(text, order), order, maxDecodedBytes))).toBe(
        text.replace('\ufeff', ''),
      )
  })

  it('keeps pairs of surrogates together between pieces', () => {
    const text = `a${'😀'.repeat(300_000)}`

    expect(textOf(decodeUtf16(utf16(text, 'LE'), 'LE', maxDecodedBytes))).toBe(text)
  })

  it('says when the byte order mark names the other order', () => {
    const failure = failureOf(() => decodeUtf16(utf16('\ufeffa', 'BE'), 'LE', maxDecodedBytes))

    expect(failure.message).toBe('The byte order mark says UTF-16 BE; this step reads LE.')
  })

  it('says where half a character stands', () => {
    const bytes = utf16('ab\ud83dc', 'LE')

    expect(failureOf(() => decodeUtf16(bytes, 'LE', maxDecodedBytes))).toMatchObject({ offset: 4 })
  })

  it('keeps the text before an odd byte', () => {
    const bytes = Uint8Array.from([...utf16('ab', 'LE'), 0x63])
    const failure = failureOf(() => decodeUtf16(bytes, 'LE', maxDecodedBytes))

    expect(failure.offset).toBe(4)
    expect(textOf(failure.partial ?? new Uint8Array())).toBe('ab')
  })

  it('stops at its limit', () => {
    expect(failureOf(() => decodeUtf16(utf16('€€€', 'LE'), 'LE', 8)).message).toMatch(
      /UTF-16 data expands to more than 8 bytes/,
    )
  })
})

describe('decodeBase64 and decodeHex', () => {
  it('read either alphabet, with white space and without padding', () => {
    expect([...decodeBase64(utf8('+/+/\r\n'))]).toEqual([0xfb, 0xff, 0xbf])
    expect([...decodeBase64(utf8('-_-_ YQ'))]).toEqual([0xfb, 0xff, 0xbf, 0x61])
    expect([...decodeHex(utf8('de ad\nBEEF'))]).toEqual([0xde, 0xad, 0xbe, 0xef])
  })

  it('say which byte is wrong', () => {
    expect(failureOf(() => decodeBase64(utf8('YW*j')))).toMatchObject({
      offset: 2,
      message: '“*” is not a base64 character.',
    })
    expect(failureOf(() => decodeBase64(Uint8Array.from([0x59, 0xc3])))).toMatchObject({
      offset: 1,
      message: 'The byte 0xc3 is not a base64 character.',
    })
    expect(failureOf(() => decodeHex(utf8('0a 0g')))).toMatchObject({ offset: 4 })
  })
})

describe('decodeJson', () => {
  it('keeps the text as it is', () => {
    const text = '{"b": 12345678901234567890, "a":1.0, "a" : 1e3}'

    expect(textOf(decodeJson(utf8(text)))).toBe(text)
  })

  it('says at which byte it is no JSON', () => {
    expect(failureOf(() => decodeJson(utf8('{"ä": x}')))).toMatchObject({ offset: 7 })
    expect(failureOf(() => decodeJson(utf8('\ufeff{"ä": x}')))).toMatchObject({ offset: 10 })
  })
})
