import { asBuffer } from '../byte-reader'
import { DecodeFailure, type Bytes } from '../decode-failure'
import { checkDepth, JsonOutput } from '../json-output'
import type { ProtoField, ProtoMessage, ProtoTypes } from './proto-types'
import { wireTypeOf, writeDefault, writeScalar, type Decoded } from './scalar-values'
import { writeGuessedMessage, writeGuessedValue } from './schemaless'
import { byNumber, wireFields, wireType, type WireField } from './wire-format'

interface Typed extends Decoded {
  readonly types: ProtoTypes
}

/**
 * Protobuf as JSON. With types, fields have the names and values of their schema; a field the schema
 * does not know, or that is not laid out as it says, is called `$` and its number. Without, fields are
 * called by their numbers and hold guesses. A field that occurs several times though it is not
 * repeated is written as often.
 *
 * @param message Full name of the message; only used with types.
 * @throws {DecodeFailure} where the bytes are no message, are nested too deep or outgrow `limit`.
 */
export function decodeProtobuf(
  input: Uint8Array,
  types: ProtoTypes | null,
  message: string,
  limit: number,
): Bytes {
  const output = new JsonOutput('Protobuf', limit)
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const decoded = { bytes: asBuffer(input), view, output }
  if (!types) {
    writeGuessedMessage(decoded, 0, input.length, 0)
    return output.finish()
  }
  const type = types.messages.get(message)
  if (!type)
    throw new DecodeFailure(`The schema has no message “${message}”. Another must be chosen.`)
  writeMessage({ ...decoded, types }, type, 0, input.length, 0)
  return output.finish()
}

function writeMessage(
  typed: Typed,
  type: ProtoMessage,
  start: number,
  end: number,
  depth: number,
): void {
  const { bytes, output } = typed
  checkDepth(depth, start)
  output.write('{')
  let first = true
  const key = (name: string) => {
    output.write(`${first ? '' : ','}${JSON.stringify(name)}:`)
    first = false
  }
  for (const [number, occurrences] of byNumber(wireFields(bytes, start, end))) {
    const field = type.fields.get(number)
    const known = field ? occurrences.filter((each) => fits(field, each)) : []
    if (field && known.length > 0) writeField(typed, field, known, depth, key)
    for (const each of occurrences) {
      if (field && fits(field, each)) continue
      key(`$${number}`)
      writeGuessedValue(typed, each, depth)
    }
  }
  output.write('}')
}

/** Whether a field is laid out as its schema says. */
function fits(field: ProtoField, { type }: WireField): boolean {
  const own = wireTypeOf(field.kind)
  if (type === own) return true
  if (type === wireType.group) return field.kind === 'message'
  // Whether a repeated field is packed is up to who wrote it.
  return type === wireType.bytes && field.repeated
}

function writeField(
  typed: Typed,
  field: ProtoField,
  occurrences: readonly WireField[],
  depth: number,
  key: (name: string) => void,
): void {
  const { output, types } = typed
  if (!field.repeated) {
    for (const each of occurrences) {
      key(field.name)
      writeValue(typed, field, each, depth)
    }
    return
  }
  key(field.name)
  const entry = types.messages.get(field.typeName)
  if (field.kind === 'message' && entry?.mapEntry)
    return writeMap(typed, entry, occurrences, depth + 1)
  output.write('[')
  let first = true
  const separate = () => {
    if (!first) output.write(',')
    first = false
  }
  for (const each of occurrences) {
    if (each.type === wireTypeOf(field.kind) || each.type === wireType.group) {
      separate()
      writeValue(typed, field, each, depth)
    } else writePacked(typed, field, each, separate)
  }
  output.write(']')
}

function writePacked(
  typed: Typed,
  field: ProtoField,
  { start, end }: WireField,
  separate: () => void,
): void {
  const size = { [wireType.fixed32]: 4, [wireType.fixed64]: 8 }[wireTypeOf(field.kind)] ?? 1
  if ((end - start) % size !== 0)
    throw new DecodeFailure(
      `The values of “${field.name}” take ${size} bytes each, but ${end - start} bytes stand here.`,
      start,
    )
  for (let at = start; at < end;) {
    separate()
    at = writeScalar(typed, field, typed.types.enums, at, end)
  }
}

function writeValue(
  typed: Typed,
  field: ProtoField,
  { start, end }: WireField,
  depth: number,
): void {
  if (field.kind !== 'message') {
    writeScalar(typed, field, typed.types.enums, start, end)
    return
  }
  const type = typed.types.messages.get(field.typeName)
  if (type) writeMessage(typed, type, start, end, depth + 1)
  else writeGuessedMessage(typed, start, end, depth + 1)
}

/** A map as an object; its keys become texts, as in the JSON of Protobuf itself. */
function writeMap(
  typed: Typed,
  entry: ProtoMessage,
  occurrences: readonly WireField[],
  depth: number,
): void {
  const { bytes, output, types } = typed
  const keyField = entry.fields.get(1)
  const valueField = entry.fields.get(2)
  if (!keyField || !valueField) return output.write('{}')
  checkDepth(depth, occurrences[0]?.start ?? 0)
  output.write('{')
  for (const [index, { start, end }] of occurrences.entries()) {
    const fields = wireFields(bytes, start, end)
    const key = fields.findLast((field) => field.number === 1 && fits(keyField, field))
    const value = fields.findLast((field) => field.number === 2 && fits(valueField, field))
    if (index > 0) output.write(',')
    writeMapKey(typed, keyField, key)
    if (value) writeValue(typed, valueField, value, depth)
    else writeDefault(output, valueField, types.enums)
  }
  output.write('}')
}

function writeMapKey(typed: Typed, field: ProtoField, found: WireField | undefined): void {
  const { output, types } = typed
  const json = output.aside((aside) => {
    if (found) writeScalar({ ...typed, output: aside }, field, types.enums, found.start, found.end)
    else writeDefault(aside, field, types.enums)
  }, found?.start ?? 0)
  const text: unknown = json.startsWith('"') ? JSON.parse(json) : json
  output.key(String(text))
}
