import type { Frame } from './frame'

/**
 * Bytes of one packed frame, all little-endian: f64 time, f64 payload bytes, 14 bytes of header, u8
 * bytes of the header, u8 zero. The section of frames in a record is the same.
 */
export const packedFrameBytes = 32

const headerAt = 16
const headerLengthAt = 30
const longestHeader = headerLengthAt - headerAt

/** Frames in their order; an array of them is one too. */
export interface FrameSequence extends Iterable<Frame> {
  readonly length: number
  /** Negative places count from the end, as in `Array.at`. */
  at(index: number): Frame | undefined
}

/**
 * The frames of a message, 32 bytes each, so that tens of thousands of them are cheap to keep while
 * the message is under way, to write, to send and to look into.
 */
export class PackedFrames implements FrameSequence {
  #bytes: Uint8Array
  #view: DataView
  #length: number

  /** @param bytes whole frames of {@link packedFrameBytes}; what is left over is no frame. */
  constructor(bytes: Uint8Array = new Uint8Array(0)) {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
    this.#length = Math.floor(bytes.byteLength / packedFrameBytes)
  }

  /** The same frames packed; packed ones are given back as they are. */
  static from(frames: FrameSequence): PackedFrames {
    if (frames instanceof PackedFrames) return frames
    const packed = new PackedFrames()
    for (const frame of frames) packed.push(frame)
    return packed
  }

  get length(): number {
    return this.#length
  }

  /** Where they lie: not to be kept while frames are added. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length * packedFrameBytes)
  }

  push({ header, payloadLength, time }: Frame): void {
    const at = this.#length * packedFrameBytes
    if (at + packedFrameBytes > this.#bytes.byteLength) this.#grow()
    const kept = header.subarray(0, longestHeader)
    this.#length += 1
    this.#view.setFloat64(at, time, true)
    this.#view.setFloat64(at + 8, payloadLength, true)
    this.#bytes.set(kept, at + headerAt)
    this.#bytes[at + headerLengthAt] = kept.byteLength
  }

  at(index: number): (Frame & { readonly header: Uint8Array<ArrayBuffer> }) | undefined {
    const place = index < 0 ? this.#length + index : index
    if (!(place >= 0 && place < this.#length)) return undefined
    const at = place * packedFrameBytes
    const length = Math.min(this.#bytes[at + headerLengthAt] as number, longestHeader)
    return {
      header: new Uint8Array(this.#bytes.subarray(at + headerAt, at + headerAt + length)),
      payloadLength: this.#view.getFloat64(at + 8, true),
      time: this.#view.getFloat64(at, true),
    }
  }

  *[Symbol.iterator](): Generator<Frame & { readonly header: Uint8Array<ArrayBuffer> }, void> {
    for (let index = 0; index < this.#length; index += 1) {
      const frame = this.at(index)
      if (frame) yield frame
    }
  }

  /** The same frames with other times. */
  withTimes(clock: (time: number) => number): PackedFrames {
    const frames = new PackedFrames(new Uint8Array(this.bytes))
    for (let at = 0; at < frames.bytes.byteLength; at += packedFrameBytes)
      frames.#view.setFloat64(at, clock(frames.#view.getFloat64(at, true)), true)
    return frames
  }

  /** Payload bytes of the frames before this one. */
  lengthBefore(index: number): number {
    let sum = 0
    for (let place = 0; place < Math.min(index, this.#length); place += 1)
      sum += this.#view.getFloat64(place * packedFrameBytes + 8, true)
    return sum
  }

  /** Bytes of all headers. */
  get headerBytes(): number {
    let sum = 0
    for (let place = 0; place < this.#length; place += 1)
      sum += this.#bytes[place * packedFrameBytes + headerLengthAt] as number
    return sum
  }

  #grow(): void {
    const bytes = new Uint8Array(Math.max(4 * packedFrameBytes, this.#bytes.byteLength * 2))
    bytes.set(this.#bytes)
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
