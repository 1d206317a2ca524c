import { ByteReader, toText, type ReadText } from './byte-reader'
import { DecodeFailure, type Bytes } from './decode-failure'
import { readHalf } from './half-float'
import { checkDepth, JsonOutput } from './json-output'
import { readWhole } from './read-whole'

/** Argument of an item of indefinite length (RFC 8949 section 3.2). */
const indefinite = -1
const breakByte = 0xff

interface Head {
  /** Where the item begins. */
  readonly start: number
  /** Major type (section 3.1). */
  readonly major: number
  /** The low five bits of the first byte. */
  readonly info: number
  /** {@link indefinite} for items that end with a break. */
  readonly argument: number | bigint
}

/**
 * CBOR as JSON (RFC 8949). Tags become `{"$tag":number,"$value":…}`, except bignums (tags 2 and 3),
 * which become numbers; `undefined` becomes `{"$undefined":true}` and other simple values
 * `{"$simple":number}`.
 * @throws {DecodeFailure} where the data is not well-formed, is nested too deep or outgrows `limit`.
 */
export function decodeCbor(input: Uint8Array, limit: number, textOnly = false): Bytes {
  const reader = new ByteReader(input, 'CBOR', textOnly)
  const output = new JsonOutput('CBOR', limit)
  return readWhole(reader, output, 'CBOR', () => value(reader, output, 0))
}

function readHead(reader: ByteReader): Head {
  const start = reader.position
  const first = reader.uint8()
  const major = first >> 5
  const info = first & 0x1f
  return { start, major, info, argument: readArgument(reader, major, info, start) }
}

function readArgument(
  reader: ByteReader,
  major: number,
  info: number,
  start: number,
): number | bigint {
  if (info < 24) return info
  switch (info) {
    case 24:
      return reader.uint8()
    case 25:
      return reader.uint16()
    case 26:
      return reader.uint32()
    case 27: {
      const wide = reader.uint64()
      return wide <= Number.MAX_SAFE_INTEGER ? Number(wide) : wide
    }
    case 31:
      // Integers and tags have no indefinite length; in major type 7 this is the break itself.
      if (major >= 2 && major <= 5) return indefinite
      if (major === 7)
        throw new DecodeFailure('A break stands here, where a value should begin.', start)
  }
  throw new DecodeFailure(`CBOR does not use the first byte ${byteName(reader, start)}.`, start)
}

function byteName(reader: ByteReader, offset: number): string {
  return `0x${(reader.bytes[offset] ?? 0).toString(16).padStart(2, '0')}`
}

function value(reader: ByteReader, output: JsonOutput, depth: number): void {
  item(reader, output, readHead(reader), depth)
}

function item(reader: ByteReader, output: JsonOutput, head: Head, depth: number): void {
  const { major, argument, start } = head
  switch (major) {
    case 0:
      return output.integer(argument)
    case 1:
      return output.integer(-1n - BigInt(argument))
    case 2:
      return output.bytes(string(reader, head))
    case 3:
      return output.text(text(reader, head))
    case 4:
      checkDepth(depth, start)
      return array(reader, output, argument, depth)
    case 5:
      checkDepth(depth, start)
      return map(reader, output, argument, depth)
    case 6:
      checkDepth(depth, start)
      return tagged(reader, output, argument, depth)
    default:
      return simple(reader, output, head)
  }
}

/** Calls `next` for every entry, until the count is reached or the break has been read. */
function entries(
  reader: ByteReader,
  output: JsonOutput,
  count: number | bigint,
  next: () => void,
): void {
  for (let index = 0; count === indefinite || index < count; index += 1) {
    if (count === indefinite && reader.peek() === breakByte) {
      reader.skip(1)
      return
    }
    if (index > 0) output.write(',')
    next()
  }
}

function array(
  reader: ByteReader,
  output: JsonOutput,
  count: number | bigint,
  depth: number,
): void {
  output.write('[')
  entries(reader, output, count, () => value(reader, output, depth + 1))
  output.write(']')
}

function map(reader: ByteReader, output: JsonOutput, count: number | bigint, depth: number): void {
  output.write('{')
  entries(reader, output, count, () => {
    key(reader, output, depth + 1)
    value(reader, output, depth + 1)
  })
  output.write('}')
}

function key(reader: ByteReader, output: JsonOutput, depth: number): void {
  const head = readHead(reader)
  const written = head.major === 3 ? text(reader, head) : null
  if (typeof written === 'string') return output.key(written)
  output.otherKey(head.start, (other) => {
    if (written === null) item(reader, other, head, depth)
    else other.text(written)
  })
}

function tagged(reader: ByteReader, output: JsonOutput, tag: number | bigint, depth: number): void {
  if (tag === 2 || tag === 3) {
    const head = readHead(reader)
    // Numbers beyond this take longer to write than anybody would wait.
    if (head.major === 2 && (head.argument === indefinite || head.argument <= 1024)) {
      const bytes = string(reader, head)
      if (bytes.length <= 1024) {
        const natural = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`)
        return output.integer(tag === 2 ? natural : -1n - natural)
      }
    }
    reader.position = head.start
  }
  output.write(`{"$tag":${tag},"$value":`)
  value(reader, output, depth + 1)
  output.write('}')
}

function simple(reader: ByteReader, output: JsonOutput, head: Head): void {
  const { info, argument, start } = head
  const bits = start + 1
  switch (info) {
    case 20:
      return output.write('false')
    case 21:
      return output.write('true')
    case 22:
      return output.write('null')
    case 23:
      return output.write('{"$undefined":true}')
    case 25:
      return output.float32(readHalf(reader.view, bits))
    case 26:
      return output.float32(reader.view.getFloat32(bits))
    case 27:
      return output.float(reader.view.getFloat64(bits))
  }
  if (info === 24 && argument < 32)
    throw new DecodeFailure(`The simple value ${argument} must not take two bytes.`, start)
  output.write(`{"$simple":${argument}}`)
}

/** The content of a byte or text string; chunks of one of indefinite length are put together. */
function string(reader: ByteReader, head: Head): Uint8Array {
  if (head.argument !== indefinite) return reader.take(Number(head.argument))
  const chunks: Uint8Array[] = []
  while (reader.peek() !== breakByte) {
    const chunk = readHead(reader)
    if (chunk.major !== head.major || chunk.argument === indefinite)
      throw new DecodeFailure(
        `Only ${head.major === 2 ? 'byte' : 'text'} strings of a definite length may stand here.`,
        chunk.start,
      )
    chunks.push(reader.take(Number(chunk.argument)))
  }
  reader.skip(1)
  return Buffer.concat(chunks)
}

function text(reader: ByteReader, head: Head): ReadText {
  return toText(string(reader, head))
}
