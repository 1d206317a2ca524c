import { listedFrames, type BrokenRule, type Frame, type RowKind } from '@shared/model/frame'
import { PackedFrames } from '@shared/model/packed-frames'
import { brokenRules } from './broken-rules'
import { copyUnmasked, headerBits, headerBytes, opcodes } from './frame-header'
import { keptBytes, payloadStartOf, wireBytesOf, type FrameStart } from './frame-start'
import type { PartialFrame, WireFrame } from './wire-frame'

const nothing = Buffer.alloc(0)

/** What becomes one row: a message with all its frames, a control frame, or a rejected frame. */
export class WireMessage implements FrameStart {
  /** The first two header bytes of its first frame, big-endian (RFC 6455 section 5.2). */
  readonly header: number
  /** `performance.now()` when its last byte passed. */
  time: number
  /** Bytes on the wire, all frames and their headers. */
  wireSize: number
  fragments = 1
  /**
   * Of a message in several frames, the first {@link listedFrames} of them; else `null`. Their times
   * are those of `performance.now()`; of a frame whose end has not come, the length is what has.
   */
  frames: PackedFrames | null = null
  broken: BrokenRule | null
  /** Whether the broken rule ends the connection. */
  readonly fatal: boolean
  /** Whether it came when `ws` had stopped reading, so that it has no effect but its row. */
  readonly unread: boolean
  /** Of everything that `ws` does not deliver, unmasked; `null` for messages that it does. */
  payload: Buffer | null
  /** The start of the first frame seen to be broken, as it was on the wire. */
  raw: Uint8Array | null
  // Where the first bytes of its first frame lie; see FrameStart.
  readonly bytes: Buffer | null
  readonly offset: number
  readonly length: number
  readonly headerLength: number
  readonly maskingKey: number
  readonly wireWord: number
  /** Where those of its other frames lie, up to {@link keptBytes} or the first that is not at hand. */
  #others: FrameStart[] | null = null
  #wanted: number

  constructor(frame: WireFrame) {
    this.header = frame.header
    this.time = frame.time
    this.wireSize = frame.headerLength + frame.payloadLength
    this.broken = frame.broken
    this.fatal = frame.fatal
    this.unread = frame.unread
    this.payload = frame.payload
    this.raw = frame.raw
    this.bytes = frame.bytes
    this.offset = frame.offset
    this.length = frame.length
    this.headerLength = frame.headerLength
    this.maskingKey = frame.maskingKey
    this.wireWord = frame.wireWord
    this.#wanted = frame.bytes === null ? 0 : keptBytes - frame.length
  }

  /** Where the first bytes of its frames lie, one frame after the other. */
  get starts(): readonly FrameStart[] {
    return this.#others === null ? [this] : [this, ...this.#others]
  }

  /** The opcode of its first frame. */
  get opcode(): number {
    return (this.header & headerBits.opcode) >> 8
  }

  /** Whether permessage-deflate compressed it (RFC 7692 section 6). */
  get isCompressed(): boolean {
    return (this.header & headerBits.rsv1) !== 0
  }

  /** Adds what follows a first frame. */
  add(frame: Frame, wireSize: number, start: FrameStart): void {
    this.fragments += 1
    this.wireSize += wireSize
    if (this.#wanted > 0) {
      const { bytes, offset, length, headerLength, maskingKey, wireWord } = start
      this.#others ??= []
      this.#others.push({ bytes, offset, length, headerLength, maskingKey, wireWord })
      this.#wanted = bytes === null ? 0 : this.#wanted - length
    }
    if (this.frames && this.frames.length < listedFrames) this.frames.push(frame)
  }
}

/** Puts the fragments of one direction together (RFC 6455 section 5.4). */
export class MessageAssembler {
  #pending: WireMessage | null = null

  /** @returns the message that this frame completes, `null` while fragments are missing. */
  add(frame: WireFrame): WireMessage | null {
    if (frame.payload !== null) return new WireMessage(frame)
    const isFinal = (frame.header & headerBits.fin) !== 0
    const pending = this.#pending
    if (!pending) {
      const message = new WireMessage(frame)
      if (isFinal) return message
      message.frames = PackedFrames.from([messageFrame(frame)])
      this.#pending = message
      return null
    }
    pending.add(messageFrame(frame), frame.headerLength + frame.payloadLength, frame)
    pending.broken ??= frame.broken
    pending.raw ??= frame.raw
    if (!isFinal) return null
    this.#pending = null
    pending.time = frame.time
    return pending
  }

  /** What has arrived of a message whose end has not, given the frame that is still on its way. */
  unfinished(partial: PartialFrame | null, time: number): WireMessage | null {
    const pending = this.#pending
    if (pending) {
      if (partial && (partial.header & headerBits.control) === 0)
        pending.add(partialFrame(partial, time), partial.wireSize, partial)
      this.#pending = null
      pending.time = time
      return pending
    }
    if (!partial) return null
    return new WireMessage({
      ...partial,
      payloadLength: partial.wireSize - partial.headerLength,
      time,
      payload: null,
      broken: null,
      fatal: false,
      unread: false,
      raw: null,
    })
  }

  /** The message whose end cannot come any more because nothing is read after the frame at hand. */
  interrupted(): WireMessage | null {
    const pending = this.#pending
    if (!pending) return null
    this.#pending = null
    pending.time = pending.frames?.at(-1)?.time ?? pending.time
    pending.broken ??= brokenRules.unfinished
    pending.raw = rawOf(pending, null)
    pending.payload = startOfPayload(pending)
    return pending
  }
}

/** The kind of row an opcode becomes; a reserved one and a stray continuation count as binary. */
export function kindOf(opcode: number): RowKind {
  if (opcode === opcodes.text) return 'text'
  if (opcode === opcodes.close) return 'close'
  if (opcode === opcodes.ping) return 'ping'
  if (opcode === opcodes.pong) return 'pong'
  return 'binary'
}

/** Whether the message is one that `ws` delivers, as opposed to control and unread frames. */
export function isData(message: WireMessage): boolean {
  return message.payload === null
}

/**
 * The first 4 KiB of a message as they were on the wire, frame after frame; `null` when nothing is at
 * hand.
 * @param payload what `ws` delivered of it; without it, it was not delivered.
 */
export function rawOf(message: WireMessage, payload: Uint8Array | null): Uint8Array | null {
  const isPart = message.raw !== null && (message.frames === null || payload !== null)
  if (isPart || !message.bytes) return message.raw
  if (message.frames && payload && !message.isCompressed)
    return rawOfFrames(message.frames, payload)
  return joined(message.starts.map((start) => wireBytesOf(start) ?? nothing))
}

/** The first bytes of the payload of a message that `ws` does not deliver, all frames together, without masks. */
export function startOfPayload(message: WireMessage): Buffer {
  return joined(message.starts.map(payloadStartOf))
}

/** What is kept of pieces that follow one another; one piece is not copied again. */
function joined(pieces: readonly Buffer[]): Buffer {
  const [first = nothing, ...others] = pieces
  return others.length === 0 ? first : Buffer.concat(pieces).subarray(0, keptBytes)
}

/** Frames as they were on the wire, made of their headers and the payload of them all. */
function rawOfFrames(frames: PackedFrames, payload: Uint8Array): Uint8Array {
  const raw = new Uint8Array(keptBytes)
  let size = 0
  let offset = 0
  for (const { header, payloadLength } of frames) {
    if (size === keptBytes) break
    const head = header.subarray(0, keptBytes - size)
    raw.set(head, size)
    size += head.length
    const body = raw.subarray(size, size + payloadLength)
    copyUnmasked(payload, offset, body.length, body, 0, maskingKeyOf(header))
    size += body.length
    offset += payloadLength
  }
  return raw.subarray(0, size)
}

function maskingKeyOf(header: Uint8Array<ArrayBuffer>): number {
  if (((header[1] as number) & headerBits.mask) === 0) return 0
  return new DataView(header.buffer).getUint32(header.byteLength - 4)
}

function messageFrame({ header, payloadLength, maskingKey, time }: WireFrame): Frame {
  return { header: headerBytes(header, payloadLength, maskingKey), payloadLength, time }
}

function partialFrame(partial: PartialFrame, time: number): Frame {
  const { header, headerLength, maskingKey, wireSize, bytes } = partial
  // A header that is itself cut is shown as far as it came.
  const complete = partial.payloadLength > 0
  const head = complete
    ? headerBytes(header, partial.payloadLength, maskingKey)
    : new Uint8Array(bytes?.subarray(0, headerLength) ?? [])
  return { header: head, payloadLength: wireSize - headerLength, time }
}
