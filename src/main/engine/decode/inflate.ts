import { compressions, type Compression, type CompressionName } from './compressions'
import { DecodeFailure, owned, tooLarge, type Bytes } from './decode-failure'

/** Time after which the search for the first wrong byte ends, in milliseconds. */
const searchTime = 2_000
/** Longest check at the end of compressed data: that of gzip (RFC 1952 section 2.3.1). */
const trailerBytes = 8
/** What zlib says when it takes what follows a member of gzip for another one. */
const headerProblem = /header|compression method/
/** Bytes of a gzip header that zlib takes before it says that it is none. */
const headerBytes = 4

const smallestChunk = 16 * 1024
const largestChunk = 4 * 1024 * 1024

/** First bytes of a Zstandard frame and of a skippable one, little-endian (RFC 8878 section 3.1). */
const zstdMagic = 0xfd2fb528
const zstdSkippable = 0x184d2a50

/**
 * Undoes a compression. Members of gzip and frames of Zstandard that follow one another are put
 * together.
 * @throws {DecodeFailure} where the data is damaged, ends too early, goes on behind its end, or
 * expands to more than `limit` bytes.
 */
export function inflate(name: CompressionName, input: Uint8Array, limit: number): Bytes {
  const compression = compressions[name]
  const parts: Uint8Array[] = []
  let size = 0
  let position = 0
  do {
    const rest = input.subarray(position)
    try {
      const { output, consumed } = compression.inflate(rest, options(rest, limit - size, false))
      parts.push(output)
      size += output.length
      position += consumed
    } catch (error) {
      const failure = explain(compression, rest, limit - size, limit, error)
      if (failure.offset === null) throw failure
      if (failure.partial) parts.push(failure.partial)
      const whole = parts.length > 0 ? joined(parts) : null
      throw new DecodeFailure(failure.message, position + failure.offset, whole)
    }
  } while (name === 'zstd' && startsFrame(input, position))
  if (position < input.length) throw followed(compression, input, position, joined(parts))
  return joined(parts)
}

function joined(parts: readonly Uint8Array[]): Bytes {
  const [first] = parts
  return owned(first && parts.length === 1 ? first : Buffer.concat(parts))
}

function followed({ title }: Compression, input: Uint8Array, end: number, output: Bytes) {
  const left = input.length - end
  return new DecodeFailure(
    `The ${title} data ends here, but ` +
      `${left === 1 ? '1 byte follows' : `${left} bytes follow`} it.`,
    end,
    output,
  )
}

/**
 * The beginning of what compressed data gives, for a look at it; the data may be cut off.
 * @returns `null` when the data is not of that compression.
 */
export function inflateStart(
  name: CompressionName,
  input: Uint8Array,
  limit: number,
): Bytes | null {
  // Zlib gives nothing at all of what would be too long, so less and less of the input is tried.
  for (let length = input.length; length > 0; length >>= 1) {
    try {
      const part = input.subarray(0, length)
      return owned(compressions[name].inflate(part, options(part, limit, true)).output)
    } catch (error) {
      if (codeOf(error) !== 'ERR_BUFFER_TOO_LARGE') return null
    }
  }
  return null
}

/** Whether a frame of Zstandard, or one to be skipped, begins at `position`. */
export function startsFrame(input: Uint8Array, position: number): boolean {
  if (input.length - position < 4) return false
  const view = new DataView(input.buffer, input.byteOffset + position, 4)
  const magic = view.getUint32(0, true)
  return magic === zstdMagic || (magic & 0xffff_fff0) >>> 0 === zstdSkippable
}

function options(input: Uint8Array, limit: number, cut: boolean) {
  const chunkSize = Math.min(Math.max(input.length * 2, smallestChunk), largestChunk)
  return { maxOutputLength: Math.max(1, limit), chunkSize, cut }
}

/** Says in words why one member or frame cannot be decoded; places are counted from its first byte. */
function explain(
  compression: Compression,
  input: Uint8Array,
  left: number,
  limit: number,
  error: unknown,
): DecodeFailure {
  const { title } = compression
  const code = codeOf(error)
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(title, limit)
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'ABSENT') return new DecodeFailure(message)
  if (code === 'Z_BUF_ERROR') {
    const output = attempt(compression, input, left, input.length)?.output ?? null
    return new DecodeFailure(`The ${title} data ends too early.`, input.length, kept(output))
  }
  if (code === 'Z_NEED_DICT' || code === 'ZSTD_error_dictionary_wrong')
    return new DecodeFailure(`The ${title} data needs a dictionary, which is not known here.`, 0)
  if (code === 'ZSTD_error_frameParameter_windowTooLarge')
    return new DecodeFailure(`The ${title} data needs a window of more than 128 MiB.`, 0)
  if (!attempt(compression, input, left, Math.min(headerBytes, input.length)))
    return new DecodeFailure(`This is not ${title} data (${message}).`, 0)
  const { good, bad, output } = firstWrong(compression, input, left)
  const end = headerProblem.test(message) ? endOfMember(compression, input, good, left) : null
  if (end) return followed(compression, input, end.length, owned(end.output))
  const place = bad - good > 1 ? ` within the ${bad - good} bytes that begin here` : ''
  return new DecodeFailure(`The ${title} data is damaged${place} (${message}).`, good, kept(output))
}

function kept(output: Uint8Array | null): Bytes | null {
  return output && output.length > 0 ? owned(output) : null
}

/**
 * Looks for the first byte that cannot be decoded: it lies behind the first `good` bytes and within
 * the first `bad` ones. Each look decodes from the start, so that large data is only narrowed down.
 * @returns also what the first `good` bytes give.
 */
function firstWrong(compression: Compression, input: Uint8Array, left: number) {
  const until = performance.now() + searchTime
  let good = 0
  let bad = input.length
  let output: Uint8Array | null = null
  // What is damaged often only shows in the check at the end.
  let middle = Math.max(1, input.length - trailerBytes - 1)
  while (bad - good > 1 && performance.now() < until) {
    const found = attempt(compression, input, left, middle)
    if (found) [good, output] = [middle, found.output]
    else bad = middle
    middle = (good + bad) >> 1
  }
  return { good, bad, output }
}

/** Where a complete member ends just before `good`, when what follows only looked like another. */
function endOfMember(compression: Compression, input: Uint8Array, good: number, left: number) {
  for (let length = good; length > Math.max(0, good - headerBytes); length -= 1) {
    const part = input.subarray(0, length)
    try {
      return { length, ...compression.inflate(part, options(part, left, false)) }
    } catch {
      // It does not end here.
    }
  }
  return null
}

/** What the first bytes give when more is still to come; `null` when they are damaged. */
function attempt(compression: Compression, input: Uint8Array, left: number, length: number) {
  const part = input.subarray(0, length)
  try {
    return compression.inflate(part, options(part, left, true))
  } catch {
    return null
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
}
