import { textAt } from '../byte-reader'
import { checkDepth, maxDepth } from '../json-output'
import type { Decoded } from './scalar-values'
import {
  byNumber,
  isMessage,
  readVarint,
  wireFields,
  wireType,
  type WireField,
} from './wire-format'

/**
 * Writes a message whose schema is unknown: fields by their numbers, those that occur several times
 * as arrays.
 * @throws {DecodeFailure} where the bytes are no message.
 */
export function writeGuessedMessage(
  decoded: Decoded,
  start: number,
  end: number,
  depth: number,
): void {
  const { bytes, output } = decoded
  checkDepth(depth, start)
  output.write('{')
  let separator = ''
  for (const [number, fields] of byNumber(wireFields(bytes, start, end))) {
    output.write(`${separator}"${number}":`)
    writeAll(decoded, fields, depth)
    separator = ','
  }
  output.write('}')
}

function writeAll(decoded: Decoded, fields: readonly WireField[], depth: number): void {
  const { output } = decoded
  const many = fields.length > 1
  if (many) output.write('[')
  for (const [index, field] of fields.entries()) {
    if (index > 0) output.write(',')
    writeGuessedValue(decoded, field, depth)
  }
  if (many) output.write(']')
}

/**
 * Writes a value whose type is unknown. Numbers of a fixed size are shown as whole and as floating
 * number; bytes as text, as a message or as they are, whichever fits first.
 */
export function writeGuessedValue(decoded: Decoded, field: WireField, depth: number): void {
  const { bytes, view, output } = decoded
  const { type, start, end } = field
  switch (type) {
    case wireType.varint:
      return output.integer(signed(readVarint(bytes, start, end).value))
    case wireType.fixed32:
      output.write(`{"$fixed32":${view.getUint32(start, true)},"$float":`)
      output.float32(view.getFloat32(start, true))
      return output.write('}')
    case wireType.fixed64:
      output.write(`{"$fixed64":${view.getBigUint64(start, true)},"$double":`)
      output.float(view.getFloat64(start, true))
      return output.write('}')
    case wireType.group:
      return writeGuessedMessage(decoded, start, end, depth + 1)
    default:
      return writeGuessedBytes(decoded, start, end, depth)
  }
}

/** Negative numbers take all 64 bits; nothing else is likely to. */
function signed(value: number | bigint): number | bigint {
  return typeof value === 'number' ? value : BigInt.asIntN(64, value)
}

/** Control characters that no text has. */
const binary = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/
const lineBreak = /[\t\n\r]/

function writeGuessedBytes(decoded: Decoded, start: number, end: number, depth: number): void {
  const { bytes, output } = decoded
  const text = textAt(bytes, start, end)
  const readable = typeof text === 'string' && !binary.test(text)
  // Messages often begin with a line feed, the tag of field 1; texts hardly ever.
  if (readable && !lineBreak.test(text)) return output.text(text)
  if (depth < maxDepth && isMessage(bytes, start, end))
    return writeGuessedMessage(decoded, start, end, depth + 1)
  if (readable) return output.text(text)
  output.bytes(bytes.subarray(start, end))
}
