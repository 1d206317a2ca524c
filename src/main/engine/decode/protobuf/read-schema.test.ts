import protobuf from 'protobufjs'
import descriptorJson from 'protobufjs/google/protobuf/descriptor.json'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DecodeFailure } from '../decode-failure'
import { decodeProtobuf } from './decode-protobuf'
import { readSchema, schemaImports } from './read-schema'

function file(name: string, text: string) {
  return { name, bytes: new TextEncoder().encode(text) }
}

function failureOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DecodeFailure) return error.message
    throw error
  }
  throw new Error('It was read.')
}

/** A descriptor set as protoc writes it. */
function descriptorSet(files: readonly object[]): Uint8Array<ArrayBuffer> {
  const type = protobuf.Root.fromJSON(descriptorJson).lookupType(
    'google.protobuf.FileDescriptorSet',
  )
  return Uint8Array.from(type.encode(type.fromObject({ file: files })).finish())
}

describe('readSchema', () => {
  it('lists the messages of the file itself, nested ones as well', () => {
    const { messages, types } = readSchema([
      file(
        'a.proto',
        `syntax = "proto3"; package shop;
         import "common/b.proto"; import "google/protobuf/any.proto"; import "google/protobuf/api.proto";
         message Order { message Line { map<string, common.Money> prices = 1; } Line line = 1; }
         message Other { google.protobuf.Any any = 1; google.protobuf.Api api = 2; }`,
      ),
      file(
        'common/b.proto',
        'syntax = "proto3"; package common; message Money { int64 units = 1; }',
      ),
    ])

    expect(messages).toEqual(['shop.Order', 'shop.Order.Line', 'shop.Other'])
    expect(types.messages.has('common.Money')).toBe(true)
    expect(types.messages.has('google.protobuf.Any')).toBe(true)
  })

  it('reads proto2 with groups and extensions, and enums with two names for a number', () => {
    const { types } = readSchema([
      file(
        'a.proto',
        `syntax = "proto2"; package p;
         message A { required group G = 1 { optional int32 x = 2; } extensions 100 to 200; optional E e = 3; }
         extend A { optional int32 more = 100; }
         enum E { option allow_alias = true; FIRST = 1; SECOND = 1; }`,
      ),
    ])
    const bytes = Uint8Array.from([0x0b, 0x10, 7, 0x0c, 0x18, 1, 0xa0, 0x06, 5])

    expect(Buffer.from(decodeProtobuf(bytes, types, 'p.A', 1000)).toString()).toBe(
      '{"g":{"x":7},"e":"FIRST","[p.more]":5}',
    )
  })

  it('names the fields of well-known types as their files do', () => {
    const { types } = readSchema([
      file(
        'a.proto',
        `syntax = "proto3"; import "google/protobuf/struct.proto"; import "google/protobuf/type.proto";
         message A { google.protobuf.Value value = 1; google.protobuf.Type type = 2; }`,
      ),
    ])
    const json = decodeProtobuf(Buffer.from('0a031a0161', 'hex'), types, 'A', 1000)

    expect(Buffer.from(json).toString()).toBe('{"value":{"string_value":"a"}}')
    const names = [...(types.messages.get('google.protobuf.Type')?.fields.values() ?? [])]
    expect(names.map(({ name }) => name)).toContain('source_context')
    const field = [...(types.messages.get('google.protobuf.Field')?.fields.values() ?? [])]
    expect(field.map(({ name }) => name)).toContain('type_url')
  })

  it('names the imports that are not well known', () => {
    expect(
      schemaImports(
        file(
          'a.proto',
          'syntax = "proto3"; import "google/protobuf/timestamp.proto"; import public "x/b.proto";',
        ),
      ),
    ).toEqual(['x/b.proto'])
  })

  it.each([
    ['message {', /^“a.proto” cannot be read: illegal type name '{' \(line 1\)\.$/],
    ['syntax = "proto3";\n\nhello', /illegal token 'hello' \(line 3\)/],
    ['syntax = "proto3"; message A { B b = 1; }', /^“a.proto” cannot be used: no such .*'B'/],
    ['syntax = "proto3"; message A { int32 a = 1; int32 b = 1; }', /duplicate id 1/],
  ])('says what is wrong in %s', (text, message) => {
    expect(failureOf(() => readSchema([file('a.proto', text)]))).toMatch(message)
  })

  it('reads a descriptor set', () => {
    const set = descriptorSet([
      {
        name: 'a.proto',
        package: 'shop',
        messageType: [
          {
            name: 'Order',
            field: [
              { name: 'id', number: 1, label: 1, type: 9 },
              { name: 'kind', number: 2, label: 1, type: 14, typeName: '.shop.Kind' },
              { name: 'sizes', number: 3, label: 3, type: 11, typeName: '.shop.Order.SizesEntry' },
              { name: 'deltas', number: 4, label: 3, type: 17 },
            ],
            nestedType: [
              {
                name: 'SizesEntry',
                field: [
                  { name: 'key', number: 1, label: 1, type: 9 },
                  { name: 'value', number: 2, label: 1, type: 5 },
                ],
                options: { mapEntry: true },
              },
            ],
            extensionRange: [{ start: 100, end: 200 }],
          },
        ],
        enumType: [{ name: 'Kind', value: [{ name: 'OLD', number: -1 }] }],
        extension: [{ name: 'more', number: 100, label: 1, type: 8, extendee: '.shop.Order' }],
      },
    ])
    const { messages, types } = readSchema([{ name: 'all.desc', bytes: set }])
    const bytes = Buffer.from(
      '0a0161' + '10ffffffffffffffffff01' + '1a050a01731003' + '22020102' + 'a00601',
      'hex',
    )

    expect(messages).toEqual(['shop.Order'])
    expect(Buffer.from(decodeProtobuf(bytes, types, 'shop.Order', 1000)).toString()).toBe(
      '{"id":"a","kind":"OLD","sizes":{"s":3},"deltas":[-1,1],"[shop.more]":true}',
    )
  })

  it('refuses what is neither', () => {
    for (const bytes of [Uint8Array.of(0, 1, 2), Uint8Array.of(0x0a, 1, 0), Uint8Array.of(8, 1)])
      expect(failureOf(() => readSchema([{ name: 'x.bin', bytes }]))).toMatch(
        /^“x.bin” is neither a .proto file nor a descriptor set/,
      )
    expect(
      failureOf(() => readSchema([{ name: 'x.proto', bytes: new Uint8Array([255]) }])),
    ).toMatch(/^“x.proto” is not text in UTF-8/)
  })

  it('never fails but with a message, whatever the bytes', () => {
    const words = fc.constantFrom(
      ...['message', 'enum', 'A', 'x', '{', '}', '=', '1', ';', 'map', '<', '>', 'repeated'],
      ...['import', '"a"', 'oneof', 'extend', 'group', 'option', 'reserved', 'syntax', '"proto3"'],
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.array(words), (bytes, text) => {
        const files = [{ name: 'a.desc', bytes }, file('a.proto', text.join(' '))]
        for (const each of files)
          try {
            readSchema([each])
          } catch (error) {
            if (!(error instanceof DecodeFailure)) throw error
          }
      }),
      { numRuns: 500 },
    )
  })
})
