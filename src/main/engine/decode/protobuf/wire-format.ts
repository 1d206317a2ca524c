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
  for (let at = start; at < end;) {
    const { field, next } = readField(bytes, at, end, 0)
    fields.push(field)
    at = next
  }
  return fields
}

/** Whether the bytes can be a message. Decides as {@link wireFields} does, but keeps nothing. */
export function isMessage(bytes: Uint8Array, start: number, end: number): boolean {
  try {
    for (let at = start; at < end;) at = readField(bytes, at, end, 0).next
    return true
  } catch (error) {
    if (error instanceof DecodeFailure) return false
    throw error
  }
}

interface ReadField {
  readonly field: WireField
  /** Where the next field begins. */
  readonly next: number
}

function readField(bytes: Uint8Array, at: number, end: number, groups: number): ReadField {
  const tag = readVarint(bytes, at, end)
  const number = typeof tag.value === 'number' ? Math.floor(tag.value / 8) : 0
  const type = Number(BigInt(tag.value) & 7n)
  if (number < 1 || number > largestNumber)
    throw new DecodeFailure(
      `Here a field should begin, but its number would be ${BigInt(tag.value) >> 3n}.`,
      at,
    )
  const start = tag.end
  const to = (stop: number, next = stop) => {
    if (stop > end)
      throw new DecodeFailure(
        `Field ${number} ends too early: ${count(stop - end)} missing.`,
        Math.min(start, end),
      )
    return { field: { number, type, start, end: stop }, next }
  }
  switch (type) {
    case wireType.varint:
      return to(readVarint(bytes, start, end).end)
    case wireType.fixed64:
      return to(start + 8)
    case wireType.fixed32:
      return to(start + 4)
    case wireType.bytes: {
      const length = readVarint(bytes, start, end)
      const stop = length.end + Number(length.value)
      const { field } = to(stop)
      return { field: { ...field, start: length.end }, next: stop }
    }
    case wireType.group: {
      const { stop, next } = groupEnd(bytes, start, end, number, groups + 1)
      return { field: { number, type, start, end: stop }, next }
    }
    case wireType.endGroup:
      throw new DecodeFailure(`Group ${number} ends here without having begun.`, at)
    default:
      throw new DecodeFailure(`Field ${number} has wire type ${type}, which does not exist.`, at)
  }
}

function groupEnd(
  bytes: Uint8Array,
  start: number,
  end: number,
  number: number,
  groups: number,
): { readonly stop: number; readonly next: number } {
  if (groups > maxGroups)
    throw new DecodeFailure(`Groups are nested more than ${maxGroups} levels deep here.`, start)
  for (let at = start; at < end;) {
    const tag = readVarint(bytes, at, end)
    if (Number(BigInt(tag.value) & 7n) === wireType.endGroup) {
      if (BigInt(tag.value) >> 3n === BigInt(number)) return { stop: at, next: tag.end }
      throw new DecodeFailure(`Another group than ${number} ends here.`, at)
    }
    at = readField(bytes, at, end, groups).next
  }
  throw new DecodeFailure(`Group ${number} does not end.`, end)
}

function count(bytes: number): string {
  return bytes === 1 ? '1 byte is' : `${bytes} bytes are`
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
