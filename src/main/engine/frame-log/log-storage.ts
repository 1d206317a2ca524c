import type { LogState } from '@shared/model/capture'
import type { NewRow } from './frame-log'
import { blockBytes } from './block'
import { Listeners } from './listeners'
import type { LogSessions } from './log-sessions'
import { dropOldestBlock } from './row-losses'
import type { RowStore } from './row-store'
import { storageProblem } from './storage-problem'
import { StoreWriter } from './store-writer'

const mebibyte = 1024 * 1024

/** Bytes of rows that are kept in memory when they cannot be written. */
const defaultMemoryBound = 64 * mebibyte

/** Bytes waiting to be written from which on sessions stop reading, and below which they go on. */
const pressure = { high: 64 * mebibyte, low: 16 * mebibyte }

/**
 * How long rows may wait to be written before sessions stop reading, and how long what waits then may
 * have waited when they go on, in milliseconds. What waits is lost when the process is killed. Few
 * bytes wait for a disk that only hesitates, and nobody reads the less for them.
 */
const patience = { most: 25, least: 10, bytes: mebibyte }

/** Bytes of written rows that stay in memory, so that the latest rows are at hand. */
const tailBytes = 4 * mebibyte

/** How long a row may wait before it is sealed and written, in milliseconds. */
const sealDelay = 10

const segmentsPerBudget = 32
const leastSegmentBytes = mebibyte
const mostSegmentBytes = 64 * mebibyte

export interface LogStorageOptions {
  readonly store: RowStore
  readonly sessions: LogSessions
  /** Where the segments lie; `null` for rows that stay in memory. */
  readonly folder: string | null
  /** Makes the folder, before anything is written to it and when it has vanished. */
  readonly prepare: () => Promise<void>
  /** Bytes of rows in memory when they cannot be written; 64 MiB when left out. */
  readonly memoryBound?: number | undefined
  /** Time between two attempts to write while that fails, in milliseconds; 2,000 when left out. */
  readonly retryInterval?: number | undefined
  /** Rows are not held any more. */
  readonly onForgotten: () => void
}

/** Keeps the rows of a log within their budget and brings them to disk while that works. */
export class LogStorage {
  readonly stateChanged = new Listeners<[]>()
  readonly pressed = new Listeners<[held: boolean]>()
  storage: LogState['storage']
  problem: string | null = null
  /** Rows that could not be kept. */
  lost = 0
  readonly #store: RowStore
  readonly #folder: string | null
  readonly #writer: StoreWriter | null
  readonly #memoryBound: number
  readonly #onForgotten: () => void
  #budget = 0
  #sealing: NodeJS.Timeout | undefined

  constructor(options: LogStorageOptions) {
    const { store, folder, memoryBound = defaultMemoryBound, retryInterval = 2000 } = options
    this.#store = store
    this.#folder = folder
    this.#memoryBound = memoryBound
    this.#onForgotten = options.onForgotten
    this.storage = folder === null ? 'memory' : 'disk'
    this.#writer =
      folder === null
        ? null
        : new StoreWriter({
            store,
            sessions: options.sessions,
            prepare: options.prepare,
            onWritten: () => this.#written(),
            onFailure: (error) => this.#failed(error),
            onLost: (rows) => this.#lose(rows),
            retryInterval,
          })
  }

  get budget(): number {
    return this.#budget
  }

  set budget(budget: number) {
    this.#budget = budget
    const least = Math.min(leastSegmentBytes, Math.floor(budget / 4))
    const part = Math.floor(budget / segmentsPerBudget)
    this.#store.segmentBytes = Math.min(Math.max(part, least), mostSegmentBytes)
    this.#stayWithinBudget()
  }

  /** @returns the row's id. */
  append(row: NewRow): number {
    const store = this.#store
    const blocks = store.blocks.length
    const id = this.#append(row)
    if (store.bytes > this.#budget) this.#stayWithinBudget()
    if (store.blocks.length !== blocks) this.#blockBegun()
    this.sealSoon()
    return id
  }

  #append(row: NewRow): number {
    try {
      return this.#store.append(row)
    } catch {
      // There is no memory for such a payload.
      this.#lose(1)
      return this.#store.append({ ...row, payload: new Uint8Array(0) })
    }
  }

  #blockBegun(): void {
    this.#writer?.kick()
    this.#stayWithinBound()
    const { waiting } = this.#store
    const tooLong = waiting > patience.bytes && this.#waited() > patience.most
    const tooMuch = waiting > pressure.high || tooLong
    if (this.storage === 'disk' && tooMuch) {
      this.become('held')
      this.pressed.tell(true)
    }
  }

  /** Milliseconds that the oldest of the rows waiting to be written have waited. */
  #waited(): number {
    const oldest = this.#store.blocks.find(({ written, sealed }) => written < sealed)
    return oldest ? performance.now() - oldest.waitingSince : 0
  }

  /** Something has changed that is to be on disk soon. */
  sealSoon(): void {
    this.#sealing ??= setTimeout(() => this.#seal(), sealDelay)
  }

  #seal(): void {
    clearTimeout(this.#sealing)
    this.#sealing = undefined
    this.#store.seal()
    this.#writer?.kick()
  }

  /** Resolves when what there is now was written or cannot be written. */
  async flush(): Promise<void> {
    this.#seal()
    await this.#writer?.flush()
  }

  /** Writes what can be written and closes the files. */
  async close(): Promise<void> {
    this.#seal()
    await this.#writer?.finish()
    this.stateChanged.clear()
    this.pressed.clear()
  }

  /** Lets go of what is oldest; of a single row that exceeds the budget only when another one follows. */
  #stayWithinBudget(): void {
    const store = this.#store
    const before = store.firstId
    while (store.bytes > this.#budget && store.segments.length > 1) {
      const segment = store.shiftSegment()
      if (segment) this.#writer?.remove(segment)
    }
    if (store.firstId === before) return
    this.#onForgotten()
    // What waited may be gone.
    this.#goOn()
  }

  /** What cannot be written is kept in memory, and not more than fits. */
  #stayWithinBound(): void {
    if (this.storage !== 'memory' || this.#writer?.busy) return
    const bound = Math.min(this.#memoryBound, Math.max(this.#budget, blockBytes))
    const store = this.#store
    let lost = 0
    while (store.memory > bound && store.blocks.length > 1) lost += dropOldestBlock(store)
    if (lost === 0) return
    // Without a folder, memory is all there is to a budget.
    if (this.#writer) this.#lose(lost)
    else this.#onForgotten()
  }

  #written(): void {
    const store = this.#store
    while (store.memory > tailBytes && store.blocks.length > 1) {
      const [oldest] = store.blocks
      if (!oldest || oldest.written < oldest.used) break
      store.shiftBlock()
    }
    if (this.storage === 'memory') {
      this.problem = null
      this.become('disk')
    } else this.#goOn()
  }

  /** Ends the pause once little waits to be written. */
  #goOn(): void {
    const caughtUp = this.#store.waiting < pressure.low && this.#waited() < patience.least
    if (this.storage === 'held' && caughtUp) this.#release('disk')
  }

  #failed(error: unknown): void {
    const before = this.problem
    this.problem = storageProblem(this.#folder ?? '', error, this.#memoryBound)
    if (this.storage === 'held') this.#release('memory')
    else if (this.storage !== 'memory' || before !== this.problem) this.become('memory')
  }

  #lose(rows: number): void {
    this.lost += rows
    this.#onForgotten()
    this.stateChanged.tell()
  }

  become(storage: LogState['storage']): void {
    this.storage = storage
    this.stateChanged.tell()
  }

  #release(storage: LogState['storage']): void {
    this.become(storage)
    this.pressed.tell(false)
  }
}
