import type { BrokenRule, Direction, Fate, FrameHeader, Row, RowKind } from '@shared/model/frame'

/** What a session hands over for one row; the log gives it its id. */
export interface NewRow {
  /** Session number within the log, from 1; see {@link FrameLog.openSession}. */
  readonly session: number
  /** Wall clock in milliseconds since the epoch, microseconds as the fraction. */
  readonly time: number
  readonly direction: Direction
  readonly kind: RowKind
  /** The inflated, unmasked payload, or the UTF-8 text of an event. Copied once by the log. */
  readonly payload: Uint8Array
  /** Bytes on the wire, all frames and their headers; 0 for events. */
  readonly wireSize: number
  /** Frames the message came in; 0 for events. */
  readonly fragments: number
  /** First two bytes of the first frame's header (RFC 6455 section 5.2), big-endian; 0 for events. */
  readonly header: number
  /**
   * Payload bytes that the first frame's header announces. Only needed for a message of several
   * frames; without it the length is derived from `wireSize`.
   */
  readonly firstFrameLength?: number
  readonly fate: Fate | null
  /** Pong rows that answer a ping: its round-trip time in milliseconds. */
  readonly rtt: number | null
  readonly broken: BrokenRule | null
}

/** Everything that happened on the sessions of one endpoint, append-only. */
export interface FrameLog {
  readonly id: string
  /** Rows ever appended; the next row's id. */
  readonly total: number
  /** The oldest row still held, which is also how many were evicted. */
  readonly firstId: number
  /** Bytes held, index included. */
  readonly bytes: number
  /** Bytes it may hold before its oldest rows are evicted. */
  budget: number

  /** Starts a session and returns its number, from 1. `peer` is the other end as `address:port`. */
  openSession(peer: string): number
  /** Corrects the other end of a session once it is known. */
  setPeer(session: number, peer: string): void
  /** @returns the row's id. Never waits and never throws for want of room: it evicts. */
  append(row: NewRow): number
  /** Does nothing when the row was evicted meanwhile. */
  setFate(id: number, fate: Fate): void
  /** @returns `undefined` when the row was evicted or does not exist. */
  row(id: number): Row | undefined
  header(id: number): FrameHeader | undefined
  peer(session: number): string
  /** A part of the payload, as a copy. `undefined` when evicted. */
  payload(id: number, offset?: number, length?: number): Uint8Array | undefined
  /** Whether the row passes; looks at the payload in place. Used by views. */
  test(id: number, predicate: RowPredicate): boolean
  /**
   * Called at every change (append, fate, eviction); the listener must be cheap. `changedId` is the
   * row whose fate changed, absent for everything else. Returns the function that stops it.
   */
  onChange(listener: (changedId?: number) => void): () => void
  dispose(): void
}

/** Looks at one row without building objects for it. `payload` is only valid during the call. */
export type RowPredicate = (row: {
  readonly id: number
  readonly session: number
  readonly direction: Direction
  readonly kind: RowKind
  readonly payload: Uint8Array
}) => boolean
