import { formatBytes, formatCount } from '@shared/format/bytes'
import { formatTimestamp } from '@shared/format/clock'
import { formatDuration } from '@shared/format/duration'
import { describeCloseCode } from '@shared/model/close-code'
import type { Fate, Frame, RowDetail } from '@shared/model/frame'
import { PackedFrames } from '@shared/model/packed-frames'
import { formatHex } from '@shared/model/payload-format'

/** One fact about a row: what it is called, what it is, and what that means where it needs saying. */
export interface FrameFact {
  readonly name: string
  readonly value: string
  readonly note?: string
}

/** What is known about a row besides its payload, in the order people ask for it. */
export function frameFacts({ row, frames: packed, session }: RowDetail): readonly FrameFact[] {
  const frames = new PackedFrames(packed)
  const first = frames.at(0)
  const facts: (FrameFact | null)[] = [
    { name: 'Direction', value: directionText[row.direction] },
    { name: 'Type', value: row.kind },
    closeFact(row.kind, row.closeCode),
    { name: 'Payload', value: exactBytes(row.size) },
    first ? wireFact(row.wireSize, frames, row.fragments) : null,
    first ? compressionFact(row.compressed, row.size, row.wireSize) : null,
    first ? maskFact(first, row.fragments) : null,
    row.fragments > 1 ? fragmentFact(frames, row.fragments) : null,
    row.fate && { name: 'Sending', value: fateText[row.fate] },
    row.rtt === null ? null : { name: 'Round trip', value: formatDuration(row.rtt) },
    { name: 'Time', value: formatTimestamp(row.time) },
    { name: 'UTC', value: utc(row.time) },
    {
      name: 'Session',
      value: String(row.session),
      note: session.role === 'server' ? 'a client of the local server' : session.url,
    },
    session.peer === '' ? null : { name: 'Peer', value: session.peer },
    session.local === '' ? null : { name: 'This end', value: session.local },
    { name: 'Row', value: formatCount(row.id) },
  ]
  return facts.filter((fact) => fact !== null)
}

/** The masking key of a frame (RFC 6455 section 5.3); `null` when it is not masked. */
export function maskingKey({ header }: Frame): Uint8Array | null {
  const masked = ((header[1] ?? 0) & 0x80) !== 0
  return masked && header.byteLength >= 6 ? header.subarray(-4) : null
}

const directionText = {
  in: '↓ in, from the peer',
  out: '↑ out, to the peer',
  none: 'none, an event',
}

const fateText: Readonly<Record<Fate, string>> = {
  queued: 'queued, not written to the socket yet',
  written: 'written to the socket',
  failed: 'failed, not written',
}

function closeFact(kind: string, code: number | null): FrameFact | null {
  if (kind !== 'close') return null
  if (code === null) return { name: 'Close code', value: 'none' }
  const { name, meaning } = describeCloseCode(code)
  return { name: 'Close code', value: `${code} ${name}`, note: meaning }
}

function wireFact(wireSize: number, frames: PackedFrames, fragments: number): FrameFact {
  const note =
    fragments > frames.length
      ? 'with headers'
      : `of which headers ${formatBytes(frames.headerBytes)}`
  return { name: 'On the wire', value: exactBytes(wireSize), note }
}

function compressionFact(compressed: boolean, size: number, wireSize: number): FrameFact {
  if (!compressed || wireSize === 0) return { name: 'Compressed', value: compressed ? 'yes' : 'no' }
  return {
    name: 'Compressed',
    value: `yes, ratio ${(size / wireSize).toFixed(1)}`,
    note: 'permessage-deflate',
  }
}

function maskFact(first: Frame, fragments: number): FrameFact {
  const key = maskingKey(first)
  if (!key) return { name: 'Masking key', value: 'none' }
  return {
    name: 'Masking key',
    value: formatHex(key),
    ...(fragments > 1 ? { note: 'of the first frame; each has its own' } : {}),
  }
}

function fragmentFact(frames: PackedFrames, fragments: number): FrameFact {
  const [first, last] = [frames.at(0), frames.at(-1)]
  const listed = fragments === frames.length
  const span = first && last && listed ? last.time - first.time : null
  return {
    name: 'Frames',
    value: formatCount(fragments),
    ...(span === null ? {} : { note: `${formatDuration(span)} from the first to the last` }),
  }
}

function exactBytes(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : `${formatBytes(bytes)} (${formatCount(bytes)} bytes)`
}

/** ISO 8601 with microseconds. */
function utc(time: number): string {
  const microseconds = String(Math.floor((time % 1) * 1000)).padStart(3, '0')
  return new Date(time).toISOString().replace('Z', `${microseconds}Z`)
}
