import { formatBytes, formatCount } from '@shared/format/bytes'
import { formatTimestamp } from '@shared/format/clock'
import { formatDuration } from '@shared/format/duration'
import { describeCloseCode } from '@shared/model/close-code'
import { opcodeName, type Fate, type FrameHeader, type RowDetail } from '@shared/model/frame'

/** One fact about a row: what it is called, what it is, and what that means where it needs saying. */
export interface FrameFact {
  readonly name: string
  readonly value: string
  readonly note?: string
}

/** What is known about a row besides its payload, in the order people ask for it. */
export function frameFacts({ row, header, peer }: RowDetail): readonly FrameFact[] {
  const facts: (FrameFact | null)[] = [
    { name: 'Direction', value: directionText[row.direction] },
    { name: 'Type', value: row.kind },
    header && { name: 'Opcode', value: `${header.opcode} ${opcodeName(header.opcode)}` },
    closeFact(row.kind, row.closeCode),
    { name: 'Payload', value: exactBytes(row.size) },
    header && { name: 'On the wire', value: exactBytes(row.wireSize), note: 'with frame headers' },
    header && compressionFact(row.compressed, row.size, row.wireSize),
    header && { name: 'Frames', value: formatCount(row.fragments) },
    header && { name: 'Masked', value: header.masked ? 'yes' : 'no' },
    row.fate && { name: 'Sending', value: fateText[row.fate] },
    row.rtt === null ? null : { name: 'Round trip', value: formatDuration(row.rtt) },
    { name: 'Time', value: formatTimestamp(row.time) },
    { name: 'UTC', value: utc(row.time) },
    { name: 'Session', value: String(row.session) },
    peer === '' ? null : { name: 'Peer', value: peer },
    { name: 'Row', value: formatCount(row.id) },
  ]
  return facts.filter((fact) => fact !== null)
}

/** One field of a frame's header (RFC 6455 section 5.2) as its bits stand on the wire. */
export interface HeaderBits {
  readonly name: string
  readonly bits: string
}

/** The first two bytes of the header, field by field. */
export function headerBits(header: FrameHeader): readonly HeaderBits[] {
  const bit = (set: boolean) => (set ? '1' : '0')
  const { payloadLength } = header
  const short = payloadLength < 126 ? payloadLength : payloadLength < 65_536 ? 126 : 127
  const length = { 126: ', then 16 bits', 127: ', then 64 bits' }[short] ?? ''
  return [
    { name: 'FIN', bits: bit(header.fin) },
    { name: 'RSV1', bits: bit(header.rsv1) },
    { name: 'RSV2', bits: bit(header.rsv2) },
    { name: 'RSV3', bits: bit(header.rsv3) },
    { name: opcodeName(header.opcode), bits: header.opcode.toString(2).padStart(4, '0') },
    { name: 'MASK', bits: bit(header.masked) },
    { name: `length ${short}${length}`, bits: short.toString(2).padStart(7, '0') },
  ]
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

function compressionFact(compressed: boolean, size: number, wireSize: number): FrameFact {
  if (!compressed || wireSize === 0) return { name: 'Compressed', value: compressed ? 'yes' : 'no' }
  return {
    name: 'Compressed',
    value: `yes, ratio ${(size / wireSize).toFixed(1)}`,
    note: 'permessage-deflate',
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
