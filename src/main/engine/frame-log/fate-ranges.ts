import type { Fate } from '@shared/model/frame'
import { fates } from '@shared/model/frame'
import {
  fateCodes,
  fatesBytes,
  fatesPlaces,
  fateOfFlags,
  recordPlaces,
  recordTypes,
} from './record-format'
import type { RowIndex } from './row-index'

/** Every row of `session` from `firstId` to `lastId` that was queued has this fate. */
export interface FateRange {
  readonly session: number
  readonly fate: Fate
  readonly firstId: number
  lastId: number
}

/** Most rows of other sessions that are looked at to join two ranges. */
const mostBetween = 64

/** Fates of rows that are sealed already, on their way to a record of their own. */
export class FateRanges {
  readonly #index: RowIndex
  #ranges: FateRange[] = []

  constructor(index: RowIndex) {
    this.#index = index
  }

  get length(): number {
    return this.#ranges.length
  }

  add(id: number, session: number, fate: Fate): void {
    const last = this.#ranges.at(-1)
    if (
      last &&
      last.session === session &&
      last.fate === fate &&
      this.#joins(last.lastId, id, session)
    )
      last.lastId = id
    else this.#ranges.push({ session, fate, firstId: id, lastId: id })
  }

  /** Whether no row between them would get a fate that is not its own. */
  #joins(last: number, id: number, session: number): boolean {
    if (id <= last || id - last > mostBetween) return false
    for (let between = last + 1; between < id; between += 1)
      if (isQueued(this.#index, between, session)) return false
    return true
  }

  take(): readonly FateRange[] {
    const ranges = this.#ranges
    this.#ranges = []
    return ranges
  }
}

/** Whether the row is one of those that a {@link FateRange} may change. */
export function isQueued(index: RowIndex, id: number, session: number): boolean {
  return (
    fateOfFlags(index.flags(id)) === 'queued' &&
    index.session(id) === session &&
    index.offset(id) !== 0
  )
}

/** The record of a range, without its checksum. */
export function encodeFates(range: FateRange): Uint8Array {
  const bytes = Buffer.alloc(fatesBytes)
  bytes.writeUInt32LE(fatesBytes, recordPlaces.length)
  bytes.writeUInt8(recordTypes.fates, recordPlaces.type)
  bytes.writeUInt8(fateCodes[range.fate], recordPlaces.flags)
  bytes.writeUInt32LE(range.session, fatesPlaces.session)
  bytes.writeDoubleLE(range.firstId, fatesPlaces.firstId)
  bytes.writeDoubleLE(range.lastId, fatesPlaces.lastId)
  return bytes
}

/** @returns `null` when it does not describe fates. */
export function decodeFates(record: Uint8Array): FateRange | null {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  if (bytes.length < fatesBytes) return null
  const fate = fates[bytes.readUInt8(recordPlaces.flags)]
  const firstId = bytes.readDoubleLE(fatesPlaces.firstId)
  const lastId = bytes.readDoubleLE(fatesPlaces.lastId)
  if (!fate || !Number.isSafeInteger(firstId) || !Number.isSafeInteger(lastId)) return null
  return { session: bytes.readUInt32LE(fatesPlaces.session), fate, firstId, lastId }
}
