import { open, type FileHandle } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Block } from './block'
import { recordChecksum } from './record-checksum'
import { rowHeadBytes } from './record-format'
import { RecordedRow } from './record'
import type { RowStore } from './row-store'
import type { Segment } from './segment'

/** What is read of a large record: its head, sections of the usual length, the start of its payload. */
const headBytes = 64 * 1024

/** Records this close to each other are read together. */
const gapBytes = 32 * 1024

/** Most bytes that are read together. */
const groupBytes = 1024 * 1024

/** Reads under way at once. */
const parallelReads = 8

/** Longest time that decoding takes of one turn, in milliseconds. */
const slice = 4

/** Called with a record at hand; good until the call returns. */
type Visit = (id: number, record: RecordedRow) => void

interface Wanted {
  readonly id: number
  readonly segment: Segment
  /** Places in the segment; of a large record only its first part. */
  readonly start: number
  readonly end: number
}

/** Reads records from memory and from files. */
export class StoreReader {
  readonly #store: RowStore
  readonly #record = new RecordedRow()
  #loaded: Block | null = null

  constructor(store: RowStore) {
    this.#store = store
  }

  /** The record of a row in memory; `undefined` when it is not there. Good until the next call. */
  inMemory(id: number): RecordedRow | undefined {
    const block = this.#store.blockOf(id)
    if (!block) return undefined
    if (this.#loaded !== block) {
      this.#record.load(block.bytes)
      this.#loaded = block
    }
    this.#record.moveToHead(this.#store.index.offset(id) - block.start)
    return this.#record
  }

  /**
   * Visits the records of these rows in any order; those not held, or not readable, are left out. Of a
   * large one its sections and the start of its payload are there.
   * @param headsOnly whether sections may be missing where they are long.
   */
  async visit(ids: readonly number[], visit: Visit, headsOnly = false): Promise<void> {
    const wanted: Wanted[] = []
    let deadline = performance.now() + slice
    for (const id of ids) {
      const record = this.inMemory(id)
      if (record) visit(id, record)
      else this.#want(id, wanted)
      if (performance.now() < deadline) continue
      await nextTurn()
      deadline = performance.now() + slice
    }
    if (wanted.length === 0) return
    const files = new Files()
    try {
      const longer: Wanted[] = []
      await this.#visitWanted(files, wanted, visit, headsOnly ? null : longer)
      await this.#visitWanted(files, longer, visit, null)
    } finally {
      await files.close()
    }
  }

  /** A part of the payload, as a copy. `undefined` when the row is not held or cannot be read. */
  async payload(
    id: number,
    offset: number,
    length: number,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { index } = this.#store
    const size = index.size(id)
    const start = Math.min(offset, size)
    const end = Math.min(start + length, size)
    let found: Uint8Array<ArrayBuffer> | undefined
    let rest: number | undefined
    const look: Visit = (_, record) => {
      if (record.payload.byteLength >= end) found = record.payload.slice(start, end)
      else rest = rowHeadBytes + record.sectionBytes
    }
    await this.visit([id], look, true)
    if (rest === undefined) return found
    // The row may be in another segment, or in memory, than when its head was read.
    const segment = this.#store.segmentOf(id)
    if (!segment) return undefined
    const at = index.offset(id) + rest
    const files = new Files()
    try {
      return await files.read(segment, at + start, at + end)
    } finally {
      await files.close()
    }
  }

  /** @param bytes of the record that are read, when it has as many. */
  #want(id: number, wanted: Wanted[], bytes = headBytes): void {
    const { index } = this.#store
    const segment = this.#store.segmentOf(id)
    const start = index.offset(id)
    if (!segment || start === 0) return
    const next = id + 1 < segment.endId ? index.offset(id + 1) : segment.end
    const end = Math.min(next, start + bytes, segment.written)
    if (end > start) wanted.push({ id, segment, start, end })
  }

  /** @param longer takes those whose sections go on after what is read; without it they are visited. */
  async #visitWanted(
    files: Files,
    wanted: Wanted[],
    visit: Visit,
    longer: Wanted[] | null,
  ): Promise<void> {
    const groups = groupsOf(wanted)
    for (let next = 0; next < groups.length; next += parallelReads) {
      const some = groups.slice(next, next + parallelReads)
      const read = await Promise.all(some.map((group) => readGroup(files, group)))
      for (const [place, bytes] of read.entries())
        if (bytes) await this.#visitGroup(some[place] ?? [], bytes, visit, longer)
    }
  }

  async #visitGroup(
    group: readonly Wanted[],
    bytes: Uint8Array<ArrayBuffer>,
    visit: Visit,
    longer: Wanted[] | null,
  ): Promise<void> {
    const record = new RecordedRow()
    const words = new Int32Array(bytes.buffer, 0, bytes.byteLength >> 2)
    const first = group[0]?.start ?? 0
    let deadline = performance.now() + slice
    for (const { id, start, end } of group) {
      record.load(bytes.subarray(0, end - first))
      const at = start - first
      const length = record.moveToHead(at)
      if (length === 0) continue
      const whole = start + length <= end
      if (whole && recordChecksum(bytes, words, at, length) !== record.checksum) continue
      const sectionsEnd = rowHeadBytes + record.sectionBytes
      // It may have been evicted while its file was read.
      if (this.#store.index.offset(id) !== start) continue
      if (!whole && longer && start + sectionsEnd > end) {
        this.#want(id, longer, sectionsEnd + headBytes)
        continue
      }
      visit(id, record)
      if (performance.now() < deadline) continue
      await nextTurn()
      deadline = performance.now() + slice
    }
  }
}

/** Records that lie close together in a file, in their order there. */
function groupsOf(wanted: Wanted[]): Wanted[][] {
  wanted.sort((a, b) => a.segment.number - b.segment.number || a.start - b.start)
  const groups: Wanted[][] = []
  let last: Wanted | undefined
  for (const next of wanted) {
    const group = groups.at(-1)
    const first = group?.[0]
    const joins =
      first !== undefined &&
      last?.segment === next.segment &&
      next.start - last.end <= gapBytes &&
      next.end - first.start <= groupBytes
    if (joins) group?.push(next)
    else groups.push([next])
    last = next
  }
  return groups
}

async function readGroup(
  files: Files,
  group: readonly Wanted[],
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const [first] = group
  const last = group.at(-1)
  if (!first || !last) return undefined
  return files.read(first.segment, first.start, last.end)
}

/** Files of segments, opened when needed. */
class Files {
  readonly #handles = new Map<Segment, Promise<FileHandle>>()

  /** @returns `undefined` when the file is not there any more or is too short. */
  async read(
    segment: Segment,
    start: number,
    end: number,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    try {
      const handle = await this.#handle(segment)
      const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer)
      for (let filled = 0; filled < bytes.byteLength;) {
        const position = start - segment.origin + filled
        const length = bytes.byteLength - filled
        const { bytesRead } = await handle.read(bytes, filled, length, position)
        if (bytesRead === 0) return undefined
        filled += bytesRead
      }
      return bytes
    } catch {
      return undefined
    }
  }

  #handle(segment: Segment): Promise<FileHandle> {
    const known = this.#handles.get(segment)
    if (known) return known
    const handle = open(segment.path ?? '', 'r')
    this.#handles.set(segment, handle)
    return handle
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#handles.values()].map((handle) =>
        handle.then(
          (file) => file.close(),
          () => undefined,
        ),
      ),
    )
  }
}
