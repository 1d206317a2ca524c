import type { FilterRow } from './filter-row'

/** What {@link RowContent.json} is when the text is not JSON. */
export const notJson = Symbol('not JSON')

const nothing = new Uint8Array(0)
// A byte order mark is part of what the peer sent.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const closeCodeBytes = 2

/**
 * What a row says, read when it is asked for and once for all terms of a filter: its payload, of a
 * close frame the reason.
 */
export class RowContent {
  #row: FilterRow | undefined
  #bytes: Uint8Array | undefined
  #text: string | undefined
  #json: unknown

  /** Forgets the row before, which may be the same object with other content. */
  load(row: FilterRow): void {
    this.#row = row
    this.#bytes = undefined
    this.#text = undefined
    this.#json = undefined
  }

  get bytes(): Uint8Array {
    if (this.#bytes !== undefined) return this.#bytes
    const row = this.#row
    const payload = row?.payload ?? nothing
    this.#bytes = row?.kind === 'close' ? payload.subarray(closeCodeBytes) : payload
    return this.#bytes
  }

  /** The bytes read as UTF-8, with U+FFFD for what is not. */
  get text(): string {
    this.#text ??= decoder.decode(this.bytes)
    return this.#text
  }

  /** The text parsed as JSON. */
  get json(): unknown {
    this.#json ??= this.#parse()
    return this.#json === jsonNull ? null : this.#json
  }

  #parse(): unknown {
    if (!looksLikeJson(this.bytes)) return notJson
    try {
      const value: unknown = JSON.parse(this.text)
      return value === null ? jsonNull : value
    } catch {
      return notJson
    }
  }
}

/** Stands for a `null` that was parsed, so that it is not parsed again. */
const jsonNull = Symbol('null')

/** Whether the first and the last byte could be those of JSON: a failed parse costs much more. */
function looksLikeJson(bytes: Uint8Array): boolean {
  let start = 0
  let end = bytes.length - 1
  while (start <= end && isSpace(bytes[start] as number)) start += 1
  while (end > start && isSpace(bytes[end] as number)) end -= 1
  const [first, last] = [bytes[start], bytes[end]]
  switch (first) {
    case undefined:
      return false
    case 0x7b: // {
      return last === 0x7d
    case 0x5b: // [
      return last === 0x5d
    case 0x22: // "
      return last === 0x22
    default:
      return first === 0x2d || (first >= 0x30 && first <= 0x39) || (first >= 0x66 && first <= 0x74)
  }
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
