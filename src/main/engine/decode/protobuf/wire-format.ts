import { DecodeFailure } from '../decode-failure'

/** How a field's value is laid out (protobuf.dev/programming-guides/encoding). */
export const wireType = {
  varint: 0,
  fixed64: 1,
  bytes: 2,
  group: 3,
  endGroup: 4,
  fixed32: 5,
} as const

/** A field as it lies in the bytes. */
export interface WireField {
  readonly number: number
  readonly type: number
  /** Where its value begins: behind the tag, and behind the length of what has one. */
  readonly start: number
  /** Where its value ends; a group's before its end tag. */
  readonly end: number
}

const largestNumber = 2 ** 29 - 1

/** Deepest nesting of groups that is stepped over. */
const maxGroups = 256

/**
 * Splits a message into its fields, without looking into them.
 * @throws {DecodeFailure} where the bytes are no message.
 */
export function wireFields(bytes: Uint8Array, start: number, end: number): WireField[] {
  const fields: WireField[] = []
  const cursor = new FieldCursor(bytes, start, end)
  while (cursor.next()) {
    const { number, type } = cursor
    fields.push({ number, type, start: cursor.start, end: cursor.end })
  }
  return fields
}

/** Whether the bytes can be a message. Decides as {@link wireFields} does, but keeps nothing. */
export function isMessage(bytes: Uint8Array, start: number, end: number): boolean {
  try {
    const cursor = new FieldCursor(bytes, start, end)
    while (cursor.next());
    return true
  } catch (error) {
    if (error instanceof DecodeFailure) return false
    throw error
  }
}

/** Goes from field to field. */
class FieldCursor implements WireField {
  number = 0
  type = 0
  start = 0
  end = 0
  readonly #bytes: Uint8Array
  readonly #stop: number
  #position: number

  constructor(bytes: Uint8Array, start: number, stop: number) {
    this.#bytes = bytes
    this.#position = start
    this.#stop = stop
  }

  /** Steps to the next field. @returns `false` at the end. @throws {DecodeFailure} */
  next(): boolean {
    if (this.#position >= this.#stop) return false
    const at = this.#readTag()
    if (this.type === wireType.endGroup)
      throw new DecodeFailure(`Group ${this.number} ends here without having begun.`, at)
    this.#readValue(at, 0)
    return true
  }

  /** Returns where the tag begins. */
  #readTag(): number {
    const at = this.#position
    const tag = this.#varint()
    this.type = tag % 8
    this.number = Math.floor(tag / 8)
    if (this.number < 1 || this.number > largestNumber)
      throw new DecodeFailure(
        `Here a field should begin, but its number would be ${this.number}.`,
        at,
      )
    return at
  }

  #readValue(at: number, groups: number): void {
    this.start = this.#position
    switch (this.type) {
      case wireType.varint:
        this.#varint()
        break
      case wireType.fixed64:
        this.#skip(8)
        break
      case wireType.fixed32:
        this.#skip(4)
        break
      case wireType.bytes: {
        const length = this.#varint()
        this.#skip(length)
        this.start = this.#position - length
        break
      }
      case wireType.group:
        return this.#readGroup(groups + 1)
      default:
        throw new DecodeFailure(
          `Field ${this.number} has wire type ${this.type}, which does not exist.`,
          at,
        )
    }
    this.end = this.#position
  }

  #readGroup(groups: number): void {
    const { number, start } = this
    if (groups > maxGroups)
      throw new DecodeFailure(`Groups are nested more than ${maxGroups} levels deep here.`, start)
    while (this.#position < this.#stop) {
      const at = this.#readTag()
      if (this.type !== wireType.endGroup) this.#readValue(at, groups)
      else if (this.number === number) {
        this.type = wireType.group
        this.start = start
        this.end = at
        return
      } else throw new DecodeFailure(`Another group than ${number} ends here.`, at)
    }
    throw new DecodeFailure(`Group ${number} does not end.`, this.#stop)
  }

  #skip(length: number): void {
    const missing = this.#position + length - this.#stop
    if (missing > 0)
      throw new DecodeFailure(
        `Field ${this.number} ends too early: ` +
          `${missing === 1 ? '1 byte is' : `${missing} bytes are`} missing.`,
        Math.min(this.start, this.#stop),
      )
    this.#position += length
  }

  /** What is beyond 2^53 is rounded: no tag and no length is as large. */
  #varint(): number {
    const byte = this.#bytes[this.#position] ?? 0x80
    if (byte < 0x80 && this.#position < this.#stop) {
      this.#position += 1
      return byte
    }
    const { value, end } = readVarint(this.#bytes, this.#position, this.#stop)
    this.#position = end
    return Number(value)
  }
}

export interface Varint {
  /** A bigint only when it is beyond 2^53. */
  readonly value: number | bigint
  readonly end: number
}

/** An unsigned number of up to 64 bits. @throws {DecodeFailure} */
export function readVarint(bytes: Uint8Array, start: number, end: number): Varint {
  let low = 0
  let factor = 1
  // Seven bytes hold 49 bits, which a number holds exactly.
  for (let index = 0; index < 7; index += 1) {
    const byte = varintByte(bytes, start, start + index, end)
    low += (byte & 0x7f) * factor
    if (byte < 0x80) return { value: low, end: start + index + 1 }
    factor *= 128
  }
  let wide = BigInt(low)
  for (let index = 7; index < 10; index += 1) {
    const byte = varintByte(bytes, start, start + index, end)
    wide |= BigInt(byte & 0x7f) << BigInt(7 * index)
    if (byte >= 0x80) continue
    const value = BigInt.asUintN(64, wide)
    const small = value <= Number.MAX_SAFE_INTEGER
    return { value: small ? Number(value) : value, end: start + index + 1 }
  }
  throw new DecodeFailure('A number is longer than ten bytes.', start)
}

function varintByte(bytes: Uint8Array, start: number, at: number, end: number): number {
  if (at >= end) throw new DecodeFailure('The data ends in the middle of a number.', start)
  return bytes[at] ?? 0
}

/** Fields by number, in the order in which the numbers appear. */
export function byNumber(fields: readonly WireField[]): Map<number, WireField[]> {
  const groups = new Map<number, WireField[]>()
  for (const field of fields) {
    const group = groups.get(field.number)
    if (group) group.push(field)
    else groups.set(field.number, [field])
  }
  return groups
}
