import { compressions, type Compression, type CompressionName } from './compressions'
import { DecodeFailure, owned, tooLarge, type Bytes } from './decode-failure'

/** Longest input whose first wrong byte is searched for, which takes decoding it about twenty times. */
const maxSearched = 4 * 1024 * 1024

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
    const { output, consumed } = inflateOne(compression, rest, limit - size, position, limit)
    parts.push(output)
    size += output.length
    position += consumed
  } while (name === 'zstd' && startsFrame(input, position))
  const whole = parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts, size)
  if (position >= input.length) return owned(whole)
  const left = input.length - position
  throw new DecodeFailure(
    `The ${compression.title} data ends here, but ` +
      `${left === 1 ? '1 byte follows' : `${left} bytes follow`} it.`,
    position,
    owned(whole),
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

function startsFrame(input: Uint8Array, position: number): boolean {
  if (input.length - position < 4) return false
  const view = new DataView(input.buffer, input.byteOffset + position, 4)
  const magic = view.getUint32(0, true)
  return magic === zstdMagic || (magic & 0xffff_fff0) >>> 0 === zstdSkippable
}

function inflateOne(
  compression: Compression,
  input: Uint8Array,
  left: number,
  start: number,
  limit: number,
) {
  try {
    return compression.inflate(input, options(input, left, false))
  } catch (error) {
    throw explain(compression, input, left, start, limit, error)
  }
}

function options(input: Uint8Array, limit: number, cut: boolean) {
  const chunkSize = Math.min(Math.max(input.length * 2, smallestChunk), largestChunk)
  return { maxOutputLength: Math.max(1, limit), chunkSize, cut }
}

function explain(
  compression: Compression,
  input: Uint8Array,
  left: number,
  start: number,
  limit: number,
  error: unknown,
): DecodeFailure {
  const { title } = compression
  const code = codeOf(error)
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(title, limit)
  const message = error instanceof Error ? error.message : String(error)
  if (code === 'ABSENT') return new DecodeFailure(message)
  if (code === 'Z_BUF_ERROR') {
    const { output } = attempt(compression, input, left, input.length) ?? { output: null }
    return new DecodeFailure(
      `The ${title} data ends too early, after ${input.length} bytes.`,
      start + input.length,
      output && kept(output),
    )
  }
  if (code === 'Z_NEED_DICT')
    return new DecodeFailure(
      `The ${title} data needs a dictionary, which is not known here.`,
      start,
    )
  if (!attempt(compression, input, left, Math.min(4, input.length)))
    return new DecodeFailure(`This is not ${title} data (${message}).`, start)
  const damaged = `The ${title} data is damaged (${message}).`
  if (input.length > maxSearched) return new DecodeFailure(damaged)
  const good = longestGood(compression, input, left)
  const { output } = attempt(compression, input, left, good) ?? { output: null }
  return new DecodeFailure(damaged, start + good, output && kept(output))
}

function kept(output: Uint8Array): Bytes | null {
  return output.length > 0 ? owned(output) : null
}

/** Bytes up to the first that cannot be decoded. */
function longestGood(compression: Compression, input: Uint8Array, left: number): number {
  let good = 0
  let bad = input.length
  while (bad - good > 1) {
    const middle = (good + bad) >> 1
    if (attempt(compression, input, left, middle)) good = middle
    else bad = middle
  }
  return good
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
