import { toText } from '../byte-reader'
import type { CompiledSchema, ProtoField, ProtoKind, ProtoMessage } from './proto-types'
import { readVarint, wireFields, wireType, type WireField } from './wire-format'

/** The kinds by their numbers in FieldDescriptorProto.Type (google/protobuf/descriptor.proto). */
const kinds: Readonly<Record<number, ProtoKind>> = {
  1: 'double',
  2: 'float',
  3: 'int64',
  4: 'uint64',
  5: 'int32',
  6: 'fixed64',
  7: 'fixed32',
  8: 'bool',
  9: 'string',
  10: 'message',
  11: 'message',
  12: 'bytes',
  13: 'uint32',
  14: 'enum',
  15: 'sfixed32',
  16: 'sfixed64',
  17: 'sint32',
  18: 'sint64',
}
const repeatedLabel = 3

/** A message of descriptor.proto, read by field numbers. */
class Descriptor {
  readonly #bytes: Uint8Array
  readonly #fields: readonly WireField[]

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#fields = wireFields(bytes, 0, bytes.length)
  }

  messages(number: number): Descriptor[] {
    return this.#all(number, wireType.bytes).map(
      ({ start, end }) => new Descriptor(this.#bytes.subarray(start, end)),
    )
  }

  text(number: number): string {
    const field = this.#all(number, wireType.bytes).at(-1)
    const text = field ? toText(this.#bytes.subarray(field.start, field.end)) : ''
    return typeof text === 'string' ? text : ''
  }

  number(number: number): number {
    const field = this.#all(number, wireType.varint).at(-1)
    if (!field) return 0
    const value = BigInt(readVarint(this.#bytes, field.start, field.end).value)
    return Number(BigInt.asIntN(64, value))
  }

  #all(number: number, type: number): WireField[] {
    return this.#fields.filter((field) => field.number === number && field.type === type)
  }
}

/**
 * Reads a FileDescriptorSet, which `protoc --descriptor_set_out` writes.
 * @throws {DecodeFailure} when the bytes are no Protobuf message at all. What is one, but no
 * descriptor set, gives no messages.
 */
export function readDescriptorSet(bytes: Uint8Array): CompiledSchema {
  const types = {
    messages: new Map<string, ProtoMessage>(),
    enums: new Map<string, Map<number, string>>(),
  }
  const extensions: { readonly scope: string; readonly field: Descriptor }[] = []

  function addEnum(scope: string, descriptor: Descriptor): void {
    const values = descriptor.messages(2).toReversed()
    // Of several names for a number the first counts.
    const names = new Map(values.map((value) => [value.number(2), value.text(1)]))
    types.enums.set(scoped(scope, descriptor.text(1)), names)
  }

  function addMessage(scope: string, descriptor: Descriptor): void {
    const name = scoped(scope, descriptor.text(1))
    const fields = descriptor.messages(2).map((field) => fieldEntry(field, field.text(1)))
    const mapEntry = descriptor.messages(7).some((options) => options.number(7) === 1)
    types.messages.set(name, { fields: new Map(fields), mapEntry })
    for (const nested of descriptor.messages(3)) addMessage(name, nested)
    for (const nested of descriptor.messages(4)) addEnum(name, nested)
    for (const field of descriptor.messages(6)) extensions.push({ scope: name, field })
  }

  for (const file of new Descriptor(bytes).messages(1)) {
    const scope = file.text(2)
    for (const message of file.messages(4)) addMessage(scope, message)
    for (const each of file.messages(5)) addEnum(scope, each)
    for (const field of file.messages(7)) extensions.push({ scope, field })
  }
  for (const { scope, field } of extensions) {
    const extended = types.messages.get(withoutDot(field.text(2)))
    extended?.fields.set(...fieldEntry(field, `[${scoped(scope, field.text(1))}]`))
  }
  const messages = [...types.messages].filter(([, { mapEntry }]) => !mapEntry)
  return { types, messages: messages.map(([name]) => name) }
}

function fieldEntry(field: Descriptor, name: string): [number, ProtoField] {
  const kind = kinds[field.number(5)] ?? 'bytes'
  const repeated = field.number(4) === repeatedLabel
  return [field.number(3), { name, kind, typeName: withoutDot(field.text(6)), repeated }]
}

function scoped(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}

function withoutDot(name: string): string {
  return name.startsWith('.') ? name.slice(1) : name
}
