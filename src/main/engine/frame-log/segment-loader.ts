import { open, readdir, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { decodeFates, isQueued } from './fate-ranges'
import { decodeSession, type LogSessions } from './log-sessions'
import { RecordedRow } from './record'
import { recordChecksum } from './record-checksum'
import {
  flagsWithFate,
  recordHeadBytes,
  recordPlaces,
  recordTypes,
  rowHeadBytes,
} from './record-format'
import type { RowStore } from './row-store'
import { decodeSegmentHeader, segmentHeaderBytes, segmentNumber, type Segment } from './segment'

/** Bytes that are read and indexed at once: about two milliseconds of work. */
const chunkBytes = 1024 * 1024

/** Most ids between two files: a longer run than any log has lost. */
const mostMissing = 2 ** 32

/** A segment file and what its header says. */
export interface SegmentFile {
  readonly path: string
  readonly number: number
  readonly firstId: number
}

/** What lies in the folder of a log. */
export interface SegmentFiles {
  /** In the order of their rows. */
  readonly files: readonly SegmentFile[]
  /** The newest format among files that are too new to be read; `null` when there is none. */
  readonly newer: number | null
  /** Files whose headers cannot be read. */
  readonly broken: number
}

/** Finds the segments in a folder. @throws when the folder cannot be read. */
export async function findSegments(folder: string): Promise<SegmentFiles> {
  const files: SegmentFile[] = []
  let newer: number | null = null
  let broken = 0
  for (const place of await readdir(folder, { withFileTypes: true })) {
    const number = segmentNumber(place.name)
    if (number === null || place.isDirectory()) continue
    const path = join(folder, place.name)
    const head = await headOf(path)
    // Whoever wrote it was killed before its first record.
    if (head.byteLength < segmentHeaderBytes) continue
    const header = decodeSegmentHeader(head)
    if (header.outcome === 'whole') files.push({ path, number, firstId: header.firstId })
    else if (header.outcome === 'newer') newer = Math.max(newer ?? 0, header.version)
    else broken += 1
  }
  files.sort((a, b) => a.firstId - b.firstId || a.number - b.number)
  return { files, newer, broken }
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r')
  try {
    const bytes = Buffer.alloc(segmentHeaderBytes)
    const { bytesRead } = await file.read(bytes, 0, bytes.byteLength, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** What became of the files of a log. */
export interface LoadOutcome {
  /** Rows that are missing between files. */
  readonly missing: number
  /** Whether a file has something else in it than records, the last one perhaps cut off. */
  readonly damaged: boolean
  /** Why a file could not be read; `null` when all could. */
  readonly failure: unknown
}

/** Reads segment files into the index of a log, in slices between turns of the event loop. */
export class SegmentLoader {
  readonly #store: RowStore
  readonly #sessions: LogSessions
  readonly #changed: () => void
  readonly #record = new RecordedRow()
  #damaged = false
  #stopped = false

  /** `changed` is called after every slice. */
  constructor(store: RowStore, sessions: LogSessions, changed: () => void) {
    this.#store = store
    this.#sessions = sessions
    this.#changed = changed
  }

  stop(): void {
    this.#stopped = true
  }

  /** Reads what is whole of the files, in their order. */
  async load(files: readonly SegmentFile[]): Promise<LoadOutcome> {
    let missing = 0
    let failure: unknown = null
    for (const [place, { path, number, firstId }] of files.entries()) {
      if (this.#stopped) break
      const { end } = this.#store.index
      // Of two files that claim the same rows, the first one has them.
      if (firstId < end) continue
      if (place > 0 && firstId - end > mostMissing) {
        this.#damaged = true
        continue
      }
      if (place > 0) missing += firstId - end
      this.#store.index.skipTo(firstId)
      try {
        await this.#loadFile(path, number, firstId)
      } catch (error) {
        failure ??= error
      }
    }
    return { missing, damaged: this.#damaged, failure }
  }

  async #loadFile(path: string, number: number, firstId: number): Promise<void> {
    const store = this.#store
    const segment = store.newSegment(firstId, number)
    store.segments.push(segment)
    store.bytes += segment.bytes
    const file = await open(path, 'r')
    try {
      await this.#loadRecords(file, segment)
      if (!this.#stopped && !(await endsWell(file, segment.end))) this.#damaged = true
    } finally {
      await file.close()
      segment.fileBytes = segment.end
      if (segment.endId === segment.firstId && segment === store.segments.at(-1)) {
        store.segments.pop()
        store.bytes -= segment.bytes
      }
    }
  }

  async #loadRecords(file: FileHandle, segment: Segment): Promise<void> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(chunkBytes).buffer)
    const words = new Int32Array(bytes.buffer)
    while (!this.#stopped) {
      const { bytesRead } = await file.read(bytes, 0, chunkBytes, segment.end)
      if (bytesRead === 0) return
      const used = this.#index(bytes.subarray(0, bytesRead), words, segment)
      if (used === 0 && !(await this.#indexLarge(file, bytes.subarray(0, bytesRead), segment)))
        return
      this.#took(segment)
      await nextTurn()
    }
  }

  #took(segment: Segment): void {
    segment.fileBytes = segment.end
    this.#changed()
  }

  /** @returns the bytes of whole records at the start of `bytes`. */
  #index(bytes: Uint8Array, words: Int32Array, segment: Segment): number {
    const record = this.#record
    record.load(bytes)
    let offset = 0
    for (;;) {
      const length = record.moveTo(offset)
      if (length === 0 || recordChecksum(bytes, words, offset, length) !== record.checksum)
        return offset
      this.#take(segment, length, () => bytes.subarray(offset, offset + length))
      offset += length
    }
  }

  #take(segment: Segment, length: number, bytes: () => Uint8Array): void {
    const { index } = this.#store
    const record = this.#record
    switch (record.type) {
      case recordTypes.row:
        index.push(
          segment.end,
          record.time,
          record.size,
          record.wireSize,
          record.session,
          record.flags,
        )
        segment.endId += 1
        break
      case recordTypes.session: {
        const session = decodeSession(bytes())
        if (session) this.#sessions.set(session)
        break
      }
      case recordTypes.fates: {
        const range = decodeFates(bytes())
        if (range) this.#settle(range)
        break
      }
    }
    segment.end += length
    segment.bytes += length
    this.#store.bytes += length
  }

  #settle({ session, fate, firstId, lastId }: NonNullable<ReturnType<typeof decodeFates>>): void {
    const { index, firstId: held } = this.#store
    const end = Math.min(lastId + 1, index.end)
    for (let id = Math.max(firstId, held); id < end; id += 1)
      if (isQueued(index, id, session)) index.setFlags(id, flagsWithFate(index.flags(id), fate))
  }

  /** A record that does not fit into one chunk. @returns whether it is whole. */
  async #indexLarge(file: FileHandle, head: Uint8Array, segment: Segment): Promise<boolean> {
    const record = this.#record
    record.load(head)
    const length = record.moveToHead(0)
    if (length === 0) return false
    const content = rowHeadBytes + record.sectionBytes + record.size
    if (length <= head.byteLength || length % 8 !== 0 || content > length) return false
    let crc = crc32(head.subarray(4))
    const expected = record.checksum
    const bytes = new Uint8Array(chunkBytes)
    for (let filled = head.byteLength; filled < length;) {
      const most = Math.min(chunkBytes, length - filled)
      const { bytesRead } = await file.read(bytes, 0, most, segment.end + filled)
      if (bytesRead === 0 || this.#stopped) return false
      crc = crc32(bytes.subarray(0, bytesRead), crc)
      filled += bytesRead
    }
    if (crc !== expected) return false
    this.#take(segment, length, () => head)
    return true
  }
}

/** Whether nothing follows in a file but the beginning of a record whose writing was cut off. */
async function endsWell(file: FileHandle, end: number): Promise<boolean> {
  const left = (await file.stat()).size - end
  if (left < recordHeadBytes) return true
  const head = Buffer.alloc(recordHeadBytes)
  await file.read(head, 0, recordHeadBytes, end)
  return head.readUInt32LE(recordPlaces.length) > left
}
