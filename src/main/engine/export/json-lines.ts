import { isUtf8 } from 'node:buffer'
import { parseClosePayload } from '@shared/model/close-code'
import type { Row } from '@shared/model/frame'
import { characterBoundary } from '../frame-log/row-preview'

/** One line of an export, as JSON. Exactly one of `text` and `base64` holds the payload. */
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
  readonly broken?: Row['broken']
  /** Text messages that are valid UTF-8, and events. */
  readonly text?: string
  /** Everything else. */
  readonly base64?: string
}

/** Payload bytes per piece: a multiple of 3, so that base64 pieces join without padding. */
const pieceBytes = 3 * 64 * 1024

/** A row as one line of JSON Lines, without the line break. */
export function jsonLine(row: Row, payload: Uint8Array): string {
  return [...jsonLinePieces(row, payload)].join('')
}

/**
 * The same line in pieces that are cheap to make, for payloads too long for one turn of the event
 * loop. Pieces may be empty while the payload is being checked.
 */
export function* jsonLinePieces(row: Row, payload: Uint8Array): Generator<string, void> {
  const head = JSON.stringify(headOf(row, payload)).slice(0, -1)
  if (yield* isText(row, payload)) {
    yield `${head},"text":"`
    for (let start = 0; start < payload.byteLength;) {
      const rest = payload.subarray(start)
      const piece = rest.subarray(0, characterBoundary(rest, pieceBytes))
      // Neither dropped nor added: a byte order mark is part of the payload.
      yield JSON.stringify(toBuffer(piece).toString('utf8')).slice(1, -1)
      start += piece.byteLength
    }
  } else {
    yield `${head},"base64":"`
    for (let start = 0; start < payload.byteLength; start += pieceBytes) {
      yield toBuffer(payload.subarray(start, start + pieceBytes)).toString('base64')
    }
  }
  yield '"}'
}

function headOf(row: Row, payload: Uint8Array): Omit<JsonLine, 'text' | 'base64'> {
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
  }
}

/** Yields nothing but pauses while it looks at a long payload. */
function* isText(row: Row, payload: Uint8Array): Generator<string, boolean> {
  if (row.kind === 'binary' || row.kind === 'ping' || row.kind === 'pong' || row.kind === 'close')
    return false
  for (let start = 0; start < payload.byteLength;) {
    const rest = payload.subarray(start)
    const piece = rest.subarray(0, characterBoundary(rest, pieceBytes))
    if (!isUtf8(piece)) return false
    start += piece.byteLength
    if (start < payload.byteLength) yield ''
  }
  return true
}

function isoTime(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000)
  const rest = String(microseconds - milliseconds * 1000).padStart(3, '0')
  return `${new Date(milliseconds).toISOString().slice(0, -1)}${rest}Z`
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
