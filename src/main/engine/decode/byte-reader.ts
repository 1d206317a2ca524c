import { isUtf8 } from 'node:buffer'
import { DecodeFailure } from './decode-failure'

/** A text, or the bytes that should have been one. */
export type ReadText = string | Uint8Array

/** Reads big-endian and little-endian values from bytes, one after the other, and knows where it is. */
export class ByteReader {
  readonly bytes: Uint8Array
  /** Where it stops reading. */
  readonly end: number
  /** The next byte. */
  position: number
  readonly view: DataView
  readonly #buffer: Buffer
  readonly #textOnly: boolean
  readonly #format: string

  /**
   * @param format What the bytes are called in messages, such as `CBOR`.
   * @param textOnly Whether a text that is no UTF-8 is a failure.
   */
  constructor(bytes: Uint8Array, format: string, textOnly = false) {
    this.bytes = bytes
    this.#format = format
    this.position = 0
    this.end = bytes.length
    this.#textOnly = textOnly
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#buffer = asBuffer(bytes)
  }

  get atEnd(): boolean {
    return this.position >= this.end
  }

  /** The next byte, which stays the next. @throws {DecodeFailure} */
  peek(): number {
    this.#require(1)
    return this.bytes[this.position] ?? 0
  }

  /**
   * Steps over the next bytes.
   * @returns where they begin. @throws {DecodeFailure} when there are not as many.
   */
  skip(length: number): number {
    this.#require(length)
    const start = this.position
    this.position += length
    return start
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1))
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2))
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4))
  }

  uint64(): bigint {
    return this.view.getBigUint64(this.skip(8))
  }

  /** The next bytes, as a view. @throws {DecodeFailure} */
  take(length: number): Uint8Array {
    const start = this.skip(length)
    return this.bytes.subarray(start, start + length)
  }

  /** The next bytes as UTF-8; the bytes themselves when they are none. @throws {DecodeFailure} */
  text(length: number): ReadText {
    const { position } = this
    if (this.#textOnly) this.#requireText(position, Math.min(position + length, this.end))
    this.skip(length)
    return textAt(this.#buffer, position, position + length)
  }

  /** What is there of a text whose end is missing must be one too. */
  #requireText(start: number, end: number): void {
    const there = this.bytes.subarray(start, end)
    const whole = end < this.end ? there : upToCharacter(there)
    if (typeof toText(whole) !== 'string')
      throw new DecodeFailure(`A text of the ${this.#format} data is no UTF-8.`, start)
  }

  #require(length: number): void {
    const left = this.end - this.position
    if (length <= left) return
    const missing = length - left
    throw new DecodeFailure(
      `The ${this.#format} data ends too early: ` +
        `${missing === 1 ? '1 byte is' : `${missing} bytes are`} missing.`,
      this.end,
      null,
      missing,
    )
  }
}

/** Without the beginning of a character that was cut off. */
export function upToCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back)
  }
  return bytes
}

/** Bytes as UTF-8; the bytes themselves when they are none. */
export function toText(bytes: Uint8Array): ReadText {
  return textAt(asBuffer(bytes), 0, bytes.length)
}

/** A part of bytes as {@link toText} reads it. */
export function textAt(bytes: Buffer, start: number, end: number): ReadText {
  if (isAscii(bytes, start, end)) return bytes.toString('latin1', start, end)
  const part = bytes.subarray(start, end)
  return isUtf8(part) ? part.toString('utf8') : part
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Most texts are short and ASCII, and to look at them here is cheaper than to hand them on. */
const longestLook = 100

function isAscii(bytes: Buffer, start: number, end: number): boolean {
  if (end - start > longestLook) return false
  for (let at = start; at < end; at += 1) if ((bytes[at] ?? 0) >= 0x80) return false
  return true
}
