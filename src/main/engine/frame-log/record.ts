import { directions, rowKinds, type Direction, type RowKind } from '@shared/model/frame'
import type { NewRow } from './frame-log'
import {
  aligned,
  directionCodes,
  fateCodes,
  kindCodes,
  recordHeadBytes,
  recordPlaces,
  recordTypes,
  rowFlags,
  rowHeadBytes,
  rowPlaces,
} from './record-format'

const most32 = 0xffff_ffff
const rsv1 = 0x4000
const maskBit = 0x80
const closeCodeBytes = 2
const nothing = new Uint8Array(0)

/** Bytes of the record of a row with so many bytes of sections and payload. */
export function rowRecordBytes(sectionBytes: number, payloadBytes: number): number {
  return aligned(rowHeadBytes + sectionBytes + payloadBytes)
}

/** The flags of a row record; see {@link rowFlags}. */
export function flagsOf(row: Pick<NewRow, 'kind' | 'direction' | 'fate' | 'broken'>): number {
  return (
    kindCodes[row.kind] |
    (directionCodes[row.direction] << rowFlags.directionShift) |
    (row.fate === null ? 0 : (fateCodes[row.fate] + 1) << rowFlags.fateShift) |
    (row.broken === null ? 0 : rowFlags.broken)
  )
}

/**
 * Writes a row record without its checksum.
 * @param view of all of `bytes`.
 * @param offset a multiple of 8, with {@link rowRecordBytes} of room.
 */
export function writeRow(
  bytes: Uint8Array,
  view: DataView,
  offset: number,
  length: number,
  row: NewRow,
  flags: number,
  sections: Uint8Array | null,
): void {
  const { payload } = row
  const sectionBytes = sections === null ? 0 : sections.byteLength
  const payloadAt = offset + rowHeadBytes + sectionBytes
  // What follows the payload up to the next record is less than eight bytes and must be zero; so
  // must the place of the checksum. The payload covers the rest.
  const end = offset + length
  view.setUint32(end - 4, 0, true)
  view.setUint32(end - 8, 0, true)
  view.setUint32(offset + recordPlaces.checksum, 0, true)
  view.setUint32(offset + recordPlaces.length, length, true)
  bytes[offset + recordPlaces.type] = recordTypes.row
  bytes[offset + recordPlaces.flags] = flags
  view.setUint16(offset + rowPlaces.header, row.header, true)
  view.setUint32(offset + rowPlaces.session, row.session, true)
  view.setFloat64(offset + rowPlaces.time, row.time, true)
  view.setUint32(offset + rowPlaces.size, payload.byteLength, true)
  view.setUint32(offset + rowPlaces.maskingKey, row.maskingKey, true)
  view.setUint32(offset + rowPlaces.wireSize, Math.min(row.wireSize, most32), true)
  view.setUint32(offset + rowPlaces.fragments, row.fragments, true)
  view.setUint32(offset + rowPlaces.sectionBytes, sectionBytes, true)
  if (sections !== null) bytes.set(sections, offset + rowHeadBytes)
  bytes.set(payload, payloadAt)
}

/** One row of consecutive records, read where it lies. The same object serves all rows. */
export class RecordedRow {
  /** Of the row now at hand; so is everything below. */
  id = 0
  #bytes: Uint8Array = nothing
  #view: DataView = new DataView(nothing.buffer)
  #offset = 0

  /** Looks into other bytes from now on. */
  load(bytes: Uint8Array): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /**
   * Moves to a record known to be a row's, of which the end may be missing; so may then be the end
   * of its sections and of its payload.
   * @returns its length in bytes, 0 when not even its head is there.
   */
  moveToHead(offset: number): number {
    this.#offset = offset
    if (this.#bytes.byteLength - offset < rowHeadBytes || !this.isRow) return 0
    return this.#view.getUint32(offset + recordPlaces.length, true)
  }

  /**
   * Moves to the record at `offset`.
   * @returns its length in bytes, 0 when no whole record lies there.
   */
  moveTo(offset: number): number {
    this.#offset = offset
    const left = this.#bytes.byteLength - offset
    if (left < recordHeadBytes) return 0
    const length = this.#view.getUint32(offset + recordPlaces.length, true)
    if (length < recordHeadBytes || length > left || length % 8 !== 0) return 0
    if (this.#bytes[offset + recordPlaces.type] !== recordTypes.row) return length
    if (length < rowHeadBytes) return 0
    const content = this.sectionBytes + this.size
    return rowHeadBytes + content <= length ? length : 0
  }

  get isRow(): boolean {
    return this.#bytes[this.#offset + recordPlaces.type] === recordTypes.row
  }

  /** See {@link recordTypes}. */
  get type(): number {
    return this.#bytes[this.#offset + recordPlaces.type] as number
  }

  get checksum(): number {
    return this.#view.getUint32(this.#offset + recordPlaces.checksum, true)
  }

  /** See {@link rowFlags}. */
  get flags(): number {
    return this.#bytes[this.#offset + recordPlaces.flags] as number
  }

  get kind(): RowKind {
    return rowKinds[this.flags & rowFlags.kind] as RowKind
  }

  get direction(): Direction {
    return directions[(this.flags & rowFlags.direction) >> rowFlags.directionShift] ?? 'none'
  }

  get broken(): boolean {
    return (this.flags & rowFlags.broken) !== 0
  }

  /** First two bytes of the first frame's header, big-endian; 0 for events. */
  get header(): number {
    return this.#view.getUint16(this.#offset + rowPlaces.header, true)
  }

  get masked(): boolean {
    return (this.header & maskBit) !== 0
  }

  get compressed(): boolean {
    const { kind } = this
    return (kind === 'text' || kind === 'binary') && (this.header & rsv1) !== 0
  }

  get session(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.session, true)
  }

  /** Milliseconds since the epoch. */
  get time(): number {
    return this.#view.getFloat64(this.#offset + rowPlaces.time, true)
  }

  /** Payload bytes. */
  get size(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.size, true)
  }

  get maskingKey(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.maskingKey, true)
  }

  get wireSize(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.wireSize, true)
  }

  get fragments(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.fragments, true)
  }

  get sectionBytes(): number {
    return this.#view.getUint32(this.#offset + rowPlaces.sectionBytes, true)
  }

  /** Close frames only: the status code, `null` when the frame had none (RFC 6455 section 5.5.1). */
  get closeCode(): number | null {
    if (this.kind !== 'close' || this.size < closeCodeBytes) return null
    return this.#view.getUint16(this.#payloadAt, false)
  }

  /** See `decodeSections`. Where it lies: not to be kept or changed. */
  get sections(): Uint8Array {
    const start = this.#offset + rowHeadBytes
    return this.#bytes.subarray(start, start + this.sectionBytes)
  }

  /** Where it lies: not to be kept or changed. */
  get payload(): Uint8Array {
    const start = this.#payloadAt
    return this.#bytes.subarray(start, start + this.size)
  }

  get #payloadAt(): number {
    return this.#offset + rowHeadBytes + this.sectionBytes
  }
}

/**
 * Visits the rows of consecutive records; the first row has the id `firstId`. The row is only good
 * until the visit returns, which goes on unless it returns `false`. Checksums are not looked at; where
 * no whole record lies, reading ends.
 * @param bytes starting at a record; {@link RowExtent}'s source is.
 * @returns the id after the last row visited.
 */
export function readRows(
  bytes: Uint8Array,
  firstId: number,
  visit: (row: RecordedRow) => boolean | void,
): number {
  const row = new RecordedRow()
  row.load(bytes)
  let id = firstId
  for (let offset = 0; ;) {
    const length = row.moveTo(offset)
    if (length === 0) return id
    if (row.isRow) {
      row.id = id
      id += 1
      if (visit(row) === false) return id
    }
    offset += length
  }
}
