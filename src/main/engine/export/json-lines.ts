import { isUtf8 } from 'node:buffer'
import { parseClosePayload } from '@shared/model/close-code'
import type { BrokenRule, Frame, Row, SessionInfo } from '@shared/model/frame'
import { characterBoundary } from '../frame-log/row-preview'
import type { ExportedRow } from './exported-row'
import type { Piece, RowFormat } from './row-format'

/** The version of JSON Lines that is written; docs/export-formats.md describes it. */
export const jsonLinesVersion = 1

/** The first line of a file. */
export interface JsonLinesHeader {
  readonly type: 'header'
  readonly format: 'framescope'
  readonly version: number
}

/** A session, on a line before its first row. */
export type JsonLinesSession = { readonly type: 'session' } & SessionInfo

/** One row, as JSON. Exactly one of `text` and `base64` holds the payload. */
export interface JsonLine {
  readonly id: number
  readonly session: number
  /** ISO 8601 in UTC with microseconds. */
  readonly time: string
  /** Milliseconds since the epoch, microseconds as the fraction. */
  readonly timestamp: number
  readonly direction: Row['direction']
  readonly type: Row['kind']
  readonly size: number
  readonly wireSize: number
  readonly fragments: number
  readonly compressed: boolean
  readonly fate: Row['fate']
  /** Close frames only; absent when the frame had no code. */
  readonly closeCode?: number
  /** Close frames only. */
  readonly reason?: string
  /** Milliseconds; pongs that answer a ping only. */
  readonly rtt?: number
  readonly broken?: BrokenRule
  /** Header bytes of the only frame, as hex pairs. */
  readonly header?: string
  /** Of a message in several frames, at most `listedFrames` of them. */
  readonly frames?: readonly JsonLineFrame[]
  /** Of a frame that broke a rule: its first 4 KiB as they were on the wire, as base64. */
  readonly raw?: string
  /** What the user noted; empty for a bookmark without words. */
  readonly note?: string
  /** Text messages that are valid UTF-8, and events. */
  readonly text?: string
  /** Everything else. */
  readonly base64?: string
}

/** One frame of a message. */
export interface JsonLineFrame {
  readonly header: string
  /** Payload bytes on the wire. */
  readonly length: number
  /** Milliseconds since the epoch. */
  readonly time: number
}

/** Payload bytes per piece: a multiple of 3, so that base64 pieces join without padding. */
const pieceBytes = 3 * 64 * 1024

/** Frames per piece. */
const pieceFrames = 1000

/** One JSON object per row, the format that is imported without loss. */
export class JsonLinesFormat implements RowFormat {
  readonly #sessions = new Set<number>();

  *begin(): Generator<Piece, void> {
    const header: JsonLinesHeader = {
      type: 'header',
      format: 'framescope',
      version: jsonLinesVersion,
    }
    yield `${JSON.stringify(header)}\n`
  }

  *row(exported: ExportedRow): Generator<Piece, void> {
    const { session } = exported
    if (!this.#sessions.has(session.number)) {
      this.#sessions.add(session.number)
      const line: JsonLinesSession = { type: 'session', ...session }
      yield `${JSON.stringify(line)}\n`
    }
    yield* jsonLinePieces(exported)
    yield '\n'
  }

  *end(): Generator<Piece, void> {}
}

/** A row as one line of JSON Lines, without the line break. */
export function jsonLine(exported: ExportedRow): string {
  return [...jsonLinePieces(exported)].join('')
}

/**
 * The same line in pieces that are cheap to make, for payloads too long for one turn of the event
 * loop. Pieces may be empty while the payload is being checked.
 */
export function* jsonLinePieces(exported: ExportedRow): Generator<string, void> {
  const { row, payload } = exported
  const head = JSON.stringify(headOf(exported)).slice(0, -1)
  yield head
  yield* framePieces(exported)
  if (isTextKind(row.kind) && (yield* isValidText(payload))) {
    yield ',"text":"'
    yield* textPieces(payload)
  } else {
    yield ',"base64":"'
    yield* base64Pieces(payload)
  }
  yield '"}'
}

function headOf(exported: ExportedRow): Omit<JsonLine, 'header' | 'frames' | 'text' | 'base64'> {
  const { row, payload, raw } = exported
  const microseconds = Math.round(row.time * 1000)
  return {
    id: row.id,
    session: row.session,
    time: isoTime(microseconds),
    timestamp: microseconds / 1000,
    direction: row.direction,
    type: row.kind,
    size: row.size,
    wireSize: row.wireSize,
    fragments: row.fragments,
    compressed: row.compressed,
    fate: row.fate,
    ...(row.closeCode !== null && { closeCode: row.closeCode }),
    ...(row.kind === 'close' && { reason: parseClosePayload(payload).reason }),
    ...(row.rtt !== null && { rtt: row.rtt }),
    ...(row.broken !== null && { broken: row.broken }),
    ...(raw !== null && { raw: toBuffer(raw).toString('base64') }),
    ...(row.note !== null && { note: row.note }),
  }
}

/** The only frame follows from its header and the row; what does not is written in full. */
function* framePieces({ row, frames }: ExportedRow): Generator<string, void> {
  const first = frames.at(0)
  if (!first) return
  const follows =
    row.fragments === 1 &&
    first.time === row.time &&
    first.payloadLength === Math.max(0, row.wireSize - first.header.byteLength)
  if (follows) {
    yield `,"header":"${toBuffer(first.header).toString('hex')}"`
    return
  }
  let piece = ',"frames":['
  let inPiece = 0
  for (const frame of frames) {
    if (inPiece === pieceFrames) {
      yield `${piece},`
      piece = ''
      inPiece = 0
    }
    piece += (inPiece === 0 ? '' : ',') + JSON.stringify(frameOf(frame))
    inPiece += 1
  }
  yield `${piece}]`
}

function frameOf({ header, payloadLength, time }: Frame): JsonLineFrame {
  return {
    header: toBuffer(header).toString('hex'),
    length: payloadLength,
    time: Math.round(time * 1000) / 1000,
  }
}

/** Whether payloads of this kind are text when they are valid UTF-8. */
export function isTextKind(kind: Row['kind']): boolean {
  return kind !== 'binary' && kind !== 'ping' && kind !== 'pong' && kind !== 'close'
}

/** Yields nothing but pauses while it looks at a long payload. @returns whether it is UTF-8. */
export function* isValidText(payload: Uint8Array): Generator<string, boolean> {
  for (let start = 0; start < payload.byteLength;) {
    const rest = payload.subarray(start)
    const piece = rest.subarray(0, characterBoundary(rest, pieceBytes))
    if (!isUtf8(piece)) return false
    start += piece.byteLength
    if (start < payload.byteLength) yield ''
  }
  return true
}

/** UTF-8 as the inside of a JSON string, in pieces. What is not UTF-8 becomes U+FFFD. */
export function* textPieces(payload: Uint8Array): Generator<string, void> {
  for (let start = 0; start < payload.byteLength;) {
    const rest = payload.subarray(start)
    const piece = rest.subarray(0, characterBoundary(rest, pieceBytes))
    // Neither dropped nor added: a byte order mark is part of the payload.
    yield JSON.stringify(toBuffer(piece).toString('utf8')).slice(1, -1)
    start += piece.byteLength
  }
}

/** Base64 in pieces that can be joined. */
export function* base64Pieces(payload: Uint8Array): Generator<string, void> {
  for (let start = 0; start < payload.byteLength; start += pieceBytes)
    yield toBuffer(payload.subarray(start, start + pieceBytes)).toString('base64')
}

/** ISO 8601 in UTC with microseconds. @param microseconds since the epoch, whole. */
export function isoTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000)
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0')
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
