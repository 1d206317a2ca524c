import fc from 'fast-check'
import protobuf from 'protobufjs'
import { describe, expect, it } from 'vitest'
import { maxDecodedBytes } from '@shared/model/decode'
import { DecodeFailure } from '../decode-failure'
import { compileProto } from './compile-proto'
import { decodeProtobuf } from './decode-protobuf'

const order = `
  syntax = "proto3";
  package shop.v1;
  import "google/protobuf/timestamp.proto";
  message Order {
    string id = 1;
    repeated sint32 deltas = 2;
    map<string, Line> lines = 3;
    Kind kind = 4;
    google.protobuf.Timestamp placed_at = 5;
    oneof price { double amount = 6; fixed64 cents = 7; }
    bytes seal = 8;
    map<int32, bool> flags = 9;
    int64 balance = 10;
    float weight = 11;
    bool paid = 12;
    repeated string tags = 13;
    uint32 count = 14;
    sfixed32 shift = 15;
    Order parent = 16;
    enum Kind { UNKNOWN = 0; NEW = 1; OLD = -2; }
    message Line { uint64 quantity = 1; }
  }
`
const schema = compileProto([{ name: 'order.proto', text: order }])

/** Encodes with another implementation. */
function encode(value: Record<string, unknown>): Uint8Array {
  const root = protobuf.parse(order, new protobuf.Root(), { keepCase: true }).root
  root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {})
  const type = root.lookupType('shop.v1.Order')
  return type.encode(type.fromObject(value)).finish()
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
}

function decoded(input: Uint8Array, limit = maxDecodedBytes): string {
  return Buffer.from(decodeProtobuf(input, schema.types, 'shop.v1.Order', limit)).toString()
}

function guessed(input: Uint8Array, limit = maxDecodedBytes): string {
  return Buffer.from(decodeProtobuf(input, null, '', limit)).toString()
}

function failureOf(run: () => unknown): DecodeFailure {
  try {
    run()
  } catch (error) {
    if (error instanceof DecodeFailure) return error
    throw error
  }
  throw new Error('It was decoded.')
}

describe('decodeProtobuf with a schema', () => {
  it('names fields and enum values, and writes values as their types say', () => {
    const json = decoded(
      encode({
        id: 'A-1',
        deltas: [1, -1, 2147483647, -2147483648],
        lines: { tea: { quantity: '18446744073709551615' }, $x: {} },
        kind: 'OLD',
        placed_at: { seconds: 1700000000, nanos: 5 },
        amount: 1,
        seal: new Uint8Array([1, 255]),
        flags: { 1: true, '-1': false },
        balance: '-9223372036854775808',
        weight: 0.1,
        paid: true,
        tags: ['', 'x'],
        count: 4294967295,
        shift: -5,
        parent: { id: 'B' },
      }),
    )

    expect(json).toBe(
      '{"id":"A-1","deltas":[1,-1,2147483647,-2147483648],' +
        '"lines":{"tea":{"quantity":18446744073709551615},"$$x":{}},"kind":"OLD",' +
        '"placed_at":{"seconds":1700000000,"nanos":5},"amount":1.0,' +
        '"seal":{"$bytes":"01ff"},"flags":{"1":true,"-1":false},"balance":-9223372036854775808,' +
        '"weight":0.1,"paid":true,"tags":["","x"],"count":4294967295,"shift":-5,' +
        '"parent":{"id":"B"}}',
    )
  })

  it.each([
    ['an empty message', '', '{}'],
    ['values that are repeated without being packed', '10 02 10 01', '{"deltas":[1,-1]}'],
    ['packed and single values mixed', '12 02 02 01 10 04', '{"deltas":[1,-1,2]}'],
    ['fields it does not know', '0a 01 61 a0 1f 07', '{"id":"a","$500":7}'],
    ['fields laid out in another way', '08 07', '{"$1":7}'],
    ['fields that occur more often than they may', '0a 01 61 0a 01 62', '{"id":"a","id":"b"}'],
    ['enum values it does not know', '20 07', '{"kind":7}'],
    ['map entries without key or value', '4a 00', '{"flags":{"0":false}}'],
    ['text that is none', '0a 01 ff', '{"id":{"$invalidUtf8":"ff"}}'],
    ['a message in a group', '83 01 0a 01 61 84 01', '{"parent":{"id":"a"}}'],
  ])('reads %s', (_, hex, json) => {
    expect(decoded(bytes(hex))).toBe(json)
  })

  it.each([
    ['0a 05 61', 1, 'Field 1 ends too early: 4 bytes are missing.'],
    ['0d 00', 1, 'Field 1 ends too early: 3 bytes are missing.'],
    ['08', 1, 'The data ends in the middle of a number.'],
    ['0f', 0, 'Field 1 has wire type 7, which does not exist.'],
    ['00', 0, 'Here a field should begin, but its number would be 0.'],
    ['0c', 0, 'Group 1 ends here without having begun.'],
    ['0b', 1, 'Group 1 does not end.'],
    ['0b 14', 1, 'Another group than 1 ends here.'],
    ['08 ffffffffffffffffffff01', 1, 'A number is longer than ten bytes.'],
    ['82 01 02 0a 05', 4, 'Field 1 ends too early: 5 bytes are missing.'],
  ])('says where %s breaks the format', (hex, offset, message) => {
    expect(failureOf(() => decoded(bytes(hex)))).toMatchObject({ offset, message })
  })

  it('says that a message is not in the schema', () => {
    const run = () => decodeProtobuf(new Uint8Array(), schema.types, 'shop.v1.Gone', 100)

    expect(failureOf(run).message).toMatch(/no message “shop.v1.Gone”/)
  })

  it('stops at its limit', () => {
    expect(failureOf(() => decoded(encode({ id: 'x'.repeat(5000) }), 1024)).message).toMatch(
      /^The Protobuf data expands to more than 1 KiB/,
    )
  })
})

describe('decodeProtobuf without a schema', () => {
  it.each([
    ['08 96 01', '{"1":150}'],
    ['08 ffffffffffffffffff01', '{"1":-1}'],
    ['08 ffffffffffffffff7f', '{"1":9223372036854775807}'],
    ['12 07 74657374696e67', '{"2":"testing"}'],
    ['1a 03 08 96 01', '{"3":{"1":150}}'],
    ['1a 05 0a 03 61 62 63', '{"3":{"1":"abc"}}'],
    ['0a 01 61 0a 01 62', '{"1":["a","b"]}'],
    ['0a 02 00 ff', '{"1":{"$bytes":"00ff"}}'],
    ['0a 04 61 0a 62 0a', '{"1":"a\\nb\\n"}'],
    ['0a 00', '{"1":""}'],
    ['0d 00 00 80 3f', '{"1":{"$fixed32":1065353216,"$float":1.0}}'],
    ['09 00 00 00 00 00 00 f0 3f', '{"1":{"$fixed64":4607182418800017408,"$double":1.0}}'],
    ['0b 10 01 0c', '{"1":{"2":1}}'],
    ['0b 13 14 0c', '{"1":{"2":{}}}'],
  ])('reads %s as %s', (hex, json) => {
    expect(guessed(bytes(hex))).toBe(json)
  })

  it('takes bytes nested too deep for bytes, and refuses groups nested too deep', () => {
    let nested = bytes('08 01')
    for (let depth = 0; depth < 300; depth += 1) {
      const length = [0x80 | (nested.length & 0x7f), nested.length >> 7]
      nested = Uint8Array.from([0x0a, ...length, ...nested])
    }

    expect(guessed(nested)).toContain('"$bytes"')
    const groups = new Uint8Array(100_000).fill(0x0b)
    expect(failureOf(() => guessed(groups)).message).toMatch(/256 levels/)
  })

  it('never fails but with a message, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
        for (const decode of [guessed, decoded])
          try {
            JSON.parse(decode(input))
          } catch (error) {
            if (!(error instanceof DecodeFailure)) throw error
            expect(error.message).toMatch(/\.$/)
            expect(error.offset).toBeLessThanOrEqual(input.length)
          }
      }),
      { numRuns: 2000 },
    )
  })

  it('reads every message that can be written', () => {
    const text = fc.string({ unit: 'grapheme' })
    const message = fc.record({
      id: text,
      deltas: fc.array(fc.integer()),
      tags: fc.array(text),
      seal: fc.uint8Array(),
      balance: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
    })
    fc.assert(
      fc.property(message, (value) => {
        const json = decoded(encode(value))
        expect(JSON.parse(guessed(encode(value)))).toBeTypeOf('object')
        const read = JSON.parse(json) as Record<string, unknown>
        expect({ id: '', deltas: [], tags: [], seal: { $bytes: '' }, ...read }).toMatchObject({
          id: value.id,
          deltas: value.deltas,
          tags: value.tags,
          seal: { $bytes: Buffer.from(value.seal).toString('hex') },
        })
        if (value.balance !== '0') expect(json).toContain(`"balance":${value.balance}`)
      }),
      { numRuns: 50 },
    )
  })
})
