import type { ExportFormat } from '@shared/model/export'
import { parseClosePayload } from '@shared/model/close-code'
import type { SessionInfo } from '@shared/model/frame'
import { opcodes } from '../wire/frame-header'
import type { ExportedRow } from './exported-row'
import { entryEnd, entryStart } from './har-entry'
import { base64Pieces, isValidText, textPieces } from './json-lines'
import type { Piece, RowFormat } from './row-format'

/** `chrome`: what Chrome writes and reads. `extended`: with control frames and how it was closed. */
export type HarMode = Extract<ExportFormat, { name: 'har' }>['mode']

/** Opcode of a message that tells of an error, as Chrome writes it. */
const errorOpcode = -1

/** The entry being written. */
interface Entry {
  readonly session: SessionInfo
  readonly from: number
  to: number
  heads: string
  messages: number
  /** Whether one of them was a frame, which only follows an upgrade. */
  hasFrames: boolean
  close: { readonly code: number; readonly reason: string; readonly timestamp: number } | null
}

/**
 * HAR 1.2 with the WebSocket members of Chrome: one entry per session, its handshake as request and
 * response, its messages under `_webSocketMessages` with times in seconds.
 */
export class HarFormat implements RowFormat {
  readonly bySession = true
  readonly handshakes = true
  readonly #mode: HarMode
  #entry: Entry | null = null

  constructor(mode: HarMode) {
    this.#mode = mode
  }

  *begin(): Generator<Piece, void> {
    const creator = { name: 'Framescope', version: '1' }
    yield `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`
  }

  *row(exported: ExportedRow): Generator<Piece, void> {
    const { row, session, payload } = exported
    let entry = this.#entry
    if (entry?.session.number !== session.number) {
      yield* this.#endEntry()
      if (entry) yield ','
      entry = {
        session,
        from: row.time,
        to: row.time,
        heads: '',
        messages: 0,
        hasFrames: false,
        close: null,
      }
      this.#entry = entry
      yield `\n${JSON.stringify(entryStart(session)).slice(0, -1)},"_webSocketMessages":[`
    }
    entry.to = Math.max(entry.to, row.time)
    if (row.kind === 'open') entry.heads = Buffer.from(payload).toString('utf8')
    else yield* this.#message(entry, exported)
  }

  *end(): Generator<Piece, void> {
    yield* this.#endEntry()
    yield '\n]}}\n'
  }

  *#endEntry(): Generator<Piece, void> {
    const entry = this.#entry
    if (!entry) return
    const { session, heads, from, to, hasFrames, close } = entry
    const end = entryEnd({ session, heads, from, to, hasFrames })
    const extra = close && { _webSocketClose: close }
    yield `],${JSON.stringify({ ...extra, ...end }).slice(1)}`
  }

  *#message(entry: Entry, exported: ExportedRow): Generator<Piece, void> {
    const { row, payload } = exported
    const opcode = opcodeOf(exported)
    if (opcode === null || (this.#mode === 'chrome' && !chromeOpcodes.has(opcode))) return
    if (row.kind === 'error' && !entry.hasFrames) entry.heads ||= refusalIn(payload)
    const seconds = Math.round(row.time * 1000) / 1e6
    if (row.kind === 'close') {
      // Without a code in the frame it is 1005 (RFC 6455 section 7.1.5).
      const { code, reason } = parseClosePayload(payload)
      entry.close ??= { code: code ?? 1005, reason, timestamp: seconds }
    }
    const type = row.direction === 'none' ? 'error' : row.direction === 'in' ? 'receive' : 'send'
    const isText = opcode === opcodes.text || opcode === errorOpcode
    // Chrome itself shows what is not UTF-8 as U+FFFD and has no way to write it.
    const asText = isText && (this.#mode === 'chrome' || (yield* isValidText(payload)))
    yield `${entry.messages > 0 ? ',' : ''}{"type":"${type}","time":${seconds},"opcode":${opcode},"data":"`
    entry.messages += 1
    entry.hasFrames ||= opcode !== errorOpcode
    yield* asText ? textPieces(payload) : base64Pieces(payload)
    yield isText && !asText ? '","_encoding":"base64"}' : '"}'
  }
}

const chromeOpcodes: ReadonlySet<number> = new Set([errorOpcode, opcodes.text, opcodes.binary])

/** `null` for what has no place among messages: notes, and what was never sent. */
function opcodeOf({ row, frames }: ExportedRow): number | null {
  if (row.kind === 'error') return errorOpcode
  const [first] = frames
  if (row.direction === 'none' || !first) return null
  return (first.header[0] ?? 0) & 0x0f
}

/** The heads of a session that was refused: the event tells what the server answered. */
function refusalIn(event: Uint8Array): string {
  const text = Buffer.from(event).toString('utf8')
  const response = /\n\n(HTTP\/\d(?:\.\d)? \d{3}[^]*?\r\n\r\n)/.exec(text)?.[1]
  // The request is not at hand.
  return response === undefined ? '' : `\r\n\r\n${response}`
}
