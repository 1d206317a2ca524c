import type { Direction, Fate, FrameHeader, Row, RowKind } from '@shared/model/frame'
import type { FrameLog, NewRow, RowPredicate } from './frame-log'
import { previewOf } from './row-preview'
import { RowSegment, rowIndexBytes, type SegmentSize } from './row-segment'

/** Bytes a log may hold unless told otherwise. */
export const defaultLogBudget = 256 * 1024 * 1024

const maxSegmentRows = 32_768
const minSegmentRows = 16
const maxSegmentBytes = 4 * 1024 * 1024
const maxChunkBytes = 1024 * 1024
const minChunkBytes = 4 * 1024

/** Eviction takes about this part of the budget at a time. */
const segmentsPerBudget = 32

/**
 * A FrameLog in memory. Rows live in segments that start small, so that an idle connection costs
 * little, and grow with the traffic; at the budget the oldest segment goes as a whole. A payload
 * that exceeds the budget by itself is kept until the next row arrives.
 */
export class MemoryFrameLog implements FrameLog {
  readonly id: string
  readonly #segments: RowSegment[] = []
  readonly #peers: string[] = []
  readonly #cursor = new RowCursor()
  #listeners: readonly ((changedId?: number) => void)[] = []
  #last: RowSegment | undefined
  #recent: RowSegment | undefined
  #segmentBytes = 0
  #segmentRows = 0
  #budget = 0
  #bytes = 0
  #total = 0
  #disposed = false

  constructor(id: string, budget = defaultLogBudget) {
    this.id = id
    this.budget = budget
  }

  get total(): number {
    return this.#total
  }

  get firstId(): number {
    return this.#segments[0]?.firstId ?? this.#total
  }

  get bytes(): number {
    return this.#bytes
  }

  get budget(): number {
    return this.#budget
  }

  set budget(budget: number) {
    this.#budget = budget
    const part = Math.floor(budget / segmentsPerBudget)
    this.#segmentBytes = clamp(part, minChunkBytes, maxSegmentBytes)
    this.#segmentRows = clamp(Math.floor(part / rowIndexBytes), minSegmentRows, maxSegmentRows)
    if (this.#evict()) this.#changed()
  }

  openSession(peer: string): number {
    return this.#peers.push(peer)
  }

  setPeer(session: number, peer: string): void {
    if (this.#peers[session - 1] !== undefined) this.#peers[session - 1] = peer
  }

  peer(session: number): string {
    return this.#peers[session - 1] ?? ''
  }

  append(row: NewRow): number {
    const id = this.#total
    this.#total += 1
    // The last words of a session whose log was let go have nowhere to be kept.
    if (this.#disposed) return id
    const segment = this.#segmentFor(id, row.payload.byteLength)
    const before = segment.bytes
    segment.append(row)
    this.#bytes += segment.bytes - before
    if (this.#bytes > this.#budget) this.#evict()
    this.#changed()
    return id
  }

  #segmentFor(id: number, payloadBytes: number): RowSegment {
    const last = this.#last
    if (
      last &&
      // Over the budget by itself: it can only go once another one takes over.
      this.#bytes <= this.#budget &&
      last.count < last.size.rows &&
      last.payloadBytes + payloadBytes <= this.#segmentBytes
    )
      return last
    const segment = new RowSegment(id, this.#nextSize(last, payloadBytes))
    this.#segments.push(segment)
    this.#bytes += segment.bytes
    this.#last = segment
    return segment
  }

  /** About twice what the last segment came to hold, within the limits. */
  #nextSize(last: RowSegment | undefined, payloadBytes: number): SegmentSize {
    if (payloadBytes > this.#segmentBytes) return { rows: 1, chunkBytes: 0 }
    const mostChunkBytes = clamp(this.#segmentBytes >> 2, minChunkBytes, maxChunkBytes)
    return {
      rows: clamp((last?.count ?? 0) * 2, minSegmentRows, this.#segmentRows),
      chunkBytes: clamp((last?.payloadBytes ?? 0) >> 1, minChunkBytes, mostChunkBytes),
    }
  }

  #evict(): boolean {
    let evicted = false
    while (this.#bytes > this.#budget && this.#segments.length > 1) {
      this.#bytes -= this.#segments.shift()?.bytes ?? 0
      this.#recent = undefined
      evicted = true
    }
    return evicted
  }

  setFate(id: number, fate: Fate): void {
    const segment = this.#find(id)
    if (!segment) return
    segment.setFate(id - segment.firstId, fate)
    this.#changed(id)
  }

  row(id: number): Row | undefined {
    const segment = this.#find(id)
    if (!segment) return undefined
    const index = id - segment.firstId
    const kind = segment.kind(index)
    return {
      id,
      session: segment.session(index),
      time: segment.time(index),
      direction: segment.direction(index),
      kind,
      size: segment.length(index),
      wireSize: segment.wireSize(index),
      fragments: segment.fragments(index),
      compressed:
        (kind === 'text' || kind === 'binary') && (segment.header(index) & headerBits.rsv1) !== 0,
      fate: segment.fate(index),
      rtt: segment.rtt(index),
      broken: segment.broken(index),
      ...previewOf(kind, segment.payload(index)),
    }
  }

  header(id: number): FrameHeader | undefined {
    const segment = this.#find(id)
    if (!segment) return undefined
    const index = id - segment.firstId
    const header = segment.header(index)
    if (header === 0 && segment.fragments(index) === 0) return undefined
    return {
      fin: (header & headerBits.fin) !== 0,
      rsv1: (header & headerBits.rsv1) !== 0,
      rsv2: (header & headerBits.rsv2) !== 0,
      rsv3: (header & headerBits.rsv3) !== 0,
      opcode: (header >> 8) & 0x0f,
      masked: (header & headerBits.masked) !== 0,
      payloadLength: segment.firstFrameLength(index) ?? lengthOf(header, segment.wireSize(index)),
    }
  }

  payload(id: number, offset = 0, length = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const segment = this.#find(id)
    if (!segment) return undefined
    return segment.payload(id - segment.firstId).slice(offset, offset + length)
  }

  test(id: number, predicate: RowPredicate): boolean {
    const segment = this.#find(id)
    if (!segment) return false
    this.#cursor.moveTo(segment, id)
    return predicate(this.#cursor)
  }

  onChange(listener: (changedId?: number) => void): () => void {
    // A new function each time, so that adding one listener twice and removing it once works.
    const entry = (changedId?: number) => listener(changedId)
    this.#listeners = [...this.#listeners, entry]
    return () => {
      this.#listeners = this.#listeners.filter((item) => item !== entry)
    }
  }

  dispose(): void {
    this.#disposed = true
    this.#listeners = []
    this.#segments.length = 0
    this.#last = undefined
    this.#recent = undefined
    this.#bytes = 0
  }

  #changed(changedId?: number): void {
    for (const listener of this.#listeners) listener(changedId)
  }

  #find(id: number): RowSegment | undefined {
    const recent = this.#recent
    if (recent && id >= recent.firstId && id < recent.endId) return recent
    if (!Number.isInteger(id) || id < this.firstId || id >= this.#total) return undefined
    let low = 0
    let high = this.#segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#segments[middle]?.firstId ?? 0) <= id) low = middle
      else high = middle - 1
    }
    this.#recent = this.#segments[low]
    return this.#recent
  }
}

/** Bits of a frame header's first two bytes (RFC 6455 section 5.2), big-endian. */
const headerBits = { fin: 0x8000, rsv1: 0x4000, rsv2: 0x2000, rsv3: 0x1000, masked: 0x0080 }

/** The payload length of a message's only frame, from its header and its bytes on the wire. */
function lengthOf(header: number, wireSize: number): number {
  const short = header & 0x7f
  if (short < 126) return short
  const extendedBytes = short === 126 ? 2 : 8
  const maskBytes = header & headerBits.masked ? 4 : 0
  return Math.max(0, wireSize - 2 - extendedBytes - maskBytes)
}

/** What a predicate sees: one object for all rows, its payload only found when it is looked at. */
class RowCursor {
  id = 0
  #segment: RowSegment | undefined
  #index = 0

  moveTo(segment: RowSegment, id: number): void {
    this.id = id
    this.#segment = segment
    this.#index = id - segment.firstId
  }

  get session(): number {
    return this.#segment?.session(this.#index) ?? 0
  }

  get direction(): Direction {
    return this.#segment?.direction(this.#index) ?? 'none'
  }

  get kind(): RowKind {
    return this.#segment?.kind(this.#index) ?? 'note'
  }

  get payload(): Uint8Array {
    return this.#segment?.payload(this.#index) ?? new Uint8Array(0)
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high)
}
