import {
  copyUnmasked,
  headerBits,
  headerBytes,
  headerLengthOf,
  opcodes,
} from '../../wire/frame-header'
import type { ExportedRow } from '../exported-row'
import { withLength } from '../redaction'

/** One frame as it goes into a file. */
export interface WireFrameBytes {
  readonly header: Uint8Array
  /** To be masked with the key before it is written. */
  readonly payload: Uint8Array
  /** Big-endian; 0 when the payload is written as it is. */
  readonly maskingKey: number
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** The frames of a message as bytes, and what of them is not as it was. */
export interface MessageBytes {
  readonly frames: readonly WireFrameBytes[]
  /** In words; empty when every byte is as it was on the wire. */
  readonly remark: string
}

/**
 * The frames of a row as they were on the wire; with other headers where the payload is not the one
 * that was: inflated, cut or redacted. `null` for what was not on the wire.
 */
export function wireFramesOf(exported: ExportedRow): MessageBytes | null {
  const { row, frames, raw, payload } = exported
  const [first] = frames
  if (row.direction === 'none' || !first) return null
  if (raw && raw.byteLength === row.wireSize) {
    const length = Math.min(first.header.byteLength, raw.byteLength)
    const [header, wirePayload] = [raw.subarray(0, length), raw.subarray(length)]
    const only = { header, payload: wirePayload, maskingKey: 0, time: row.time }
    return { frames: [only], remark: '' }
  }
  if (row.compressed) return inflated(exported, first.header)
  return uncompressed(exported, payload)
}

/** One frame without RSV1 (RFC 7692 section 6): the bytes of the deflated ones are not kept. */
function inflated({ row, payload }: ExportedRow, header: Uint8Array): MessageBytes {
  const start = new DataView(header.buffer, header.byteOffset).getUint16(0)
  const plain = new Uint8Array(header)
  new DataView(plain.buffer).setUint16(0, (start & ~headerBits.rsv1) | headerBits.fin)
  const frame = framed(withLength(plain, payload.byteLength), payload, row.time)
  const count = row.fragments === 1 ? '1 frame' : `${row.fragments} frames`
  return {
    frames: [frame],
    remark: `Inflated; it was ${row.wireSize} bytes on the wire, in ${count}.`,
  }
}

function uncompressed(exported: ExportedRow, payload: Uint8Array): MessageBytes {
  const { row, frames } = exported
  const written: WireFrameBytes[] = []
  let at = 0
  let isChanged = false
  let left = frames.length
  for (const { header, payloadLength, time } of frames) {
    left -= 1
    if (header.byteLength < 2) continue
    const isLast = left === 0 && row.fragments <= frames.length
    const length = isLast
      ? payload.byteLength - at
      : Math.min(payloadLength, payload.byteLength - at)
    const isAsItWas =
      announcedLength(header) === length && headerLengthOf(header[1] ?? 0) === header.byteLength
    isChanged ||= !isAsItWas
    const own = isAsItWas ? header : withLength(header, length)
    written.push(framed(own, payload.subarray(at, at + length), time))
    at += length
  }
  if (at < payload.byteLength) {
    written.push(rest(frames.at(0)?.header ?? new Uint8Array(2), payload.subarray(at), row.time))
    isChanged = true
  }
  const remark = isChanged
    ? 'Not every frame of this message was kept as it was; lengths or frames are invented.'
    : ''
  return { frames: written, remark }
}

/** The last frame of a message of which not every frame is known. */
function rest(first: Uint8Array, payload: Uint8Array, time: number): WireFrameBytes {
  const mask = ((first[1] ?? 0) & headerBits.mask) !== 0 ? headerBits.mask : 0
  const header = headerBytes(headerBits.fin | (opcodes.continuation << 8) | mask, 0, 0)
  return framed(withLength(header, payload.byteLength), payload, time)
}

/**
 * Cuts a frame into a first frame and continuations (RFC 6455 section 5.4) of at most `most` payload
 * bytes each. A control frame is never that long.
 */
export function* refragmented(
  frame: WireFrameBytes,
  most: number,
): Generator<WireFrameBytes, void> {
  const { header, payload, time } = frame
  const start = new DataView(header.buffer, header.byteOffset).getUint16(0)
  for (let at = 0; at === 0 || at < payload.byteLength; at += most) {
    const part = payload.subarray(at, at + most)
    const isLast = at + most >= payload.byteLength
    const flags = at === 0 ? start : start & ~(headerBits.opcode | headerBits.rsv)
    const own = new Uint8Array(header)
    new DataView(own.buffer).setUint16(0, isLast ? flags : flags & ~headerBits.fin)
    yield framed(withLength(own, part.byteLength), part, time)
  }
}

/**
 * A part of a frame's payload as it is on the wire (RFC 6455 section 5.3).
 * @param start a multiple of 4.
 */
export function maskedPart(
  { payload, maskingKey }: WireFrameBytes,
  start: number,
  end: number,
): Uint8Array {
  const part = payload.subarray(start, end)
  if (maskingKey === 0) return part
  const bytes = new Uint8Array(part.byteLength)
  copyUnmasked(part, 0, part.byteLength, bytes, 0, maskingKey)
  return bytes
}

function framed(header: Uint8Array, payload: Uint8Array, time: number): WireFrameBytes {
  return { header, payload, maskingKey: maskingKeyOf(header), time }
}

function maskingKeyOf(header: Uint8Array): number {
  if (((header[1] ?? 0) & headerBits.mask) === 0 || header.byteLength < 6) return 0
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(
    header.byteLength - 4,
  )
}

/** The payload length that a header announces; -1 when its end is missing. */
function announcedLength(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const short = (header[1] ?? 0) & headerBits.length
  if (header.byteLength < headerLengthOf(header[1] ?? 0)) return -1
  if (short < 126) return short
  return short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2))
}
