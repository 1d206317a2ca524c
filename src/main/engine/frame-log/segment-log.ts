import type { LogState } from '@shared/model/capture'
import { directions, rowKinds, type Fate, type Row, type SessionInfo } from '@shared/model/frame'
import type { FrameLog, NewRow, RowExtent, RowMeta, RowParts } from './frame-log'
import { Listeners } from './listeners'
import { LogBookmarks } from './log-bookmarks'
import { LogSessions } from './log-sessions'
import { factsOf, snapshotOf, type LogFacts, type LogSnapshot } from './log-snapshot'
import { LogStorage } from './log-storage'
import { fateOfFlags, rowFlags } from './record-format'
import { extentOf } from './row-extents'
import { partsOfRecord, rowOfRecord } from './row-of-record'
import { RowStore } from './row-store'
import { SegmentLoader, type SegmentFile } from './segment-loader'
import { bookmarksProblem, damagedProblem, unreadableProblem } from './storage-problem'
import { StoreReader } from './store-reader'

/** Bytes a log may hold unless told otherwise. */
export const defaultLogBudget = 1024 * 1024 * 1024

export interface SegmentLogOptions {
  readonly id: string
  /** Where the segments lie; `null` for a log that keeps its rows in memory. */
  readonly folder: string | null
  readonly budget?: number
  /** Makes the folder, before anything is written to it and when it has vanished. */
  readonly prepare?: () => Promise<void>
  /** Called when everything was written and the files are closed; closing waits for it. */
  readonly onClosed?: (facts: LogFacts) => Promise<void>
  /** Bytes of rows in memory when they cannot be written; 64 MiB when left out. */
  readonly memoryBound?: number
  /** Time between two attempts to write while that fails, in milliseconds; 2,000 when left out. */
  readonly retryInterval?: number
}

/**
 * The FrameLog: rows in segments of records, in files of its folder; without one, or while the disk
 * fails, in memory within a bound.
 */
export class SegmentLog implements FrameLog {
  readonly id: string
  readonly folder: string | null
  readonly #sessions = new LogSessions()
  readonly #store: RowStore
  readonly #storage: LogStorage
  readonly #reader: StoreReader
  readonly #marks: LogBookmarks
  readonly #onClosed: ((facts: LogFacts) => Promise<void>) | undefined
  readonly #changed = new Listeners<[changedId?: number]>()
  #markProblem: string | null = null
  #loader: SegmentLoader | null = null
  #marksLoaded: Promise<void> | null = null
  #closed = false
  #disposed: Promise<void> | null = null

  constructor(options: SegmentLogOptions) {
    const { id, folder, prepare = async () => {} } = options
    this.id = id
    this.folder = folder
    this.#onClosed = options.onClosed
    this.#store = new RowStore(folder, this.#sessions)
    this.#reader = new StoreReader(this.#store)
    this.#marks = new LogBookmarks(folder, prepare, (error) => this.#marksWritten(error))
    this.#storage = new LogStorage({
      ...options,
      store: this.#store,
      sessions: this.#sessions,
      prepare,
      onForgotten: () => {
        this.#marks.forgetBefore(this.firstId)
        this.#changed.tell()
      },
    })
    this.#storage.budget = options.budget ?? defaultLogBudget
  }

  /** What was kept in a folder, for reading only; {@link SegmentLog.load} brings the rows. */
  static open(id: string, folder: string): SegmentLog {
    const log = new SegmentLog({ id, folder, budget: Number.MAX_SAFE_INTEGER })
    log.#closed = true
    log.#storage.storage = 'reading'
    return log
  }

  /** Reads the bookmarks that were kept, once; {@link SegmentLog.load} does so too. Never fails. */
  loadBookmarks(): Promise<void> {
    this.#marksLoaded ??= this.#marks.load().then((problem) => this.#marksRead(problem))
    return this.#marksLoaded
  }

  /**
   * Reads the files into the index, slice by slice; rows are there as soon as they were read.
   * @param expected how many rows there were, if that is known.
   */
  async load(files: readonly SegmentFile[], expected: number | null = null): Promise<void> {
    await this.loadBookmarks()
    const loader = new SegmentLoader(this.#store, this.#sessions, () => this.#changed.tell())
    this.#loader = loader
    const { missing, damaged, failure } = await loader.load(files)
    if (this.#disposed) return
    const gone = Math.max(0, (expected ?? 0) - this.facts().rows)
    this.#storage.lost = Math.max(missing, gone)
    const folder = this.folder ?? ''
    if (failure !== null) this.#storage.problem = unreadableProblem(folder, failure)
    else if (damaged || gone > 0) this.#storage.problem = damagedProblem(folder)
    this.#storage.become('closed')
    this.#changed.tell()
  }

  get total(): number {
    return this.#store.index.end
  }

  get firstId(): number {
    return this.#store.firstId
  }

  get bytes(): number {
    return this.#store.bytes
  }

  get budget(): number {
    return this.#storage.budget
  }

  set budget(budget: number) {
    // What is only read stays whole.
    if (!this.#closed) this.#storage.budget = budget
  }

  get state(): LogState {
    const { storage, problem, lost, budget } = this.#storage
    return {
      logId: this.id,
      storage,
      problem: problem ?? this.#markProblem,
      lost,
      bytes: this.bytes,
      budget,
    }
  }

  openSession(session: Omit<SessionInfo, 'number'>): number {
    return this.#sessions.open(session)
  }

  updateSession(number: number, change: Partial<Omit<SessionInfo, 'number'>>): void {
    if (this.#closed || !this.#sessions.has(number)) return
    this.#sessions.set({ ...this.#sessions.get(number), ...change, number })
    this.#store.sessionChanged(number)
    this.#storage.sealSoon()
  }

  session(number: number): SessionInfo {
    return this.#sessions.get(number)
  }

  append(row: NewRow): number {
    // The last words of a session whose log was let go have nowhere to be kept.
    if (this.#closed) return this.total
    const id = this.#storage.append(row)
    this.#changed.tell()
    return id
  }

  setFate(id: number, fate: Fate): void {
    if (this.#closed || !this.#store.setFate(id, fate)) return
    this.#storage.sealSoon()
    this.#changed.tell(id)
  }

  meta(id: number): RowMeta | undefined {
    const { index } = this.#store
    if (index.offset(id) === 0) return undefined
    const flags = index.flags(id)
    return {
      id,
      session: index.session(id),
      time: index.time(id),
      direction: directions[(flags & rowFlags.direction) >> rowFlags.directionShift] ?? 'none',
      kind: rowKinds[flags & rowFlags.kind] ?? 'note',
      size: index.size(id),
      wireSize: index.wireSize(id),
    }
  }

  time(id: number): number {
    return this.#store.index.offset(id) === 0 ? Number.NaN : this.#store.index.time(id)
  }

  firstAtOrAfter(time: number): number {
    return this.#store.firstAtOrAfter(time)
  }

  row(id: number): Row | undefined {
    const record = this.#reader.inMemory(id)
    return record && rowOfRecord(record, id, this.#fate(id), this.#note(id))
  }

  #fate(id: number): Fate | null {
    return fateOfFlags(this.#store.index.flags(id))
  }

  #note(id: number): string | null {
    return this.#marks.notes.get(id) ?? null
  }

  async read(ids: readonly number[]): Promise<Row[]> {
    const found = new Map<number, Row>()
    await this.#reader.visit(ids, (id, record) => {
      found.set(id, rowOfRecord(record, id, this.#fate(id), this.#note(id)))
    })
    return ids.flatMap((id) => found.get(id) ?? [])
  }

  async parts(id: number): Promise<RowParts | undefined> {
    let parts: RowParts | undefined
    await this.#reader.visit([id], (_, record) => {
      parts = {
        row: rowOfRecord(record, id, this.#fate(id), this.#note(id)),
        ...partsOfRecord(record),
      }
    })
    return parts
  }

  payload(
    id: number,
    offset = 0,
    length = Number.POSITIVE_INFINITY,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return this.#reader.payload(id, offset, length)
  }

  extent(fromId: number, maxBytes: number): RowExtent | undefined {
    return extentOf(this.#store, fromId, maxBytes)
  }

  get bookmarks(): ReadonlyMap<number, string> {
    return this.#marks.notes
  }

  setBookmark(id: number, note: string | null): void {
    if (note !== null && this.#store.index.offset(id) === 0) return
    if (this.#marks.set(id, note)) this.#changed.tell(id)
  }

  onChange(listener: (changedId?: number) => void): () => void {
    return this.#changed.add(listener)
  }

  onStateChange(listener: () => void): () => void {
    return this.#storage.stateChanged.add(listener)
  }

  onPressure(listener: (held: boolean) => void): () => void {
    return this.#storage.pressed.add(listener)
  }

  /** What it holds now. */
  facts(): LogFacts {
    return factsOf(this.#store)
  }

  /** Resolves when what there is now was written or cannot be written, also while more comes. */
  async flush(): Promise<void> {
    await Promise.all([this.#storage.flush(), this.#marks.flush()])
  }

  /** Writes what there is so far. @returns the files it is in. */
  async snapshot(): Promise<LogSnapshot> {
    await this.flush()
    return snapshotOf(this.#store)
  }

  #marksWritten(error: unknown): void {
    this.#marksRead(error === null ? null : bookmarksProblem(this.folder ?? '', error))
  }

  #marksRead(problem: string | null): void {
    if (problem === this.#markProblem) return
    this.#markProblem = problem
    this.#storage.stateChanged.tell()
  }

  dispose(): Promise<void> {
    this.#disposed ??= this.#dispose()
    return this.#disposed
  }

  async #dispose(): Promise<void> {
    this.#closed = true
    this.#loader?.stop()
    this.#changed.clear()
    await Promise.all([this.#storage.close(), this.#marks.flush()])
    await this.#onClosed?.(this.facts())
    this.#store.clear()
  }
}
