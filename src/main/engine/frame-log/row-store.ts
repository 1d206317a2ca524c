import type { NewRow } from './frame-log'
import { Block, blockBytes } from './block'
import { encodeFates, FateRanges, isQueued } from './fate-ranges'
import { encodeSession, type LogSessions } from './log-sessions'
import { flagsOf, rowRecordBytes, writeRow } from './record'
import { flagsWithFate, recordPlaces } from './record-format'
import { encodeSections } from './record-sections'
import { RowIndex } from './row-index'
import { Segment } from './segment'
import type { Fate } from '@shared/model/frame'

/** No session has this number. */
const nobody = -1

/**
 * The rows of a log: an index of all that are held, segments of records, and the blocks of them that
 * are in memory. Everything here is synchronous; files are written and read elsewhere.
 */
export class RowStore {
  readonly index = new RowIndex()
  readonly segments: Segment[] = []
  /** The parts of segments in memory, oldest first; the last one is being filled. */
  readonly blocks: Block[] = []
  /** Bytes after which a new segment is begun. */
  segmentBytes = blockBytes
  /** Bytes held, records and headers of segments. */
  bytes = 0
  /** Bytes of the blocks. */
  memory = 0
  /** Bytes in memory that are not in a file. */
  waiting = 0
  readonly #folder: string | null
  readonly #sessions: LogSessions
  readonly #fates = new FateRanges(this.index)
  /** Number of the segment that a session was last described in, by session. */
  readonly #described = new Map<number, number>()
  /** What the row before belonged to, if it is in the same segment. */
  #describedLast = nobody
  #nextNumber = 1

  constructor(folder: string | null, sessions: LogSessions) {
    this.#folder = folder
    this.#sessions = sessions
  }

  get firstId(): number {
    return this.segments[0]?.firstId ?? this.index.end
  }

  append(row: NewRow): number {
    const plain = row.rtt === null && row.broken === null && row.raw === null && row.frames === null
    const sections = plain ? null : encodeSections(row)
    const { payload, session } = row
    const length = rowRecordBytes(sections === null ? 0 : sections.byteLength, payload.byteLength)
    let segment = this.segments.at(-1)
    if (!segment || segment.end + length > this.segmentBytes) segment = this.#roll(segment)
    if (session !== this.#describedLast) this.#describe(session, segment)
    const block = this.#room(segment, length)
    const flags = flagsOf(row)
    writeRow(block.bytes, block.view, block.used, length, row, flags, sections)
    this.index.push(segment.end, row.time, payload.byteLength, row.wireSize, session, flags)
    this.#took(block, segment, length)
    segment.endId += 1
    return segment.endId - 1
  }

  #roll(before: Segment | undefined): Segment {
    if (before && before.endId === before.firstId) return before
    this.blocks.at(-1)?.seal()
    const segment = this.newSegment(this.index.end)
    this.segments.push(segment)
    this.bytes += segment.bytes
    this.#describedLast = nobody
    return segment
  }

  /** A segment with a file of its own, not yet part of the list. */
  newSegment(firstId: number, number = this.#nextNumber): Segment {
    this.#nextNumber = Math.max(this.#nextNumber, number + 1)
    return new Segment(number, firstId, this.#folder)
  }

  #describe(session: number, segment: Segment): void {
    this.#describedLast = session
    if (this.#described.get(session) === segment.number) return
    this.#described.set(session, segment.number)
    this.#appendRecord(segment, encodeSession(this.#sessions.get(session)))
  }

  /** Writes once more what is known of a session, if the segment has it already. */
  sessionChanged(session: number): void {
    const segment = this.segments.at(-1)
    if (segment && this.#described.get(session) === segment.number)
      this.#appendRecord(segment, encodeSession(this.#sessions.get(session)))
  }

  #appendRecord(segment: Segment, record: Uint8Array): void {
    const block = this.#room(segment, record.byteLength)
    block.bytes.set(record, block.used)
    this.#took(block, segment, record.byteLength)
  }

  #room(segment: Segment, length: number): Block {
    const last = this.blocks.at(-1)
    if (last && last.segment === segment && last.capacity - last.used >= length) return last
    last?.seal()
    const block = new Block(segment, length, this.segmentBytes, last)
    this.blocks.push(block)
    this.memory += block.capacity
    return block
  }

  #took(block: Block, segment: Segment, length: number): void {
    block.used += length
    segment.end += length
    segment.bytes += length
    this.bytes += length
    this.waiting += length
  }

  /** @returns whether the row is held and was queued. */
  setFate(id: number, fate: Fate): boolean {
    const session = this.index.session(id)
    if (fate === 'queued' || !isQueued(this.index, id, session)) return false
    const flags = flagsWithFate(this.index.flags(id), fate)
    this.index.setFlags(id, flags)
    const block = this.blocks.at(-1)
    const offset = block && id >= block.firstId ? this.index.offset(id) - block.start : -1
    if (block && offset >= block.sealed) block.bytes[offset + recordPlaces.flags] = flags
    else this.#fates.add(id, session, fate)
    return true
  }

  /** Whether something waits to be sealed. */
  get unsealed(): boolean {
    const block = this.blocks.at(-1)
    return this.#fates.length > 0 || (block !== undefined && block.sealed < block.used)
  }

  /** Makes everything so far ready to be written. */
  seal(): void {
    const segment = this.segments.at(-1)
    for (const range of this.#fates.take())
      if (segment) this.#appendRecord(segment, encodeFates(range))
    this.blocks.at(-1)?.seal()
  }

  /** The block that holds the record of a row in memory. */
  blockOf(id: number): Block | undefined {
    const { blocks } = this
    const last = blocks.at(-1)
    if (!last) return undefined
    let block = last
    if (id < last.firstId) {
      let low = 0
      let high = blocks.length - 1
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if ((blocks[middle] as Block).firstId <= id) low = middle
        else high = middle - 1
      }
      block = blocks[low] as Block
    }
    const offset = this.index.offset(id)
    if (offset === 0 || id < block.segment.firstId || id >= block.segment.endId) return undefined
    return offset >= block.start && offset < block.start + block.used ? block : undefined
  }

  /** The segment that holds the row. */
  segmentOf(id: number): Segment | undefined {
    const { segments } = this
    let low = 0
    let high = segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((segments[middle] as Segment).firstId <= id) low = middle
      else high = middle - 1
    }
    const found = segments[low]
    return found && id >= found.firstId && id < found.endId ? found : undefined
  }

  /** The first row at or after a time; the index's end if there is none. */
  firstAtOrAfter(time: number): number {
    const { segments, index } = this
    for (let place = 0; place < segments.length; place += 1) {
      const { firstId, endId } = segments[place] as Segment
      if (endId === firstId || index.time(endId - 1) < time) continue
      let low = firstId
      let high = endId - 1
      while (low < high) {
        const middle = Math.floor((low + high) / 2)
        if (index.time(middle) >= time) high = middle
        else low = middle + 1
      }
      return low
    }
    return index.end
  }

  /** Lets go of the oldest segment and what of it is in memory. */
  shiftSegment(): Segment | undefined {
    const segment = this.segments.shift()
    if (!segment) return undefined
    segment.gone = true
    this.bytes -= segment.bytes
    while (this.blocks[0]?.segment === segment) this.shiftBlock()
    this.index.forgetBefore(this.firstId)
    return segment
  }

  /** Lets go of the oldest block. */
  shiftBlock(): void {
    const block = this.blocks.shift()
    if (!block) return
    this.memory -= block.capacity
    this.waiting -= block.used - block.written
    // What is all written is in nobody's hands any more.
    if (block.written === block.used) block.recycle()
  }

  /** Rows may begin a segment anew: they describe their sessions again. */
  describeAnew(): void {
    this.#describedLast = nobody
  }

  clear(): void {
    this.segments.length = 0
    this.blocks.length = 0
    this.index.clear()
    this.bytes = this.memory = this.waiting = 0
  }
}
