import * as v from 'valibot'

/** What a row of the traffic list stands for: a message, a control frame, or an event. */
export const rowKinds = [
  'text',
  'binary',
  'ping',
  'pong',
  'close',
  'open',
  'error',
  'note',
] as const
export const RowKind = v.picklist(rowKinds)
export type RowKind = v.InferOutput<typeof RowKind>

/** `in`: from the peer. `out`: to the peer. `none`: an event that did not cross the wire. */
export const directions = ['in', 'out', 'none'] as const
export const Direction = v.picklist(directions)
export type Direction = v.InferOutput<typeof Direction>

/** What became of an outgoing frame after its bytes were handed to the socket. */
export const fates = ['queued', 'written', 'failed'] as const
export const Fate = v.picklist(fates)
export type Fate = v.InferOutput<typeof Fate>

/** A rule of RFC 6455 or RFC 7692 that a frame broke. */
export const BrokenRule = v.strictObject({
  /** In words, for example "A control frame must not be fragmented". */
  rule: v.string(),
  /** For example "RFC 6455 section 5.5". */
  section: v.string(),
})
export type BrokenRule = v.InferOutput<typeof BrokenRule>

/** One row of the traffic list, without its payload. */
export const Row = v.strictObject({
  /** Position in its log, counted from 0 and never used again. */
  id: v.number(),
  /** Which session of the log: each connect of a connection, or each client of the server, from 1. */
  session: v.number(),
  /** Wall clock in milliseconds since the epoch with microseconds as the fraction, read from a monotonic clock. */
  time: v.number(),
  direction: Direction,
  kind: RowKind,
  /** Payload bytes, inflated. For events, the bytes of their text. */
  size: v.number(),
  /** Bytes on the wire, headers included; 0 for events. */
  wireSize: v.number(),
  /** Frames the message came in; 0 for events. */
  fragments: v.number(),
  /** Whether permessage-deflate compressed it (RFC 7692). */
  compressed: v.boolean(),
  /** `null` for what came in and for events. */
  fate: v.nullable(Fate),
  /** The start of the payload as text (text, close reason, events) or hex pairs (binary, ping, pong). */
  preview: v.string(),
  /** Whether the payload goes on after the preview. */
  previewCut: v.boolean(),
  /** Close frames only: the status code, `null` when the frame had none. */
  closeCode: v.nullable(v.number()),
  /** Pong frames only: round-trip time in milliseconds of the ping it answers. */
  rtt: v.nullable(v.number()),
  broken: v.nullable(BrokenRule),
  /** What the user noted on the row; empty for a bookmark without words, `null` for no bookmark. */
  note: v.nullable(v.string()),
})
export type Row = v.InferOutput<typeof Row>

/** One frame of a message (RFC 6455 section 5.2). */
export interface Frame {
  /** The header byte for byte, extended length and masking key included: 2 to 14 bytes. */
  readonly header: Uint8Array
  /** Payload bytes on the wire: of a rejected frame those received. */
  readonly payloadLength: number
  /** When its last byte passed, in milliseconds since the epoch as {@link Row}'s `time`. */
  readonly time: number
}

/** Most frames of one message that are kept one by one; more are only counted. */
export const listedFrames = 65_536

/** One session of a log: each connect of a connection, or each client of the server. */
export const SessionInfo = v.strictObject({
  /** From 1. */
  number: v.number(),
  /** The role of this end: `client` for a connection made here, `server` for one accepted. */
  role: v.picklist(['client', 'server']),
  /** The URL asked for, without user information; empty until it is known. */
  url: v.string(),
  /** The other end, for example `127.0.0.1:50312`; empty when unknown. */
  peer: v.string(),
  /** This end of the socket, as `peer`. */
  local: v.string(),
})
export type SessionInfo = v.InferOutput<typeof SessionInfo>

/** A row with what only the inspector needs. */
export const RowDetail = v.strictObject({
  row: Row,
  session: SessionInfo,
  /**
   * The frames it came in, at most {@link listedFrames} of `row.fragments`, as `PackedFrames` has
   * them; none for events.
   */
  frames: v.instance(Uint8Array),
  /** Of a frame that broke a rule: its first 4 KiB as they were on the wire, header included. */
  raw: v.nullable(v.instance(Uint8Array)),
})
export type RowDetail = v.InferOutput<typeof RowDetail>

/** The name of an opcode as RFC 6455 section 11.8 registers it. */
export function opcodeName(opcode: number): string {
  return ['continuation', 'text', 'binary'][opcode] ?? controlOpcodes[opcode] ?? 'reserved'
}

const controlOpcodes: Readonly<Record<number, string>> = { 8: 'close', 9: 'ping', 10: 'pong' }

/** Payload bytes (text cut at a character) that a row's preview covers at most. */
export const previewBytes = 200
