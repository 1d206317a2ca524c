import { recordChecksum } from './record-checksum'
import { recordPlaces } from './record-format'
import type { Segment } from './segment'

/** Bytes of a block under traffic; the first ones of a log are smaller. */
export const blockBytes = 256 * 1024

const leastBlockBytes = 4 * 1024

/** Buffers of {@link blockBytes} that nobody uses, so that a flood need not ask for new ones. */
const spare: ArrayBuffer[] = []
const mostSpare = 16

/**
 * Records in memory, a contiguous part of their segment. What is sealed has its checksums and does
 * not change any more.
 */
export class Block {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly view: DataView
  readonly capacity: number
  /** The id of the first row that starts in it. */
  readonly firstId: number
  /** Where in the segment it starts. */
  readonly start: number
  segment: Segment
  /** Bytes filled with records. */
  used = 0
  /** Bytes whose checksums were made. */
  sealed = 0
  /** Bytes that are in the file. */
  written = 0
  /** `performance.now()` when the first of the sealed bytes that are not in the file were sealed. */
  waitingSince = 0
  readonly #words: Int32Array

  /** @param before the block before it in its log. */
  constructor(segment: Segment, recordBytes: number, most: number, before: Block | undefined) {
    const wanted = Math.min(Math.max((before?.capacity ?? 0) * 2, leastBlockBytes), blockBytes)
    this.capacity = Math.max(Math.min(wanted, Math.ceil(most / 8) * 8), recordBytes)
    this.segment = segment
    this.firstId = segment.endId
    this.start = segment.end
    const buffer =
      // Not zeroed: nothing outside the records is ever read.
      (this.capacity === blockBytes && spare.pop()) || Buffer.allocUnsafeSlow(this.capacity).buffer
    this.bytes = new Uint8Array(buffer)
    this.view = new DataView(buffer)
    this.#words = new Int32Array(buffer)
  }

  /** Makes the checksums of all records that have none yet. */
  seal(): void {
    if (this.written === this.sealed) this.waitingSince = performance.now()
    const { bytes, view, used } = this
    let offset = this.sealed
    while (offset < used) {
      const length = view.getUint32(offset + recordPlaces.length, true)
      const checksum = recordChecksum(bytes, this.#words, offset, length)
      view.setUint32(offset + recordPlaces.checksum, checksum, true)
      offset += length
    }
    this.sealed = used
  }

  /** Gives its memory to the blocks that follow. Nobody may look at it any more. */
  recycle(): void {
    if (this.capacity === blockBytes && spare.length < mostSpare) spare.push(this.bytes.buffer)
  }
}
