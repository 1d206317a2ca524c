import type { DecodeStep } from '@shared/model/decode'
import type { CompressionName } from './compressions'
import { decodeCbor } from './decode-cbor'
import { DecodeFailure, type Bytes } from './decode-failure'
import { decodeMsgpack } from './decode-msgpack'
import { decodeBase64, decodeHex, decodeUtf16 } from './decode-text'
import { inflate, inflateStart, startsFrame } from './inflate'
import { wireFields } from './protobuf/wire-format'
import { sampleBytes, sampleOf, textOf, type Sample } from './sample'

/** A step that decodes a sample. */
export interface Candidate {
  readonly step: DecodeStep
  /** What it gives; `null` when nothing can follow. */
  readonly output: Sample | null
  /** Whether it is worth suggesting even when nobody knows what its output is. */
  readonly certain: boolean
}

/** JSON that a look at a sample may give, in bytes. */
const jsonLimit = 4 * 1024 * 1024

/** Shortest text that is taken for something else. */
const minText = 8

/** Highest field number that bytes of unknown origin are believed to have. */
const maxFieldNumber = 1000

/** The steps that decode a sample, the likeliest first. */
export function candidates(sample: Sample): Candidate[] {
  const text = textOf(sample)
  if (text) return text.json ? [] : textual(sample, text.text)
  const marked = markedAs(sample.bytes)
  const found = [...(marked ? inflated(marked, sample, true) : []), ...utf16(sample)]
  if (found.length > 0) return found
  const values = structured(sample)
  if (values.length > 0 || !sample.whole) return values
  return [...inflated('brotli', sample, false), ...inflated('deflate-raw', sample, false)]
}

function textual(sample: Sample, text: string): Candidate[] {
  if (text.length < minText) return []
  const found: Candidate[] = []
  // Two digits make a byte and four characters three bytes; what is cut off may split one.
  if (/^[\s,0-9a-fx]+$/i.test(text)) found.push(...decodedText('hex', decodeHex, sample, 2))
  if (/^[\w\s+/=-]+$/.test(text)) found.push(...decodedText('base64', decodeBase64, sample, 4))
  return found
}

function decodedText(
  name: 'hex' | 'base64',
  decode: (input: Uint8Array) => Bytes,
  { bytes, whole }: Sample,
  group: number,
): Candidate[] {
  // Line breaks shift the groups, so that every end is tried.
  for (let cut = 0; cut < (whole ? 1 : group); cut += 1) {
    const output = attempt(() => decode(bytes.subarray(0, bytes.length - cut)))
    if (output) return [{ step: { name }, output: sampleOf(output, restOf(whole)), certain: false }]
  }
  return []
}

/** The compression whose mark the bytes begin with. */
function markedAs(bytes: Uint8Array): CompressionName | null {
  const [first = 0, second = 0, third = 0] = bytes
  if (first === 0x1f && second === 0x8b && third === 8) return 'gzip'
  if (startsFrame(bytes, 0)) return 'zstd'
  // RFC 1950 section 2.2: deflate with a window of 32 KiB, and a check of both bytes.
  return first === 0x78 && ((first << 8) | second) % 31 === 0 ? 'zlib' : null
}

function inflated(name: CompressionName, sample: Sample, marked: boolean): Candidate[] {
  const { bytes, whole } = sample
  const all = whole ? attempt(() => inflate(name, bytes, sampleBytes)) : null
  if (all) return [{ step: { name }, output: sampleOf(all, restOf(whole)), certain: marked }]
  const start =
    inflateStart(name, bytes, sampleBytes) ?? (marked ? beforeFailure(name, bytes) : null)
  // Without a mark, nothing but a good end can tell.
  if (!start || (!marked && !attempt(() => inflate(name, bytes, jsonLimit)))) return []
  return [{ step: { name }, output: sampleOf(start, Number.POSITIVE_INFINITY), certain: marked }]
}

/** What marked data gives before something else follows it. */
function beforeFailure(name: CompressionName, bytes: Uint8Array): Bytes | null {
  try {
    return inflate(name, bytes, sampleBytes)
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    return error.partial
  }
}

function utf16(sample: Sample): Candidate[] {
  const { bytes, whole } = sample
  const order = utf16Order(bytes)
  if (!order) return []
  const even = bytes.subarray(0, bytes.length - (whole ? 0 : bytes.length % 2))
  const decoded = attempt(() => decodeUtf16(even, order, jsonLimit))
  if (!decoded) return []
  const output = sampleOf(decoded, restOf(whole))
  const step: DecodeStep = { name: order === 'LE' ? 'utf-16le' : 'utf-16be' }
  return textOf(output) ? [{ step, output, certain: false }] : []
}

/** By the byte order mark, or by the zeros that every other byte of a mostly Latin text is. */
function utf16Order(bytes: Uint8Array): 'LE' | 'BE' | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return 'LE'
  if (first === 0xfe && second === 0xff) return 'BE'
  const units = Math.min(bytes.length, 512) >> 1
  if (units < 2) return null
  let even = 0
  let odd = 0
  for (let unit = 0; unit < units; unit += 1) {
    if (bytes[unit * 2] === 0) even += 1
    if (bytes[unit * 2 + 1] === 0) odd += 1
  }
  if (odd > units * 0.6 && even === 0) return 'LE'
  return even > units * 0.6 && odd === 0 ? 'BE' : null
}

function structured(sample: Sample): Candidate[] {
  const [first = 0] = sample.bytes
  const final = (step: DecodeStep): Candidate => ({ step, output: null, certain: true })
  const found: Candidate[] = []
  if (isMsgpackCollection(first) && reads(sample, decodeMsgpack))
    found.push(final({ name: 'msgpack' }))
  if (isCborCollection(first) && reads(sample, decodeCbor)) found.push(final({ name: 'cbor' }))
  if (found.length === 0 && isLikelyProtobuf(sample))
    found.push(final({ name: 'protobuf', schemaId: null, message: '' }))
  return found
}

function isMsgpackCollection(first: number): boolean {
  return (first > 0x80 && first <= 0x9f && first !== 0x90) || (first >= 0xdc && first <= 0xdf)
}

/** Arrays and maps that are not empty, and tags, which mostly hold one. */
function isCborCollection(first: number): boolean {
  const info = first & 0x1f
  const usable = (info > 0 && info <= 27) || info === 31
  return usable && ((first >= 0x80 && first <= 0xbf) || (first >= 0xd8 && first <= 0xdb))
}

/**
 * Whether the sample is one value, or the beginning of one that the bytes after it can complete. Its
 * texts are UTF-8, which those of other bytes that happen to be lengths and values hardly ever are.
 */
function reads(
  { bytes, whole, rest }: Sample,
  decode: (input: Uint8Array, limit: number, textOnly: boolean) => Bytes,
): boolean {
  try {
    decode(bytes, jsonLimit, true)
    return whole
  } catch (error) {
    if (!(error instanceof DecodeFailure)) throw error
    return error.missing > 0 && error.missing <= rest
  }
}

/** Bytes after what a step gave for a sample, of which nobody knows how many they are. */
function restOf(whole: boolean): number {
  return whole ? 0 : Number.POSITIVE_INFINITY
}

function isLikelyProtobuf({ bytes, whole }: Sample): boolean {
  if (!whole || bytes.length < 4) return false
  const fields = attempt(() => wireFields(bytes, 0, bytes.length))
  return fields !== null && fields.every(({ number }) => number <= maxFieldNumber)
}

function attempt<Result>(decode: () => Result): Result | null {
  try {
    return decode()
  } catch (error) {
    if (error instanceof DecodeFailure) return null
    throw error
  }
}
