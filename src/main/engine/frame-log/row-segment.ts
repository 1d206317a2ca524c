import {
  directions,
  fates,
  rowKinds,
  type BrokenRule,
  type Direction,
  type Fate,
  type RowKind,
} from '@shared/model/frame'
import type { NewRow } from './frame-log'

/** Bytes of index that every row costs. */
export const rowIndexBytes = 37

/** Estimate of what an entry of a sparse map costs, in bytes. */
const sparseEntryBytes = 64

const kindCodes = codes(rowKinds)
const directionCodes = codes(directions)
const fateCodes = codes(fates)

// One byte of flags per row: kind in bits 0-2, direction in 3-4, fate plus one in 5-6 (0: none).
const kindMask = 0b111
const directionShift = 3
const fateShift = 5
const twoBits = 0b11

/** How much a segment may hold. */
export interface SegmentSize {
  readonly rows: number
  /** Payload bytes per allocation; a larger payload gets an allocation of its own. */
  readonly chunkBytes: number
}

/**
 * A run of consecutive rows: their index in typed arrays and their payloads in a few large chunks,
 * so that a million rows are a handful of objects. Evicted as a whole.
 */
export class RowSegment {
  readonly firstId: number
  readonly size: SegmentSize
  readonly #time: Float64Array
  readonly #session: Uint32Array
  readonly #length: Uint32Array
  /** Not 32 bits: small fragments can take several times the bytes of the longest payload. */
  readonly #wireSize: Float64Array
  readonly #fragments: Uint32Array
  readonly #offset: Uint32Array
  readonly #chunk: Uint16Array
  readonly #header: Uint16Array
  readonly #flags: Uint8Array
  readonly #chunks: Uint8Array[] = []
  #rtt: Float64Array | undefined
  #broken: Map<number, BrokenRule> | undefined
  #firstFrameLength: Map<number, number> | undefined
  #count = 0
  #bytes: number
  #payloadBytes = 0
  #openChunk = -1
  #openOffset = 0
  #openRoom = 0

  constructor(firstId: number, size: SegmentSize) {
    this.firstId = firstId
    this.size = size
    this.#time = new Float64Array(size.rows)
    this.#session = new Uint32Array(size.rows)
    this.#length = new Uint32Array(size.rows)
    this.#wireSize = new Float64Array(size.rows)
    this.#fragments = new Uint32Array(size.rows)
    this.#offset = new Uint32Array(size.rows)
    this.#chunk = new Uint16Array(size.rows)
    this.#header = new Uint16Array(size.rows)
    this.#flags = new Uint8Array(size.rows)
    this.#bytes = size.rows * rowIndexBytes
  }

  get count(): number {
    return this.#count
  }

  /** The id after its last row. */
  get endId(): number {
    return this.firstId + this.#count
  }

  /** Bytes allocated, whether filled or not. */
  get bytes(): number {
    return this.#bytes
  }

  /** Bytes of payload in it. */
  get payloadBytes(): number {
    return this.#payloadBytes
  }

  /** Adds a row, for which there must be room, and copies its payload. */
  append(row: NewRow): void {
    const index = this.#count
    this.#time[index] = row.time
    this.#session[index] = row.session
    this.#wireSize[index] = row.wireSize
    this.#fragments[index] = row.fragments
    this.#header[index] = row.header
    this.#flags[index] =
      kindCodes[row.kind] |
      (directionCodes[row.direction] << directionShift) |
      (row.fate === null ? 0 : (fateCodes[row.fate] + 1) << fateShift)
    this.#copy(index, row.payload)
    if (row.rtt !== null) this.#setRtt(index, row.rtt)
    if (row.broken !== null) {
      this.#broken ??= new Map()
      this.#broken.set(index, row.broken)
      this.#bytes += sparseEntryBytes
    }
    if (row.firstFrameLength !== undefined) {
      this.#firstFrameLength ??= new Map()
      this.#firstFrameLength.set(index, row.firstFrameLength)
      this.#bytes += sparseEntryBytes
    }
    this.#count = index + 1
  }

  #copy(index: number, payload: Uint8Array): void {
    const length = payload.byteLength
    this.#length[index] = length
    if (length === 0) return
    this.#payloadBytes += length
    if (length > this.size.chunkBytes) {
      this.#chunk[index] = this.#allocate(length)
      this.#chunks.at(-1)?.set(payload)
      return
    }
    if (length > this.#openRoom) {
      this.#openChunk = this.#allocate(this.size.chunkBytes)
      this.#openOffset = 0
      this.#openRoom = this.size.chunkBytes
    }
    this.#chunk[index] = this.#openChunk
    this.#offset[index] = this.#openOffset
    this.#chunks[this.#openChunk]?.set(payload, this.#openOffset)
    this.#openOffset += length
    this.#openRoom -= length
  }

  #allocate(bytes: number): number {
    // Not zeroed: nothing outside a row's own bytes is ever read.
    this.#chunks.push(new Uint8Array(Buffer.allocUnsafeSlow(bytes).buffer))
    this.#bytes += bytes
    return this.#chunks.length - 1
  }

  #setRtt(index: number, rtt: number): void {
    if (!this.#rtt) {
      this.#rtt = new Float64Array(this.size.rows).fill(Number.NaN)
      this.#bytes += this.#rtt.byteLength
    }
    this.#rtt[index] = rtt
  }

  /** Every reader below takes the row's place in the segment, from 0. */
  time(index: number): number {
    return this.#time[index] ?? 0
  }

  session(index: number): number {
    return this.#session[index] ?? 0
  }

  length(index: number): number {
    return this.#length[index] ?? 0
  }

  wireSize(index: number): number {
    return this.#wireSize[index] ?? 0
  }

  fragments(index: number): number {
    return this.#fragments[index] ?? 0
  }

  header(index: number): number {
    return this.#header[index] ?? 0
  }

  kind(index: number): RowKind {
    return rowKinds[(this.#flags[index] ?? 0) & kindMask] ?? 'note'
  }

  direction(index: number): Direction {
    return directions[((this.#flags[index] ?? 0) >> directionShift) & twoBits] ?? 'none'
  }

  fate(index: number): Fate | null {
    const code = ((this.#flags[index] ?? 0) >> fateShift) & twoBits
    return code === 0 ? null : (fates[code - 1] ?? null)
  }

  setFate(index: number, fate: Fate): void {
    const flags = this.#flags[index] ?? 0
    this.#flags[index] = (flags & ~(twoBits << fateShift)) | ((fateCodes[fate] + 1) << fateShift)
  }

  rtt(index: number): number | null {
    const rtt = this.#rtt?.[index]
    return rtt === undefined || Number.isNaN(rtt) ? null : rtt
  }

  broken(index: number): BrokenRule | null {
    return this.#broken?.get(index) ?? null
  }

  firstFrameLength(index: number): number | undefined {
    return this.#firstFrameLength?.get(index)
  }

  /** The payload where it lies; not to be kept or changed. */
  payload(index: number): Uint8Array {
    const chunk = this.#chunks[this.#chunk[index] ?? 0]
    if (!chunk) return nothing
    const offset = this.#offset[index] ?? 0
    return chunk.subarray(offset, offset + this.length(index))
  }
}

const nothing = new Uint8Array(0)

function codes<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, code) => [name, code])) as Record<Name, number>
}
