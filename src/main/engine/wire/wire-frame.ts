import type { BrokenRule } from '@shared/model/frame'
import type { FrameStart } from './frame-start'

/** One frame as it was on the wire. */
export interface WireFrame extends FrameStart {
  /** The first two bytes of the header, big-endian. */
  readonly header: number
  /** Bytes of the payload as the header announces them; of a rejected frame those received. */
  readonly payloadLength: number
  /** `performance.now()` when its last byte arrived. */
  readonly time: number
  /** The unmasked payload of a control, rejected or unread frame (of the latter two its start); else `null`. */
  readonly payload: Buffer | null
  readonly broken: BrokenRule | null
  /** Whether the broken rule ends the connection. */
  readonly fatal: boolean
  /** Whether it came when `ws` had stopped reading, so that it has no effect but its row. */
  readonly unread: boolean
  /** Of a broken frame: its first 4 KiB as they were on the wire, of a fatal one what had arrived. */
  readonly raw: Buffer | null
}

/** A frame whose end has not come. */
export interface PartialFrame extends FrameStart {
  readonly header: number
  /** Bytes that have arrived, header included. */
  readonly wireSize: number
  /** What the header announces; 0 while the header is not complete. */
  readonly payloadLength: number
}

/** The frame under way. One object serves all frames of a parser. */
export class CurrentFrame implements WireFrame {
  header = 0
  headerLength = 0
  payloadLength = 0
  maskingKey = 0
  time = 0
  payload: Buffer | null = null
  bytes: Buffer | null = null
  offset = 0
  length = 0
  wireWord = 0
  broken: BrokenRule | null = null
  fatal = false
  unread = false
  raw: Buffer | null = null
}
