import type { BrokenRule } from '@shared/model/frame'
import { brokenRules, reservedOpcode } from './broken-rules'

/** Opcodes of RFC 6455 section 11.8. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const

/** Bits of the first two header bytes, read as one big-endian number (RFC 6455 section 5.2). */
export const headerBits = {
  fin: 0x8000,
  rsv1: 0x4000,
  rsv: 0x7000,
  opcode: 0x0f00,
  /** Set in the opcodes of control frames. */
  control: 0x0800,
  mask: 0x0080,
  length: 0x007f,
} as const

/** Who sent a frame and what was negotiated. */
export interface FrameRules {
  /** The role of the endpoint that sends the frames. */
  readonly sender: 'client' | 'server'
  /** Whether permessage-deflate was negotiated, which gives RSV1 a meaning (RFC 7692 section 6). */
  readonly deflate: boolean
}

/** Bytes of a header, given its second byte (RFC 6455 section 5.2). */
export function headerLengthOf(second: number): number {
  const short = second & headerBits.length
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  return 2 + extended + (second & headerBits.mask ? 4 : 0)
}

/**
 * Writes a header as it was on the wire, in its shortest form or not (RFC 6455 section 5.2).
 * @param header the first two bytes, big-endian, which say how long the rest is.
 * @param payloadLength what the header announces.
 */
export function headerBytes(
  header: number,
  payloadLength: number,
  maskingKey: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(headerLengthOf(header & 0xff))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, header)
  const short = header & headerBits.length
  if (short === 126) view.setUint16(2, payloadLength)
  else if (short === 127) view.setBigUint64(2, BigInt(payloadLength))
  if (header & headerBits.mask) view.setUint32(bytes.length - 4, maskingKey)
  return bytes
}

/**
 * Copies payload bytes and takes the mask off the copy, or puts it on (RFC 6455 section 5.3).
 * @param targetStart where in the payload, and in the target, the bytes belong.
 */
export function copyUnmasked(
  source: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  targetStart: number,
  maskingKey: number,
): void {
  if (maskingKey === 0) {
    target.set(source.subarray(start, start + length), targetStart)
    return
  }
  for (let index = 0; index < length; index++) {
    const position = targetStart + index
    const shift = 24 - 8 * (position & 3)
    target[position] = (source[start + index] as number) ^ ((maskingKey >>> shift) & 0xff)
  }
}

/** From so many bytes on, a view for whole words is worth making. */
const wordsFrom = 64

/** Takes the mask off payload bytes, or puts it on, where they lie (RFC 6455 section 5.3). */
export function unmaskInPlace(payload: Uint8Array, maskingKey: number): void {
  let index = 0
  if (payload.byteLength >= wordsFrom) {
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
    for (const end = payload.byteLength - 3; index < end; index += 4)
      view.setInt32(index, view.getInt32(index) ^ maskingKey)
  }
  for (; index < payload.byteLength; index += 1)
    payload[index] = (payload[index] as number) ^ ((maskingKey >>> (24 - 8 * (index & 3))) & 0xff)
}

/**
 * The rule that the first two bytes of a header break, `null` when they break none.
 * @param inMessage whether a message of several frames has begun and not ended.
 */
export function headerViolation(
  header: number,
  rules: FrameRules,
  inMessage: boolean,
): BrokenRule | null {
  const opcode = (header & headerBits.opcode) >> 8
  if (opcode > opcodes.pong || (opcode > opcodes.binary && opcode < opcodes.close))
    return reservedOpcode(opcode)
  const rsv = header & headerBits.rsv
  if (rsv !== 0) {
    if (rsv !== headerBits.rsv1 || !rules.deflate) return brokenRules.rsvWithoutExtension
    if (opcode === opcodes.continuation || opcode >= opcodes.close)
      return brokenRules.rsv1OutOfPlace
  }
  if (opcode >= opcodes.close) {
    const length = header & headerBits.length
    if (!(header & headerBits.fin)) return brokenRules.controlFragmented
    if (length > 125) return brokenRules.controlTooLong
    if (opcode === opcodes.close && length === 1) return brokenRules.closeOneByte
  } else if (opcode === opcodes.continuation) {
    if (!inMessage) return brokenRules.continuationWithoutStart
  } else if (inMessage) return brokenRules.dataInsideMessage
  const masked = (header & headerBits.mask) !== 0
  if (masked !== (rules.sender === 'client'))
    return masked ? brokenRules.serverMasked : brokenRules.clientUnmasked
  return null
}

/** The rule that a 64-bit payload length breaks, which starts two bytes after `at`. */
export function lengthViolation(source: Buffer, at: number): BrokenRule | null {
  const high = source.readUInt32BE(at + 2)
  if (high >= 0x8000_0000) return brokenRules.lengthTopBit
  return high > 0x1f_ffff ? brokenRules.lengthUnsupported : null
}
