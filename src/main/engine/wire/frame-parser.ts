import { isUtf8 } from 'node:buffer'
import { isSendableCloseCode } from '@shared/model/close-code'
import type { BrokenRule } from '@shared/model/frame'
import { brokenRules, closeCodeNotAllowed } from './broken-rules'
import {
  copyUnmasked,
  headerBits,
  headerBytes,
  headerLengthOf,
  headerViolation,
  lengthViolation,
  opcodes,
  type FrameRules,
} from './frame-header'
import { keptBytes, wireWordAt, type FrameStart } from './frame-start'
import { UnreadFrame, unreadViolation } from './unread-frame'
import { CurrentFrame, type PartialFrame, type WireFrame } from './wire-frame'

export interface FrameParserOptions extends FrameRules {
  /**
   * Whether the first 4 KiB of a frame that does not come in one chunk are copied, in case somebody
   * wants to see them; without it only broken frames are.
   */
  readonly keepStarts: boolean
}

const nothing = Buffer.alloc(0)

/** The first header bytes of a whole message that is not compressed, without mask and length. */
const plainText = headerBits.fin | (opcodes.text << 8)
const plainBinary = headerBits.fin | (opcodes.binary << 8)

/** Most frames told of after `ws` has stopped reading; by then it may be anything but frames. */
const mostUnread = 1000

/**
 * Finds frames in a byte stream, whatever the boundaries of its chunks (RFC 6455 section 5.2), and
 * says which rule a frame breaks as soon as its header shows it. The frame handed to the listener is
 * valid during the call only; payloads of data frames are not copied.
 */
export class FrameParser {
  readonly #rules: FrameParserOptions
  readonly #onFrame: (frame: WireFrame) => void
  readonly #frame = new CurrentFrame()
  /** A header that is spread over chunks is gathered here. */
  readonly #scratch = Buffer.alloc(14)
  #scratchLength = 0
  #inPayload = false
  #inMessage = false
  /** Whether `ws` stops reading here: a frame closed the connection or was rejected. */
  #isOver = false
  /** The rule that data frames break which come nevertheless; without one they only count. */
  #tooLate: BrokenRule | null = null
  /** The frame under way that `ws` does not read. */
  #unread: UnreadFrame | null = null
  #unreadCount = 0
  /** How much of that frame is told of already, when that is all that ever is. */
  #toldBytes: number | null = null
  /** Bytes still to come of a rejected frame of which enough was kept. */
  #skipped = 0
  #trailing = 0
  /** Payload bytes of the frame under way that have not come. */
  #remaining = 0
  /** The copy of the frame's start that is being filled. */
  #kept: Buffer | null = null

  constructor(options: FrameParserOptions, onFrame: (frame: WireFrame) => void) {
    this.#rules = options
    this.#onFrame = onFrame
  }

  /** Bytes that came after everything that was told of, and in no frame that will be. */
  get trailingBytes(): number {
    return this.#trailing
  }

  /** Whether a frame was rejected of which more is on its way: it is told of when that has come. */
  get isRejecting(): boolean {
    return this.#unread !== null && this.#unread.rejectedFor !== null
  }

  /** Whether `ws` reads nothing any more. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** The frame whose first two bytes have arrived and whose last has not. */
  get partial(): PartialFrame | null {
    if (this.#inPayload) {
      const { header, headerLength, payloadLength, maskingKey } = this.#frame
      const wireSize = headerLength + payloadLength - this.#remaining
      return {
        header,
        wireSize,
        payloadLength,
        ...startOf(this.#kept, Math.min(wireSize, keptBytes), headerLength, maskingKey),
      }
    }
    const wireSize = this.#scratchLength
    if (wireSize < 2) return null
    const bytes = Buffer.from(this.#scratch.subarray(0, wireSize))
    return {
      header: bytes.readUInt16BE(0),
      wireSize,
      payloadLength: 0,
      ...startOf(bytes, wireSize, wireSize, 0),
    }
  }

  /**
   * Takes the next bytes of the stream.
   * @param time `performance.now()` of their arrival.
   */
  feed(chunk: Buffer, time: number): void {
    this.#frame.time = time
    for (let offset = 0; offset < chunk.length;) offset = this.#next(chunk, offset)
  }

  /**
   * Takes bytes up to the end of a message or control frame outside of one, or of the chunk.
   * @param start where in the chunk they begin.
   * @returns where in the chunk they end.
   */
  feedMessage(chunk: Buffer, start: number, time: number): number {
    this.#frame.time = time
    let offset = start
    do offset = this.#next(chunk, offset)
    while (offset < chunk.length && !this.#isBetween)
    return offset
  }

  /**
   * Takes plain messages, one after the other: text or binary in one frame, not compressed, breaking
   * no rule, and whole in this chunk. They are offered instead of being told of.
   * @param start where in the chunk they begin.
   * @param take whether it takes the message, which otherwise has not been seen.
   * @returns where in the chunk what is anything else begins.
   */
  takePlain(
    chunk: Buffer,
    start: number,
    time: number,
    take: (frame: WireFrame) => boolean,
  ): number {
    if (!this.#isBetween) return start
    const frame = this.#frame
    const masked = this.#rules.sender === 'client' ? headerBits.mask : 0
    frame.time = time
    frame.broken = null
    frame.bytes = chunk
    let offset = start
    while (this.#isBetween && offset + 2 <= chunk.length) {
      const header = ((chunk[offset] as number) << 8) | (chunk[offset + 1] as number)
      const kind = header & ~headerBits.length
      if (kind !== (plainText | masked) && kind !== (plainBinary | masked)) break
      let length = header & headerBits.length
      let size = 2
      if (length === 126) {
        if (offset + 4 > chunk.length) break
        length = ((chunk[offset + 2] as number) << 8) | (chunk[offset + 3] as number)
        size = 4
        if (length < 126) break
      } else if (length === 127) break
      if (masked) size += 4
      const end = offset + size + length
      if (end > chunk.length) break
      frame.header = header
      frame.headerLength = size
      frame.payloadLength = length
      frame.maskingKey = masked ? chunk.readUInt32BE(offset + size - 4) : 0
      frame.offset = offset
      if (!take(frame)) break
      offset = end
    }
    this.#release()
    return offset
  }

  /** Whether the next byte is the first of a message or of a control frame outside of one. */
  get #isBetween(): boolean {
    return !this.#inPayload && this.#scratchLength === 0 && !this.#inMessage && !this.#isOver
  }

  #next(chunk: Buffer, offset: number): number {
    if (this.#isOver) return this.#takeUnread(chunk, offset)
    return this.#inPayload ? this.#takePayload(chunk, offset) : this.#takeHeader(chunk, offset)
  }

  /**
   * Stops reading: whatever comes from now on is counted as trailing. After a close frame, a rejected
   * one or a failure frames are still told of.
   */
  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#inPayload = false
    this.#scratchLength = 0
    this.#release()
  }

  /**
   * `ws` reads no further, because of what a message turned out to hold. From the frame under way on,
   * frames are told of as after a rejected one.
   * @param atHeader whether the frame under way is the reason; of that one nothing more is told.
   */
  fail(atHeader: boolean): void {
    if (this.#isOver) return
    this.#tooLate = brokenRules.unread
    this.#unread = this.#begun()
    if (atHeader) this.#toldBytes = this.#unread?.passed ?? null
    this.end()
  }

  /** What has arrived of the frame under way, as one that is not read. */
  #begun(): UnreadFrame | null {
    const bytes = this.#inPayload ? this.#kept : this.#scratch.subarray(0, this.#scratchLength)
    if (!bytes || bytes.length === 0) return null
    const unread = new UnreadFrame(null)
    const { headerLength, payloadLength } = this.#frame
    const arrived = this.#inPayload ? headerLength + payloadLength - this.#remaining : bytes.length
    unread.take(bytes.subarray(0, arrived), 0)
    unread.pass(Math.max(0, arrived - bytes.length))
    return unread
  }

  /** Tells of the unread frame under way with what has come of it. */
  finish(): void {
    const unread = this.#unread
    if (!unread) return
    this.#unread = null
    const told = this.#toldBytes
    this.#toldBytes = null
    if (told !== null) this.#trailing += unread.passed - told
    else if (unread.passed < 2) this.#trailing += unread.passed
    else this.#tellUnread(unread)
  }

  #takeUnread(chunk: Buffer, offset: number): number {
    const left = chunk.length - offset
    const isDeaf = this.#tooLate === null || this.#unreadCount === mostUnread
    const skipped = isDeaf ? left : Math.min(left, this.#skipped)
    this.#trailing += skipped
    this.#skipped -= skipped
    if (skipped === left) return chunk.length
    this.#unread ??= new UnreadFrame(null)
    const after = this.#unread.take(chunk, offset + skipped)
    if (this.#unread.isDone) this.finish()
    return after
  }

  #tellUnread(unread: UnreadFrame): void {
    const frame = this.#frame
    const { rejectedFor } = unread
    const parts = unread.parts()
    const tooLate = this.#tooLate ?? brokenRules.unread
    const cutOff = unread.isDone ? null : brokenRules.unfinished
    const broken = rejectedFor ?? unreadViolation(parts, this.#rules, tooLate) ?? cutOff
    frame.header = parts.header
    frame.headerLength = parts.headerLength
    frame.payloadLength = parts.payloadLength
    frame.maskingKey = parts.maskingKey
    frame.payload = parts.payload
    frame.broken = broken
    frame.fatal = rejectedFor !== null
    frame.unread = rejectedFor === null
    frame.raw = broken === null ? null : parts.raw
    this.#unreadCount += 1
    this.#skipped = rejectedFor === null ? 0 : unread.left
    this.#onFrame(frame)
    this.#release()
  }

  #takeHeader(chunk: Buffer, start: number): number {
    if (this.#scratchLength === 0) {
      const available = chunk.length - start
      // The common case: the whole header lies in this chunk and is read where it is.
      if (available >= 2 && available >= headerLengthOf(chunk[start + 1] as number))
        return this.#readHeader(chunk, start, chunk, start)
    }
    let offset = start
    while (offset < chunk.length) {
      this.#scratch[this.#scratchLength++] = chunk[offset++] as number
      const length = this.#scratchLength
      if (length < 2) continue
      const second = this.#scratch[1] as number
      // A frame is rejected as soon as its first two bytes or its length are wrong, without waiting.
      const decisive =
        (length === 2 &&
          headerViolation(this.#scratch.readUInt16BE(0), this.#rules, this.#inMessage) !== null) ||
        (length === 10 &&
          (second & headerBits.length) === 127 &&
          lengthViolation(this.#scratch, 0) !== null)
      if (length === headerLengthOf(second) || decisive)
        return this.#readHeader(this.#scratch, 0, chunk, offset)
    }
    return offset
  }

  /**
   * Reads a header out of `source`.
   * @param offset where the bytes after it continue in `chunk`, which is also where the header starts
   * when `source` is the chunk itself.
   * @returns the offset in `chunk` after what was taken.
   */
  #readHeader(source: Buffer, at: number, chunk: Buffer, offset: number): number {
    const frame = this.#frame
    const header = ((source[at] as number) << 8) | (source[at + 1] as number)
    frame.header = header
    const violation = headerViolation(header, this.#rules, this.#inMessage)
    if (violation) return this.#reject(violation, source, chunk, offset)

    let length = header & headerBits.length
    let size = 2
    frame.broken = null
    if (length === 126) {
      length = ((source[at + 2] as number) << 8) | (source[at + 3] as number)
      size = 4
      if (length < 126) frame.broken = brokenRules.lengthNotMinimal
    } else if (length === 127) {
      const tooLong = lengthViolation(source, at)
      if (tooLong) return this.#reject(tooLong, source, chunk, offset)
      length = source.readUInt32BE(at + 2) * 0x1_0000_0000 + source.readUInt32BE(at + 6)
      size = 10
      if (length < 0x1_0000) frame.broken = brokenRules.lengthNotMinimal
    }
    frame.maskingKey = 0
    if (header & headerBits.mask) {
      frame.maskingKey = source.readUInt32BE(at + size)
      size += 4
    }
    frame.headerLength = size
    frame.payloadLength = length
    this.#remaining = length
    this.#scratchLength = 0
    const isWhole = source === chunk
    const after = isWhole ? offset + size : offset
    if (header & headerBits.control)
      frame.payload = length === 0 ? nothing : Buffer.allocUnsafe(length)
    else if (isWhole && frame.broken === null && after + length <= chunk.length) {
      // Also the common case: a data frame that ends in this chunk.
      frame.bytes = chunk
      frame.offset = offset
      frame.length = size + Math.min(length, keptBytes - size)
      this.#finishFrame()
      return after + length
    }
    this.#inPayload = true
    const isCut = !isWhole || after + length > chunk.length
    if (frame.broken !== null || (isCut && this.#rules.keepStarts)) this.#keep(source, at)
    if (length === 0) this.#finishFrame()
    return after
  }

  /** Starts a copy of the frame's first bytes with its header. */
  #keep(source: Buffer, at: number): void {
    const { headerLength, payloadLength } = this.#frame
    this.#kept = Buffer.allocUnsafe(Math.min(keptBytes, headerLength + payloadLength))
    source.copy(this.#kept, 0, at, at + headerLength)
  }

  #takePayload(chunk: Buffer, offset: number): number {
    const { payload, headerLength, payloadLength, maskingKey } = this.#frame
    const take = Math.min(this.#remaining, chunk.length - offset)
    const done = payloadLength - this.#remaining
    if (payload) copyUnmasked(chunk, offset, take, payload, done, maskingKey)
    if (this.#kept && headerLength + done < this.#kept.length)
      chunk.copy(this.#kept, headerLength + done, offset, offset + take)
    this.#remaining -= take
    if (this.#remaining === 0) this.#finishFrame()
    return offset + take
  }

  #finishFrame(): void {
    const frame = this.#frame
    this.#inPayload = false
    if (this.#kept) {
      frame.bytes = this.#kept
      frame.offset = 0
      frame.length = this.#kept.length
      if (frame.broken) frame.raw = this.#kept
    }
    if (frame.header & headerBits.control) this.#checkControl(frame)
    else {
      this.#inMessage = (frame.header & headerBits.fin) === 0
      if (frame.maskingKey !== 0 && frame.bytes)
        frame.wireWord = wireWordAt(
          frame.bytes,
          frame.offset + frame.headerLength,
          frame.offset + frame.length,
        )
    }
    this.#onFrame(frame)
    this.#release()
  }

  #checkControl(frame: CurrentFrame): void {
    if ((frame.header & headerBits.opcode) >> 8 !== opcodes.close) return
    this.#isOver = true
    this.#tooLate = brokenRules.afterClose
    const payload = frame.payload as Buffer
    if (payload.length < 2) return
    const code = payload.readUInt16BE(0)
    if (!isSendableCloseCode(code)) {
      frame.broken = closeCodeNotAllowed(code)
      frame.fatal = true
    } else if (!isUtf8(payload.subarray(2))) frame.broken = brokenRules.closeReasonNotUtf8
    if (frame.broken) frame.raw = controlBytes(frame, payload)
  }

  #reject(broken: BrokenRule, source: Buffer, chunk: Buffer, offset: number): number {
    this.#isOver = true
    this.#tooLate = brokenRules.unread
    const unread = new UnreadFrame(broken)
    this.#unread = unread
    if (source !== chunk) unread.take(this.#scratch.subarray(0, this.#scratchLength), 0)
    this.#scratchLength = 0
    const after = unread.take(chunk, offset)
    if (unread.isDone) this.finish()
    return after
  }

  /** Lets go of every buffer, so that none is kept alive by a connection that has gone quiet. */
  #release(): void {
    this.#kept = null
    this.#frame.payload = null
    this.#frame.bytes = null
    this.#frame.raw = null
  }
}

function startOf(
  bytes: Buffer | null,
  length: number,
  headerLength: number,
  maskingKey: number,
): FrameStart {
  const wireWord = bytes ? wireWordAt(bytes, headerLength, length) : 0
  return { bytes, offset: 0, length, headerLength, maskingKey, wireWord }
}

/** A control frame as it was on the wire, from what was read of it. */
function controlBytes({ header, maskingKey }: WireFrame, payload: Buffer): Buffer {
  const head = headerBytes(header, payload.length, maskingKey)
  const bytes = Buffer.allocUnsafe(head.length + payload.length)
  bytes.set(head)
  const body = bytes.subarray(head.length)
  copyUnmasked(payload, 0, payload.length, body, 0, maskingKey)
  return bytes
}
