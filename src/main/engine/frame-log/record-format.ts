import { directions, fates, rowKinds, type Fate } from '@shared/model/frame'

/**
 * Where things lie in the records of a segment file; docs/capture-format.md says what they mean.
 * All numbers are little-endian, all places count bytes from the start of the record.
 */

/** What a record holds; types that a reader does not know are passed over. */
export const recordTypes = { row: 1, session: 2, fates: 3 } as const

/** Records start at multiples of this. */
export const recordAlignment = 8

/** Places that every record has. Its checksum covers everything from `length` on. */
export const recordPlaces = { checksum: 0, length: 4, type: 8, flags: 9 } as const

/** The shortest record there can be, in bytes. */
export const recordHeadBytes = 16

/** Places of a row record; its sections follow at {@link rowHeadBytes}, then its payload. */
export const rowPlaces = {
  header: 10,
  session: 12,
  time: 16,
  size: 24,
  maskingKey: 28,
  wireSize: 32,
  fragments: 36,
  sectionBytes: 40,
} as const

/** Bytes of a row record before its sections. */
export const rowHeadBytes = 44

/** Places of a session record; a JSON text follows. */
export const sessionPlaces = { number: 12, size: 16, json: 20 } as const

/** Places of a fates record. */
export const fatesPlaces = { session: 12, firstId: 16, lastId: 24 } as const

export const fatesBytes = 32

/** A row's flags: kind in bits 0 to 2, direction in 3 and 4, fate plus one in 5 and 6, broken in 7. */
export const rowFlags = {
  kind: 0x07,
  directionShift: 3,
  direction: 0x18,
  fateShift: 5,
  fate: 0x60,
  broken: 0x80,
} as const

/** Sections of a row record: u16 type, u16 zero, u32 bytes, the bytes, zeros up to a multiple of 4. */
export const sectionTypes = { rtt: 1, broken: 2, raw: 3, frames: 4 } as const

export const sectionHeadBytes = 8

export const kindCodes = codesOf(rowKinds)
export const directionCodes = codesOf(directions)
export const fateCodes = codesOf(fates)

/** @returns `null` for a row without a fate. */
export function fateOfFlags(flags: number): Fate | null {
  const code = (flags & rowFlags.fate) >> rowFlags.fateShift
  return code === 0 ? null : (fates[code - 1] ?? null)
}

/** The flags with another fate in them. */
export function flagsWithFate(flags: number, fate: Fate): number {
  return (flags & ~rowFlags.fate) | ((fateCodes[fate] + 1) << rowFlags.fateShift)
}

/** Bytes rounded up to where the next record may start. */
export function aligned(bytes: number): number {
  // Records may be larger than bit operators can count.
  return Math.ceil(bytes / recordAlignment) * recordAlignment
}

function codesOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>
}
