import { isUtf8 } from 'node:buffer'
import { isSendableCloseCode } from '@shared/model/close-code'
import type { BrokenRule } from '@shared/model/frame'
import { brokenRules, closeCodeNotAllowed, reservedOpcode } from './broken-rules'

/** Opcodes of RFC 6455 section 11.8. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const

/** How much of a frame that broke a rule is kept, in bytes. */
export const keptBytes = 4096

/** Bits of the first two header bytes, read as one big-endian number (RFC 6455 section 5.2). */
export const headerBits = {
  fin: 0x8000,
  rsv1: 0x4000,
  rsv: 0x7000,
  opcode: 0x0f00,
  mask: 0x0080,
  length: 0x007f,
} as const

/** One frame as it was on the wire. Data payloads are not copied: `first` points into the chunk. */
export interface WireFrame {
  /** The first two bytes of the header, big-endian. */
  readonly header: number
  /** Bytes of the header, extended length and masking key included. */
  readonly headerLength: number
  /** Bytes of the payload as the header announces them; of a rejected frame those received. */
  readonly payloadLength: number
  /** The masking key, big-endian; 0 without one. */
  readonly maskingKey: number
  /** `performance.now()` when the frame's first byte arrived. */
  readonly startTime: number
  /** `performance.now()` when its last byte arrived. */
  readonly time: number
  /** The unmasked payload of a control frame; `null` for data frames. */
  readonly payload: Buffer | null
  /** The chunk in which a data payload starts, and which part of it is payload. */
  readonly firstChunk: Buffer | null
  readonly firstStart: number
  readonly firstEnd: number
  readonly broken: BrokenRule | null
  /** Whether the broken rule ends the connection; nothing is parsed after such a frame. */
  readonly fatal: boolean
  /** The start of a frame rejected for its header, from its first header byte on. */
  readonly raw: Buffer | null
}

/** Who sent the bytes and what was negotiated. */
export interface FrameParserOptions {
  /** The role of the endpoint that sends these frames. */
  readonly sender: 'client' | 'server'
  /** Whether permessage-deflate was negotiated, which gives RSV1 a meaning (RFC 7692 section 6). */
  readonly deflate: boolean
}

/** The part of a frame that is still on its way. */
export interface PartialFrame {
  readonly header: number
  readonly wireSize: number
  readonly maskingKey: number
  readonly firstChunk: Buffer | null
  readonly firstStart: number
  readonly firstEnd: number
}

const noChunk = Buffer.alloc(0)

/**
 * Finds frames in a byte stream, whatever the boundaries of its chunks (RFC 6455 section 5.2), and
 * says which rule a frame breaks as soon as its header shows it.
 */
export class FrameParser {
  readonly #sender: 'client' | 'server'
  readonly #deflate: boolean
  readonly #onFrame: (frame: WireFrame) => void
  /** A header that is spread over chunks is gathered here. */
  readonly #scratch = Buffer.alloc(14)
  #scratchLength = 0
  #inPayload = false
  #inMessage = false
  #ended = false
  #trailing = 0

  #header = 0
  #headerLength = 0
  #payloadLength = 0
  #maskingKey = 0
  #remaining = 0
  #startTime = 0
  #broken: BrokenRule | null = null
  #control: Buffer | null = null
  #firstChunk: Buffer | null = null
  #firstStart = 0
  #firstEnd = 0

  constructor(options: FrameParserOptions, onFrame: (frame: WireFrame) => void) {
    this.#sender = options.sender
    this.#deflate = options.deflate
    this.#onFrame = onFrame
  }

  /** Bytes that came after a close frame or after a frame that ended the connection. */
  get trailingBytes(): number {
    return this.#trailing
  }

  /** The frame whose first bytes have arrived and whose last have not. */
  get partial(): PartialFrame | null {
    if (this.#inPayload)
      return {
        header: this.#header,
        wireSize: this.#headerLength + this.#payloadLength - this.#remaining,
        maskingKey: this.#maskingKey,
        firstChunk: this.#firstChunk,
        firstStart: this.#firstStart,
        firstEnd: this.#firstEnd,
      }
    if (this.#scratchLength < 2) return null
    return {
      header: this.#scratch.readUInt16BE(0),
      wireSize: this.#scratchLength,
      maskingKey: 0,
      firstChunk: null,
      firstStart: 0,
      firstEnd: 0,
    }
  }

  /**
   * Takes the next bytes of the stream.
   * @param time `performance.now()` of their arrival.
   */
  feed(chunk: Buffer, time: number): void {
    let offset = 0
    while (offset < chunk.length) {
      if (this.#ended) {
        this.#trailing += chunk.length - offset
        return
      }
      offset = this.#inPayload
        ? this.#takePayload(chunk, offset, time)
        : this.#takeHeader(chunk, offset, time)
    }
  }

  /** Stops reading: whatever comes from now on is counted as trailing. */
  end(): void {
    this.#ended = true
    this.#inPayload = false
    this.#scratchLength = 0
    this.#control = null
    this.#firstChunk = null
  }

  #takeHeader(chunk: Buffer, start: number, time: number): number {
    if (this.#scratchLength === 0) {
      this.#startTime = time
      const available = chunk.length - start
      // The common case: the whole header lies in this chunk and is read where it is.
      if (available >= 2 && available >= headerLengthOf(chunk[start + 1] as number))
        return this.#readHeader(chunk, start, chunk, start, time)
    }
    let offset = start
    while (offset < chunk.length) {
      this.#scratch[this.#scratchLength++] = chunk[offset++] as number
      const length = this.#scratchLength
      if (length < 2) continue
      const second = this.#scratch[1] as number
      const needed = headerLengthOf(second)
      // A frame is rejected as soon as its first two bytes or its length are wrong, without waiting.
      const decisive =
        (length === 2 && this.#violation(this.#scratch.readUInt16BE(0)) !== null) ||
        (length === 10 &&
          (second & headerBits.length) === 127 &&
          lengthViolation(this.#scratch, 0) !== null)
      if (length === needed || decisive) {
        const end = this.#readHeader(this.#scratch, 0, chunk, offset, time)
        return end
      }
    }
    return offset
  }

  /**
   * Reads a header out of `source`.
   * @param next where the bytes after it continue: in `chunk` at `offset`, which is also where the
   * header starts when `source` is the chunk itself.
   * @returns the offset in `chunk` after what was taken.
   */
  #readHeader(source: Buffer, at: number, chunk: Buffer, offset: number, time: number): number {
    const header = ((source[at] as number) << 8) | (source[at + 1] as number)
    this.#header = header
    const violation = this.#violation(header)
    if (violation) return this.#reject(violation, source, chunk, offset, time)

    const short = header & headerBits.length
    let length = short
    let size = 2
    this.#broken = null
    if (short === 126) {
      length = ((source[at + 2] as number) << 8) | (source[at + 3] as number)
      size = 4
      if (length < 126) this.#broken = brokenRules.lengthNotMinimal
    } else if (short === 127) {
      const tooLong = lengthViolation(source, at)
      if (tooLong) return this.#reject(tooLong, source, chunk, offset, time)
      length = source.readUInt32BE(at + 2) * 0x1_0000_0000 + source.readUInt32BE(at + 6)
      size = 10
      if (length < 0x1_0000) this.#broken = brokenRules.lengthNotMinimal
    }
    this.#maskingKey = 0
    if (header & headerBits.mask) {
      this.#maskingKey = source.readUInt32BE(at + size)
      size += 4
    }
    this.#headerLength = size
    this.#payloadLength = length
    this.#remaining = length
    this.#scratchLength = 0
    this.#inPayload = true
    const control = (header & 0x0800) !== 0
    this.#control = control ? (length === 0 ? noChunk : Buffer.allocUnsafe(length)) : null
    const after = source === chunk ? offset + size : offset
    this.#firstChunk = null
    if (!control) {
      this.#firstChunk = chunk
      this.#firstStart = after
      this.#firstEnd = Math.min(chunk.length, after + length)
    }
    if (length === 0) this.#finishFrame(time)
    return after
  }

  #takePayload(chunk: Buffer, offset: number, time: number): number {
    const take = Math.min(this.#remaining, chunk.length - offset)
    if (this.#control) {
      const done = this.#payloadLength - this.#remaining
      copyUnmasked(chunk, offset, take, this.#control, done, this.#maskingKey)
    } else if (this.#firstStart === this.#firstEnd) {
      // The header ended with the chunk before: the payload's first bytes are here.
      this.#firstChunk = chunk
      this.#firstStart = offset
      this.#firstEnd = offset + take
    }
    this.#remaining -= take
    if (this.#remaining === 0) this.#finishFrame(time)
    return offset + take
  }

  #finishFrame(time: number): void {
    this.#inPayload = false
    const opcode = (this.#header & headerBits.opcode) >> 8
    let broken = this.#broken
    let fatal = false
    if (opcode === opcodes.close) {
      this.#ended = true
      const payload = this.#control as Buffer
      if (payload.length >= 2) {
        const code = payload.readUInt16BE(0)
        if (!isSendableCloseCode(code)) {
          broken = closeCodeNotAllowed(code)
          fatal = true
        } else if (!isUtf8(payload.subarray(2))) broken = brokenRules.closeReasonNotUtf8
      }
    } else if (opcode < opcodes.close) this.#inMessage = (this.#header & headerBits.fin) === 0
    const frame: WireFrame = {
      header: this.#header,
      headerLength: this.#headerLength,
      payloadLength: this.#payloadLength,
      maskingKey: this.#maskingKey,
      startTime: this.#startTime,
      time,
      payload: this.#control,
      firstChunk: this.#firstChunk,
      firstStart: this.#firstStart,
      firstEnd: this.#firstEnd,
      broken,
      fatal,
      raw: null,
    }
    this.#control = null
    this.#firstChunk = null
    this.#onFrame(frame)
  }

  #reject(broken: BrokenRule, source: Buffer, chunk: Buffer, offset: number, time: number): number {
    const before = source === chunk ? noChunk : this.#scratch.subarray(0, this.#scratchLength)
    const rest = chunk.subarray(offset, offset + keptBytes - before.length)
    const raw = Buffer.concat([before, rest])
    this.#ended = true
    this.#scratchLength = 0
    const { headerLength, payload } = readRejected(raw)
    // The frame's own bytes are no trailing ones; without a believable length all of it is the frame.
    const own = Math.max(headerLength + payload.length - before.length, 0)
    this.#onFrame({
      header: this.#header,
      headerLength,
      payloadLength: payload.length,
      maskingKey: 0,
      startTime: this.#startTime,
      time,
      payload,
      firstChunk: null,
      firstStart: 0,
      firstEnd: 0,
      broken,
      fatal: true,
      raw: raw.subarray(0, headerLength + payload.length),
    })
    return Math.min(chunk.length, offset + own)
  }

  /** The rule that the first two bytes of a header break. */
  #violation(header: number): BrokenRule | null {
    const opcode = (header & headerBits.opcode) >> 8
    const masked = (header & headerBits.mask) !== 0
    const rsv = header & headerBits.rsv
    if (opcode > opcodes.pong || (opcode > opcodes.binary && opcode < opcodes.close))
      return reservedOpcode(opcode)
    if (rsv !== 0) {
      if (rsv !== headerBits.rsv1 || !this.#deflate) return brokenRules.rsvWithoutExtension
      if (opcode === opcodes.continuation || opcode >= opcodes.close)
        return brokenRules.rsv1OutOfPlace
    }
    if (opcode >= opcodes.close) {
      const length = header & headerBits.length
      if (!(header & headerBits.fin)) return brokenRules.controlFragmented
      if (length > 125) return brokenRules.controlTooLong
      if (opcode === opcodes.close && length === 1) return brokenRules.closeOneByte
    } else if (opcode === opcodes.continuation) {
      if (!this.#inMessage) return brokenRules.continuationWithoutStart
    } else if (this.#inMessage) return brokenRules.dataInsideMessage
    if (masked !== (this.#sender === 'client'))
      return masked ? brokenRules.serverMasked : brokenRules.clientUnmasked
    return null
  }
}

/** Copies payload bytes and takes the mask off the copy (RFC 6455 section 5.3). */
export function copyUnmasked(
  source: Buffer,
  start: number,
  length: number,
  target: Buffer,
  targetStart: number,
  maskingKey: number,
): void {
  if (maskingKey === 0) {
    source.copy(target, targetStart, start, start + length)
    return
  }
  for (let index = 0; index < length; index++) {
    const position = targetStart + index
    const shift = 24 - 8 * (position & 3)
    target[position] = (source[start + index] as number) ^ ((maskingKey >>> shift) & 0xff)
  }
}

/** Bytes of a header, given its second byte (RFC 6455 section 5.2). */
export function headerLengthOf(second: number): number {
  const short = second & headerBits.length
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  return 2 + extended + (second & headerBits.mask ? 4 : 0)
}

function lengthViolation(source: Buffer, at: number): BrokenRule | null {
  const high = source.readUInt32BE(at + 2)
  if (high >= 0x8000_0000) return brokenRules.lengthTopBit
  return high > 0x1f_ffff ? brokenRules.lengthUnsupported : null
}

/** As much of a rejected frame's payload as is there, unmasked when its header says it is masked. */
function readRejected(raw: Buffer): { headerLength: number; payload: Buffer } {
  const second = raw[1] as number
  const headerLength = Math.min(headerLengthOf(second), raw.length)
  const short = second & headerBits.length
  let length = short
  if (short === 126) length = raw.length >= 4 ? raw.readUInt16BE(2) : 0
  else if (short === 127) length = raw.length >= 10 ? Number(raw.readBigUInt64BE(2)) : 0
  const masked = (second & headerBits.mask) !== 0 && headerLength === headerLengthOf(second)
  const payload = Buffer.from(
    raw.subarray(headerLength, headerLength + Math.min(length, raw.length)),
  )
  if (masked)
    copyUnmasked(payload, 0, payload.length, payload, 0, raw.readUInt32BE(headerLength - 4))
  return { headerLength, payload }
}
