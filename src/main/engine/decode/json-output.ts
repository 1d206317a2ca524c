import { DecodeFailure, tooLarge, type Bytes } from './decode-failure'
import { asBuffer, type ReadText } from './byte-reader'

/** Deepest nesting that is followed. */
export const maxDepth = 256

/** Longest key that is no text, in bytes of JSON. */
const maxKeyBytes = 64 * 1024

const flushAt = 64 * 1024
const encoder = new TextEncoder()

/**
 * Writes decoded values as JSON within a limit, without ever holding them as objects: the order of
 * keys, keys that occur twice and numbers of any size survive. What JSON cannot hold becomes an
 * object whose key begins with `$`; docs/decoders.md lists them. A real key that begins with `$` gets
 * a second one, so that the two cannot be confused.
 */
export class JsonOutput {
  readonly #what: string
  readonly #limit: number
  #pieces: Bytes[] = []
  #size = 0
  #pending = ''

  /**
   * @param what The format being decoded, for messages.
   * @param limit Most bytes of JSON.
   */
  constructor(what: string, limit: number) {
    this.#what = what
    this.#limit = limit
  }

  /** Adds JSON as it is. @throws {DecodeFailure} beyond the limit. */
  write(json: string): void {
    this.#pending += json
    if (this.#pending.length >= flushAt) this.#flush()
  }

  text(value: ReadText): void {
    if (typeof value !== 'string') return this.special('invalidUtf8', value)
    if (value.length > flushAt && this.#size + value.length > this.#limit) throw this.#tooLarge()
    this.write(quoted(value))
  }

  bytes(value: Uint8Array): void {
    this.special('bytes', value)
  }

  /** `{"$name":"hex digits"}`. */
  special(name: string, value: Uint8Array): void {
    this.write(`{"$${name}":`)
    this.hex(value)
    this.write('}')
  }

  /** Bytes as a string of hex digits. */
  hex(value: Uint8Array): void {
    this.write('"')
    const all = asBuffer(value)
    for (let start = 0; start < all.length; start += flushAt / 2)
      this.write(all.toString('hex', start, start + flushAt / 2))
    this.write('"')
  }

  /** A whole number of any size. */
  integer(value: number | bigint): void {
    this.write(Object.is(value, -0) ? '0' : String(value))
  }

  /** A floating-point number; it always looks like one, as in `1.0`. */
  float(value: number): void {
    if (!Number.isFinite(value)) return this.write(`{"$float":"${value}"}`)
    if (Object.is(value, -0)) return this.write('-0.0')
    const written = String(value)
    this.write(Number.isInteger(value) && Math.abs(value) < 1e21 ? `${written}.0` : written)
  }

  /** A 32-bit float with as few digits as tell it from its neighbours. */
  float32(value: number): void {
    const digits = [7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === value)
    this.float(value === 0 ? value : Number(value.toPrecision(digits ?? 9)))
  }

  /** A key that is a text, with its colon. */
  key(value: string): void {
    this.write(`${quoted(value.startsWith('$') ? `$${value}` : value)}:`)
  }

  /** A key that is no text: its JSON after a `$`, with its colon. */
  otherKey(offset: number, write: (key: JsonOutput) => void): void {
    this.write(`${quoted(`$${this.aside(write, offset)}`)}:`)
  }

  /**
   * What `write` writes, as JSON of its own; it may be as long as a key.
   * @param offset Where in the input it stands, for the failure when it is longer.
   */
  aside(write: (output: JsonOutput) => void, offset: number): string {
    const key = new JsonOutput('key', maxKeyBytes)
    try {
      write(key)
      return new TextDecoder().decode(key.finish())
    } catch (error) {
      if (!(error instanceof DecodeFailure) || error.offset !== null) throw error
      throw new DecodeFailure('A key is longer than 64 KiB of JSON.', offset)
    }
  }

  /** Everything written so far. */
  finish(): Bytes {
    this.#flush()
    const all = new Uint8Array(this.#size)
    let at = 0
    for (const piece of this.#pieces) {
      all.set(piece, at)
      at += piece.length
    }
    this.#pieces = []
    return all
  }

  #flush(): void {
    const piece = encoder.encode(this.#pending)
    this.#pending = ''
    this.#size += piece.length
    if (this.#size > this.#limit) throw this.#tooLarge()
    this.#pieces.push(piece)
  }

  #tooLarge(): DecodeFailure {
    this.#pieces = []
    return tooLarge(this.#what, this.#limit)
  }
}

/** What JSON must escape, and halves of characters, which only JSON.stringify writes well. */
const special = /["\\\0-\x1f\ud800-\udfff]/

function quoted(text: string): string {
  return special.test(text) ? JSON.stringify(text) : `"${text}"`
}

/** @throws {DecodeFailure} when values are nested too deep to be followed. */
export function checkDepth(depth: number, offset: number): void {
  if (depth > maxDepth)
    throw new DecodeFailure(`Values are nested more than ${maxDepth} levels deep here.`, offset)
}
