import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maxDecodedBytes } from '@shared/model/decode'
import { decodeCbor } from './decode-cbor'
import { DecodeFailure } from './decode-failure'

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function decoded(input: Uint8Array, limit = maxDecodedBytes): string {
  return Buffer.from(decodeCbor(input, limit)).toString()
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

describe('decodeCbor', () => {
  // Most are from RFC 8949 appendix A.
  it.each([
    ['00', '0'],
    ['17', '23'],
    ['18 18', '24'],
    ['19 03e8', '1000'],
    ['1a 000f4240', '1000000'],
    ['1b 000000e8d4a51000', '1000000000000'],
    ['1b ffffffffffffffff', '18446744073709551615'],
    ['c2 49 010000000000000000', '18446744073709551616'],
    ['3b ffffffffffffffff', '-18446744073709551616'],
    ['c3 49 010000000000000000', '-18446744073709551617'],
    ['20', '-1'],
    ['39 03e7', '-1000'],
    ['f9 0000', '0.0'],
    ['f9 8000', '-0.0'],
    ['f9 3c00', '1.0'],
    ['fb 3ff199999999999a', '1.1'],
    ['f9 7bff', '65504.0'],
    ['f9 0001', '5.9604645e-8'],
    ['fa 47c35000', '100000.0'],
    ['fb 7e37e43c8800759c', '1e+300'],
    ['f9 7c00', '{"$float":"Infinity"}'],
    ['f9 7e00', '{"$float":"NaN"}'],
    ['fa ff800000', '{"$float":"-Infinity"}'],
    ['f4', 'false'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['f7', '{"$undefined":true}'],
    ['f0', '{"$simple":16}'],
    ['f8 ff', '{"$simple":255}'],
    [
      'c0 74 323031332d30332d32315432303a30343a30305a',
      '{"$tag":0,"$value":"2013-03-21T20:04:00Z"}',
    ],
    ['c1 1a 514b67b0', '{"$tag":1,"$value":1363896240}'],
    ['d7 44 01020304', '{"$tag":23,"$value":{"$bytes":"01020304"}}'],
    ['d9 d9f7 80', '{"$tag":55799,"$value":[]}'],
    ['c2 01', '{"$tag":2,"$value":1}'],
    ['40', '{"$bytes":""}'],
    ['62 225c', '"\\"\\\\"'],
    ['62 c3bc', '"ü"'],
    ['62 c328', '{"$invalidUtf8":"c328"}'],
    ['83 01 82 02 03 82 04 05', '[1,[2,3],[4,5]]'],
    ['98 19' + '00'.repeat(25), `[${Array(25).fill(0).join(',')}]`],
    ['a2 01 02 03 04', '{"$1":2,"$3":4}'],
    ['a2 61 62 01 61 61 02', '{"b":1,"a":2}'],
    ['a2 61 61 01 61 61 02', '{"a":1,"a":2}'],
    ['a1 c1 01 f6', '{"${\\"$tag\\":1,\\"$value\\":1}":null}'],
    ['a1 61 24 00', '{"$$":0}'],
    ['5f 42 0102 43 030405 ff', '{"$bytes":"0102030405"}'],
    ['7f 65 7374726561 64 6d696e67 ff', '"streaming"'],
    ['9f ff', '[]'],
    ['9f 01 82 02 03 9f 04 05 ff ff', '[1,[2,3],[4,5]]'],
    ['bf 61 61 01 61 62 9f 02 03 ff ff', '{"a":1,"b":[2,3]}'],
    ['bf 7f 61 61 ff 01 ff', '{"a":1}'],
  ])('reads %s as %s', (hex, json) => {
    expect(decoded(bytes(hex))).toBe(json)
  })

  // The kinds of errors of RFC 8949 appendix F.
  it.each([
    ['', 0, /ends too early/],
    ['82 00', 2, /ends too early: 1 byte is missing/],
    ['19 01', 2, /ends too early: 1 byte is missing/],
    ['62 61', 2, /ends too early/],
    ['9f 01', 2, /ends too early/],
    ['1c', 0, /first byte 0x1c/],
    ['81 3f', 1, /first byte 0x3f/],
    ['df 00', 0, /first byte 0xdf/],
    ['f8 18', 0, /simple value 24/],
    ['ff', 0, /break/],
    ['82 00 ff', 2, /break/],
    ['bf 61 61 ff', 3, /break/],
    ['5f 61 61 ff', 1, /Only byte strings/],
    ['7f 7f 61 61 ff ff', 1, /Only text strings/],
    ['5b ffffffffffffffff', 9, /bytes are missing/],
    ['9b ffffffffffffffff', 9, /ends too early/],
  ])('says where %s breaks the format', (hex, offset, message) => {
    const failure = failureOf(bytes(hex))

    expect(failure.offset).toBe(offset)
    expect(failure.message).toMatch(message)
  })

  it('keeps the value when something follows it', () => {
    const failure = failureOf(bytes('81 01 02'))

    expect(failure).toMatchObject({ offset: 2 })
    expect(failure.message).toMatch(/1 byte follows/)
    expect(Buffer.from(failure.partial ?? []).toString()).toBe('[1]')
  })

  it.each([0x81, 0xc1, 0x9f, 0xa1])('follows 0x%x no deeper than 256 levels', (head) => {
    expect(failureOf(new Uint8Array(100_000).fill(head)).message).toMatch(/256 levels/)
  })

  it('stops at its limit', () => {
    expect(failureOf(encode('x'.repeat(5000)), 1024).message).toMatch(
      /^The CBOR data expands to more than 1 KiB; decoding stopped there\./,
    )
  })

  it('reads what others write', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
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
