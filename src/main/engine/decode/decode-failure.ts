/** Bytes from a decoder that it owns whole, so that they can be transferred. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Why a step could not decode its input. */
export class DecodeFailure extends Error {
  /** Where in the input, in bytes; `null` when no place is to blame. */
  readonly offset: number | null
  /** What the step gave before it failed; `null` when that is nothing. */
  readonly partial: Bytes | null
  /** Bytes that the input ends too early by; 0 when it fails for another reason. */
  readonly missing: number

  constructor(
    message: string,
    offset: number | null = null,
    partial: Bytes | null = null,
    missing = 0,
  ) {
    super(message)
    this.name = 'DecodeFailure'
    this.offset = offset
    this.partial = partial
    this.missing = missing
  }
}

/** Bytes in memory of their own; a view of a larger buffer is copied. */
export function owned(bytes: Uint8Array): Bytes {
  const { buffer, byteLength } = bytes
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    return new Uint8Array(buffer)
  return new Uint8Array(bytes)
}

/** The failure of a step whose output outgrows its limit (in bytes). */
export function tooLarge(what: string, limit: number): DecodeFailure {
  return new DecodeFailure(
    `The ${what} data expands to more than ${inBinaryUnits(limit)}; decoding stopped there. ` +
      'What the steps before it gave is kept.',
  )
}

function inBinaryUnits(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.floor(bytes / (1024 * 1024))} MiB`
  return bytes >= 1024 ? `${Math.floor(bytes / 1024)} KiB` : `${bytes} bytes`
}
