import { AppError } from '@shared/errors'
import type { PathStep } from '@shared/filter/node'
import { findBytes } from '@shared/filter/byte-search'
import type { Redaction } from '@shared/model/export'
import type { Frame, RowKind, SessionInfo } from '@shared/model/frame'
import type { FrameSequence } from '@shared/model/packed-frames'
import { parseRedactionPath } from '@shared/model/redaction-path'
import { headerBytes, headerBits } from '../wire/frame-header'
import type { ExportedRow } from './exported-row'
import { redactHeads } from './redact-head'
import { redactJson } from './redact-json'
import { redactUrls } from './redact-url'

const utf8 = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Hides what a {@link Redaction} names in rows, before any format sees them. */
export class Redactor {
  readonly #redaction: Redaction
  readonly #paths: readonly (readonly PathStep[])[]
  readonly #mayHold: (text: Uint8Array) => boolean
  readonly #sessions = new WeakMap<SessionInfo, SessionInfo>()

  /** @throws {AppError} INVALID_INPUT when a path cannot be read, naming it. */
  constructor(redaction: Redaction) {
    this.#redaction = redaction
    this.#paths = redaction.jsonPaths.map(stepsOf)
    this.#mayHold = prefilter(this.#paths)
  }

  /** Pauses (yields) within long messages. The row itself when there is nothing to hide in it. */
  *redact(row: ExportedRow): Generator<void, ExportedRow> {
    const session = this.#redactSession(row.session)
    const payload = yield* this.#redactPayload(row.row.kind, row.payload)
    if (payload) return withPayload({ ...row, session }, payload)
    return session === row.session ? row : { ...row, session }
  }

  #redactSession(session: SessionInfo): SessionInfo {
    if (!this.#redaction.urlSecrets) return session
    const known = this.#sessions.get(session)
    if (known) return known
    const url = redactUrls(session.url)
    const hidden = url === session.url ? session : { ...session, url }
    this.#sessions.set(session, hidden)
    return hidden
  }

  /** @returns `null` when it stays as it is. */
  *#redactPayload(kind: RowKind, payload: Uint8Array): Generator<void, Uint8Array | null> {
    switch (kind) {
      case 'text':
      case 'binary':
        if (this.#paths.length === 0 || !this.#mayHold(payload)) return null
        return yield* redactJson(payload, this.#paths)
      case 'open':
      case 'error':
      case 'note':
        // Events quote what the peer answered, and where to.
        return changed(payload, (text) => redactHeads(text, this.#redaction))
      default:
        return null
    }
  }
}

function changed(payload: Uint8Array, change: (text: string) => string): Uint8Array | null {
  const text = decoder.decode(payload)
  const hidden = change(text)
  return hidden === text ? null : utf8.encode(hidden)
}

function stepsOf(path: string): readonly PathStep[] {
  const parsed = parseRedactionPath(path)
  if (parsed.ok) return parsed.steps
  throw new AppError(
    'INVALID_INPUT',
    `The path “${path}” cannot be used: ${parsed.problem.message}`,
  )
}

/** Whether one of the paths can select something: its longest name stands there, or an escape. */
function prefilter(paths: readonly (readonly PathStep[])[]): (text: Uint8Array) => boolean {
  const longest = paths.map((path) =>
    path
      .flatMap((step) => (step.kind === 'name' ? [step.name] : []))
      .reduce((best, name) => (name.length > best.length ? name : best), ''),
  )
  if (longest.includes('')) return () => true
  const searches = [...longest, '\\'].map((name) => findBytes(utf8.encode(name)))
  return (text) => searches.some((search) => search(text))
}

/**
 * A message as it would have been on the wire with another payload: headers with other lengths, the
 * same masking keys. Of a compressed message the wire size stays what it was.
 */
function withPayload(exported: ExportedRow, payload: Uint8Array): ExportedRow {
  const { row } = exported
  const size = payload.byteLength
  const isEvent = row.direction === 'none'
  // What is hidden would still stand in the bytes that broke a rule.
  if (isEvent || row.compressed) return { ...exported, row: { ...row, size }, payload, raw: null }
  const frames = reframed(exported.frames, row.fragments, size)
  const wireSize = frames.reduce(
    (sum, frame) => sum + frame.header.byteLength + frame.payloadLength,
    0,
  )
  return {
    ...exported,
    row: { ...row, size, wireSize, fragments: frames.length },
    payload,
    frames,
    raw: null,
  }
}

/** The same frames over a payload of another length; the last one takes what is left. */
function reframed(frames: FrameSequence, fragments: number, size: number): Frame[] {
  const kept = [...frames].filter((frame) => frame.header.byteLength >= 2)
  // Of very many frames only the first ones are known, so none of those is the last.
  const isWhole = fragments <= frames.length
  let left = size
  return kept.map((frame, index) => {
    const isLast = index === kept.length - 1
    const length = isLast ? left : Math.min(frame.payloadLength, left)
    left -= length
    const fin = isLast && !isWhole ? headerBits.fin : 0
    return { ...frame, header: withLength(frame.header, length, fin), payloadLength: length }
  })
}

/** A header for another payload length in its shortest form (RFC 6455 section 5.2). */
export function withLength(header: Uint8Array, length: number, flags = 0): Uint8Array<ArrayBuffer> {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const short = length < 126 ? length : length < 0x1_0000 ? 126 : 127
  const isMasked = (view.getUint16(0) & headerBits.mask) !== 0
  const maskingKey = isMasked && header.byteLength >= 6 ? view.getUint32(header.byteLength - 4) : 0
  const start = (view.getUint16(0) & ~headerBits.length) | short | flags
  return headerBytes(start, length, maskingKey)
}
