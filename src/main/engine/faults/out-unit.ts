import { formatBytes } from '@shared/format/bytes'
import { headerBits, opcodes } from '../wire/frame-header'
import type { Departing, Pending } from '../wire/wire-line'

/** One frame on its way out. */
export interface OutFrame {
  /** FIN, RSV1 to RSV3 and the opcode: the first byte of its header (RFC 6455 section 5.2). */
  readonly first: number
  /** Without a mask. */
  readonly payload: Buffer
  /** Bytes of one value after the payload, made only as they are written. */
  readonly filling?: { readonly byte: number; readonly count: number }
  readonly maskingKey?: Buffer
  /** Whether the length is written in the next longer form. */
  readonly longLength?: boolean
}

/** What goes out together: a message, a frame that is not part of a whole message here, or an end. */
export interface OutUnit {
  /** None when it is an end of the connection. */
  readonly frames: readonly OutFrame[]
  readonly source: Pending | null
  /** Whether `ws` wrote something else. */
  readonly isAltered: boolean
  readonly end?: 'fin' | 'rst'
  /** To be called once: it was written, or will not be. */
  readonly settle: (error: Error | null) => void
}

export const bits = { fin: 0x80, rsv1: 0x40, rsv: 0x70, opcode: 0x0f } as const

/** Most of a payload that is filled up which is kept for its row, in bytes. */
const mostFilled = 1024 * 1024

const mostPiece = 64 * 1024

export function opcodeOf({ frames }: OutUnit): number {
  return (frames[0]?.first ?? 0) & bits.opcode
}

export function isCompressed({ frames }: OutUnit): boolean {
  return ((frames[0]?.first ?? 0) & bits.rsv1) !== 0
}

/** Whether it is a text or binary message with all its frames. */
export function isMessage(unit: OutUnit): boolean {
  const opcode = opcodeOf(unit)
  const last = unit.frames.at(-1)
  const isWhole = last !== undefined && (last.first & bits.fin) !== 0
  return isWhole && (opcode === opcodes.text || opcode === opcodes.binary)
}

/** Whether nothing that waits may come after it. */
export function isLast(unit: OutUnit): boolean {
  return unit.end !== undefined || opcodeOf(unit) === opcodes.close
}

/** The payloads of its frames in one, without what fills them up. */
export function payloadOf({ frames }: OutUnit): Buffer {
  const [first, ...others] = frames
  if (!first) return Buffer.alloc(0)
  return others.length === 0 ? first.payload : Buffer.concat(frames.map(({ payload }) => payload))
}

/** Bytes of payload, what fills it up included. */
export function sizeOf({ frames }: OutUnit): number {
  return frames.reduce(
    (sum, { payload, filling }) => sum + payload.length + (filling?.count ?? 0),
    0,
  )
}

/** Its payload before compression; what cannot be known is left as it is. */
export function plainPayloadOf(unit: OutUnit): Buffer {
  return isCompressed(unit) && unit.source && !unit.isAltered
    ? Buffer.from(unit.source.payload)
    : payloadOf(unit)
}

/** As `text message of 12 B`. */
export function wordsOf(unit: OutUnit): string {
  if (unit.end) return unit.end === 'fin' ? 'end of the connection' : 'reset of the connection'
  return `${nameOf(opcodeOf(unit))} of ${formatBytes(sizeOf(unit))}`
}

/** A unit that `ws` did not write. */
export function ownUnit(...frames: readonly OutFrame[]): OutUnit {
  return { frames, source: null, isAltered: true, settle: () => undefined }
}

export function departingOf(unit: OutUnit): Departing {
  const { source, isAltered } = unit
  const payload = source && !isAltered ? source.payload : shownPayload(unit)
  const size = source && !isAltered ? source.payload.byteLength : sizeOf(unit)
  return { source, payload, size, isAltered }
}

/** The bytes of a frame, in pieces of at most 64 KiB where they have to be made. */
export function* piecesOf(frame: OutFrame): Generator<Buffer> {
  const { first, payload, filling, maskingKey, longLength = false } = frame
  const length = payload.length + (filling?.count ?? 0)
  yield header(first, length, longLength, maskingKey)
  if (payload.length > 0) yield maskingKey ? masked(payload, maskingKey) : payload
  if (!filling) return
  const piece = Buffer.alloc(Math.min(mostPiece, filling.count), filling.byte)
  for (let left = filling.count; left > 0; left -= piece.length)
    yield left < piece.length ? piece.subarray(0, left) : piece
}

function header(first: number, length: number, longLength: boolean, maskingKey?: Buffer): Buffer {
  const shortest = length < 126 ? 0 : length < 0x1_0000 ? 2 : 8
  const extended = longLength && shortest < 8 ? (shortest === 0 ? 2 : 8) : shortest
  const bytes = Buffer.alloc(2 + extended)
  bytes[0] = first
  bytes[1] =
    (maskingKey ? headerBits.mask : 0) | (extended === 0 ? length : extended === 2 ? 126 : 127)
  if (extended === 2) bytes.writeUInt16BE(length, 2)
  else if (extended === 8) bytes.writeBigUInt64BE(BigInt(length), 2)
  return maskingKey ? Buffer.concat([bytes, maskingKey]) : bytes
}

function masked(payload: Buffer, key: Buffer): Buffer {
  return Buffer.from(payload.map((byte, index) => byte ^ (key[index & 3] as number)))
}

function shownPayload(unit: OutUnit): Buffer {
  const payload = payloadOf(unit)
  const filling = unit.frames.at(-1)?.filling
  const shown = Math.min(filling?.count ?? 0, Math.max(0, mostFilled - payload.length))
  return shown === 0 ? payload : Buffer.concat([payload, Buffer.alloc(shown, filling?.byte)])
}

function nameOf(opcode: number): string {
  if (opcode === opcodes.text) return 'text message'
  if (opcode === opcodes.binary) return 'binary message'
  if (opcode === opcodes.continuation) return 'continuation frame'
  if (opcode === opcodes.close) return 'close frame'
  if (opcode === opcodes.ping) return 'ping'
  if (opcode === opcodes.pong) return 'pong'
  return `frame with opcode ${opcode}`
}
