import type { BrokenRule, RowKind } from '@shared/model/frame'
import {
  copyUnmasked,
  headerBits,
  headerLengthOf,
  keptBytes,
  opcodes,
  type PartialFrame,
  type WireFrame,
} from './frame-header'

/** What becomes one row: a message with all its fragments, a control frame, or a rejected frame. */
export interface WireMessage {
  /** The opcode of its first frame. */
  readonly opcode: number
  /** The first two header bytes of its first frame, big-endian (RFC 6455 section 5.2). */
  readonly header: number
  /** `performance.now()` when its last byte passed. */
  time: number
  /** Bytes on the wire, all frames and their headers. */
  wireSize: number
  fragments: number
  broken: BrokenRule | null
  /** Whether the broken rule ends the connection. */
  readonly fatal: boolean
  /** Of control frames and rejected frames, unmasked; `null` for data messages. */
  readonly payload: Buffer | null
  /** The start of a frame rejected for its header, as it was on the wire. */
  readonly raw: Buffer | null
  /** Where the first bytes of a data message lie; see {@link sampleOf}. */
  readonly maskingKey: number
  readonly firstChunk: Buffer | null
  readonly firstStart: number
  readonly firstEnd: number
}

/** Puts the fragments of one direction together (RFC 6455 section 5.4). */
export class MessageAssembler {
  #pending: WireMessage | null = null

  /** @returns the message that this frame completes, `null` while fragments are missing. */
  add(frame: WireFrame): WireMessage | null {
    const wireSize = frame.headerLength + frame.payloadLength
    if (frame.fatal || frame.payload) return messageOf(frame, wireSize)
    let message = this.#pending
    if (message) {
      message.wireSize += wireSize
      message.fragments += 1
      message.broken ??= frame.broken
    } else message = messageOf(frame, wireSize)
    if (frame.header & headerBits.fin) {
      this.#pending = null
      message.time = frame.time
      return message
    }
    this.#pending = message
    return null
  }

  /** What has arrived of a message whose end has not, given the frame that is still on its way. */
  unfinished(partial: PartialFrame | null, time: number): WireMessage | null {
    const pending = this.#pending
    if (pending) {
      const isData = partial !== null && ((partial.header >> 8) & 0x08) === 0
      if (partial && isData) {
        pending.wireSize += partial.wireSize
        pending.fragments += 1
      }
      this.#pending = null
      pending.time = time
      return pending
    }
    if (!partial) return null
    return {
      opcode: (partial.header & headerBits.opcode) >> 8,
      header: partial.header,
      time,
      wireSize: partial.wireSize,
      fragments: 1,
      broken: null,
      fatal: false,
      payload: null,
      raw: null,
      maskingKey: partial.maskingKey,
      firstChunk: partial.firstChunk,
      firstStart: partial.firstStart,
      firstEnd: partial.firstEnd,
    }
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

/** Whether the message is one that `ws` delivers, as opposed to a control frame. */
export function isData(message: WireMessage): boolean {
  return message.payload === null
}

/**
 * The first bytes (at most 4 KiB) of a data message that `ws` did not deliver.
 * @param consumed whether `ws` has read the payload: it then took the mask off in the chunk itself if
 * the frame lay in one chunk, and off a copy if it did not.
 */
export function sampleOf(message: WireMessage, consumed: boolean): Buffer {
  if (message.payload) return message.payload
  const { firstChunk, firstStart } = message
  if (!firstChunk) return Buffer.alloc(0)
  const frameSize = headerLengthOf(message.header & 0xff) + message.firstEnd - firstStart
  const unmasked = consumed && message.fragments === 1 && frameSize === message.wireSize
  const length = Math.min(message.firstEnd - firstStart, keptBytes)
  const sample = Buffer.allocUnsafe(length)
  copyUnmasked(firstChunk, firstStart, length, sample, 0, unmasked ? 0 : message.maskingKey)
  return sample
}

function messageOf(frame: WireFrame, wireSize: number): WireMessage {
  return {
    opcode: (frame.header & headerBits.opcode) >> 8,
    header: frame.header,
    time: frame.time,
    wireSize,
    fragments: 1,
    broken: frame.broken,
    fatal: frame.fatal,
    payload: frame.payload,
    raw: frame.raw,
    maskingKey: frame.maskingKey,
    firstChunk: frame.firstChunk,
    firstStart: frame.firstStart,
    firstEnd: frame.firstEnd,
  }
}
