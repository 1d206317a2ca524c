import { encode } from '@msgpack/msgpack'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxDecodedBytes } from '@shared/model/decode'
import { DecodeFailure } from './decode-failure'
import { decodeMsgpack } from './decode-msgpack'

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function decoded(input: Uint8Array, limit = maxDecodedBytes): string {
  return Buffer.from(decodeMsgpack(input, limit)).toString()
}

function failureOf(input: Uint8Array, limit?: number): DecodeFailure {
  try {
    decoded(input, limit)
  } catch (error) {
    if (error instanceof DecodeFailure) return error
    throw error
  }
  throw new Error('It was decoded.')
}

describe('decodeMsgpack', () => {
  it.each([
    ['c0', 'null'],
    ['c2', 'false'],
    ['c3', 'true'],
    ['7f', '127'],
    ['e0', '-32'],
    ['cc ff', '255'],
    ['cd ffff', '65535'],
    ['ce ffffffff', '4294967295'],
    ['cf ffffffffffffffff', '18446744073709551615'],
    ['d0 80', '-128'],
    ['d1 8000', '-32768'],
    ['d2 80000000', '-2147483648'],
    ['d3 8000000000000000', '-9223372036854775808'],
    ['ca 4048f5c3', '3.14'],
    ['cb 40091eb851eb851f', '3.14'],
    ['cb 3ff0000000000000', '1.0'],
    ['cb 8000000000000000', '-0.0'],
    ['ca 7fc00000', '{"$float":"NaN"}'],
    ['cb fff0000000000000', '{"$float":"-Infinity"}'],
    ['a3 61 22 62', '"a\\"b"'],
    ['d9 02 c3a4', '"ä"'],
    ['da 0001 61', '"a"'],
    ['db 00000001 61', '"a"'],
    ['a2 c328', '{"$invalidUtf8":"c328"}'],
    ['c4 02 00ff', '{"$bytes":"00ff"}'],
    ['c5 0001 01', '{"$bytes":"01"}'],
    ['c6 00000001 02', '{"$bytes":"02"}'],
    ['93 01 02 03', '[1,2,3]'],
    ['dc 0001 c0', '[null]'],
    ['dd 00000000', '[]'],
    ['82 a162 01 a161 02', '{"b":1,"a":2}'],
    ['82 a161 01 a161 02', '{"a":1,"a":2}'],
    ['82 a132 01 a131 02', '{"2":1,"1":2}'],
    ['de 0001 a161 c0', '{"a":null}'],
    ['df 00000000', '{}'],
    ['82 01 c3 a131 c2', '{"$1":true,"1":false}'],
    ['81 a2 2461 01', '{"$$a":1}'],
    ['81 92 01 a178 c0', '{"$[1,\\"x\\"]":null}'],
    ['81 c4 01 00 c0', '{"${\\"$bytes\\":\\"00\\"}":null}'],
    ['d4 05 aa', '{"$ext":5,"$bytes":"aa"}'],
    ['c7 03 80 010203', '{"$ext":-128,"$bytes":"010203"}'],
    ['d6 ff 65920080', '{"$time":"2024-01-01T00:00:00Z"}'],
    ['d7 ff 0000000465920080', '{"$time":"2024-01-01T00:00:00.000000001Z"}'],
    ['c7 0c ff 00000000 ffffffffffffffff', '{"$time":"1969-12-31T23:59:59Z"}'],
    ['d5 ff 0000', '{"$ext":-1,"$bytes":"0000"}'],
  ])('reads %s as %s', (hex, json) => {
    expect(decoded(bytes(hex))).toBe(json)
  })

  it.each([
    ['', 0, /ends too early: 1 byte is missing/],
    ['92 01', 2, /ends too early: 1 byte is missing/],
    ['a5 6162', 3, /3 bytes are missing/],
    ['91 c1', 1, /0xc1/],
    ['c6 ffffffff 00', 6, /4294967294 bytes are missing/],
  ])('says where %s breaks the format', (hex, offset, message) => {
    const failure = failureOf(bytes(hex))

    expect(failure.offset).toBe(offset)
    expect(failure.message).toMatch(message)
    expect(failure.partial).toBeNull()
  })

  it('keeps the value when something follows it', () => {
    const failure = failureOf(bytes('91 01 02 03'))

    expect(failure).toMatchObject({ offset: 2 })
    expect(failure.message).toMatch(/2 bytes follow/)
    expect(Buffer.from(failure.partial ?? []).toString()).toBe('[1]')
  })

  it('does not follow arrays deeper than 256 levels', () => {
    expect(decoded(new Uint8Array(257).fill(0x91, 0, 256))).toMatch(/^\[{256}0\]{256}$/)
    expect(failureOf(new Uint8Array(100_000).fill(0x91)).message).toMatch(/256 levels/)
  })

  it('stops at its limit', () => {
    expect(failureOf(encode('x'.repeat(5000)), 1024).message).toMatch(
      /^The MessagePack data expands to more than 1 KiB; decoding stopped there\./,
    )
    expect(failureOf(encode(new Uint8Array(5000)), 1024).message).toMatch(/more than 1 KiB/)
  })

  it('refuses a key of more than 64 KiB that is no text', () => {
    const key = encode(new Uint8Array(40_000))
    const failure = failureOf(Uint8Array.from([0x81, ...key, 0xc0]))

    expect(failure).toMatchObject({ message: 'A key is longer than 64 KiB of JSON.', offset: 1 })
  })

  it('reads what others write', () => {
    const plain = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(plain, (value) => {
        const json = decoded(encode(value)).replaceAll(/"\$\$/g, '"$')
        expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('never fails but with a message, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
        try {
          JSON.parse(decoded(input))
        } catch (error) {
          if (!(error instanceof DecodeFailure)) throw error
          expect(error.message).toMatch(/\.$/)
          expect(error.offset).toBeLessThanOrEqual(input.length)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
