import { ByteReader, type ReadText } from './byte-reader'
import { DecodeFailure, type Bytes } from './decode-failure'
import { checkDepth, JsonOutput } from './json-output'
import { readWhole } from './read-whole'

/**
 * MessagePack as JSON (github.com/msgpack/msgpack/blob/master/spec.md). Ext values become
 * `{"$ext":type,"$bytes":"…"}`, timestamps (ext -1) `{"$time":"…Z"}`.
 * @throws {DecodeFailure} where the data breaks the format, is nested too deep or outgrows `limit`.
 */
export function decodeMsgpack(input: Uint8Array, limit: number, textOnly = false): Bytes {
  const reader = new ByteReader(input, 'MessagePack', textOnly)
  const output = new JsonOutput('MessagePack', limit)
  return readWhole(reader, output, 'MessagePack', () => value(reader, output, 0))
}

function value(reader: ByteReader, output: JsonOutput, depth: number): void {
  const start = reader.position
  const head = reader.uint8()
  if (head <= 0x7f) return output.integer(head)
  if (head >= 0xe0) return output.integer(head - 0x100)
  if (head <= 0x8f) return map(reader, output, head & 0x0f, depth, start)
  if (head <= 0x9f) return array(reader, output, head & 0x0f, depth, start)
  const length = textLength(reader, head)
  if (length !== null) return output.text(reader.text(length))
  switch (head) {
    case 0xc0:
      return output.write('null')
    case 0xc2:
      return output.write('false')
    case 0xc3:
      return output.write('true')
    case 0xc4:
      return output.bytes(reader.take(reader.uint8()))
    case 0xc5:
      return output.bytes(reader.take(reader.uint16()))
    case 0xc6:
      return output.bytes(reader.take(reader.uint32()))
    case 0xc7:
      return extension(reader, output, reader.uint8())
    case 0xc8:
      return extension(reader, output, reader.uint16())
    case 0xc9:
      return extension(reader, output, reader.uint32())
    case 0xca:
      return output.float32(reader.view.getFloat32(reader.skip(4)))
    case 0xcb:
      return output.float(reader.view.getFloat64(reader.skip(8)))
    case 0xcc:
      return output.integer(reader.uint8())
    case 0xcd:
      return output.integer(reader.uint16())
    case 0xce:
      return output.integer(reader.uint32())
    case 0xcf:
      return output.integer(reader.uint64())
    case 0xd0:
      return output.integer(reader.view.getInt8(reader.skip(1)))
    case 0xd1:
      return output.integer(reader.view.getInt16(reader.skip(2)))
    case 0xd2:
      return output.integer(reader.view.getInt32(reader.skip(4)))
    case 0xd3:
      return output.integer(reader.view.getBigInt64(reader.skip(8)))
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(reader, output, 1 << (head - 0xd4))
    case 0xdc:
      return array(reader, output, reader.uint16(), depth, start)
    case 0xdd:
      return array(reader, output, reader.uint32(), depth, start)
    case 0xde:
      return map(reader, output, reader.uint16(), depth, start)
    case 0xdf:
      return map(reader, output, reader.uint32(), depth, start)
    default:
      throw new DecodeFailure('MessagePack never uses the byte 0xc1.', start)
  }
}

/** Bytes of the text whose first byte was just read; `null` when the value is no text. */
function textLength(reader: ByteReader, head: number): number | null {
  if (head >= 0xa0 && head <= 0xbf) return head & 0x1f
  if (head === 0xd9) return reader.uint8()
  if (head === 0xda) return reader.uint16()
  return head === 0xdb ? reader.uint32() : null
}

function array(
  reader: ByteReader,
  output: JsonOutput,
  length: number,
  depth: number,
  start: number,
): void {
  checkDepth(depth, start)
  output.write('[')
  for (let index = 0; index < length; index += 1) {
    if (index > 0) output.write(',')
    value(reader, output, depth + 1)
  }
  output.write(']')
}

function map(
  reader: ByteReader,
  output: JsonOutput,
  length: number,
  depth: number,
  start: number,
): void {
  checkDepth(depth, start)
  output.write('{')
  for (let index = 0; index < length; index += 1) {
    if (index > 0) output.write(',')
    key(reader, output, depth + 1)
    value(reader, output, depth + 1)
  }
  output.write('}')
}

function key(reader: ByteReader, output: JsonOutput, depth: number): void {
  const start = reader.position
  const length = textLength(reader, reader.uint8())
  const text: ReadText | null = length === null ? null : reader.text(length)
  if (typeof text === 'string') return output.key(text)
  reader.position = start
  output.otherKey(start, (other) => value(reader, other, depth))
}

function extension(reader: ByteReader, output: JsonOutput, length: number): void {
  const type = reader.view.getInt8(reader.skip(1))
  const body = reader.take(length)
  const time = type === -1 ? timestamp(body) : null
  if (time !== null) return output.write(`{"$time":"${time}"}`)
  output.write(`{"$ext":${type},"$bytes":`)
  output.hex(body)
  output.write('}')
}

/** RFC 3339 with as many digits as the timestamp has; `null` when it is none or out of range. */
function timestamp(body: Uint8Array): string | null {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  let seconds: bigint
  let nanoseconds = 0
  if (body.length === 4) seconds = BigInt(view.getUint32(0))
  else if (body.length === 8) {
    const both = view.getBigUint64(0)
    seconds = both & 0x3_ffff_ffffn
    nanoseconds = Number(both >> 34n)
  } else if (body.length === 12) {
    nanoseconds = view.getUint32(0)
    seconds = view.getBigInt64(4)
  } else return null
  const date = new Date(Number(seconds) * 1000)
  if (nanoseconds > 999_999_999 || Number.isNaN(date.getTime())) return null
  const fraction = nanoseconds === 0 ? '' : `.${String(nanoseconds).padStart(9, '0')}`
  return date.toISOString().replace('.000Z', `${fraction}Z`)
}
