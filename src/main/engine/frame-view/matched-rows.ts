import type { FrameLog } from '../frame-log/frame-log'
import { IdList } from './id-list'
import type { IdRange } from './id-range'
import type { RowSelection } from './row-selection'
import type { ScanCondition } from './scan-messages'
import { stopProblem, unreadableProblem } from './scan-problem'
import type { ScanStop, ScanThread, ScanUser } from './scan-thread'
import type { ScanThreads } from './scan-threads'

/** Bytes of records that the thread gets at once: small at first, so that it soon has an answer. */
const firstBytes = 64 * 1024
const mostBytes = 1024 * 1024

/** Extents under way at once, so that the thread has work while the engine is busy. */
const mostOutstanding = 4

/** Shortest time between looking for rows that came in lately, in milliseconds. */
const livePause = 8

/** From so many rows on the thread is behind, and gets the next ones without a pause. */
const backlogRows = 4096

/** The rows of a range that meet a condition: ids that a thread finds while the log grows. */
export class MatchedRows implements RowSelection, ScanUser {
  readonly #log: FrameLog
  readonly #range: IdRange
  readonly #condition: ScanCondition
  readonly #threads: ScanThreads
  readonly #changed: () => void
  readonly #ids = new IdList()
  #thread: ScanThread | null = null
  /** The next row to hand to the thread. */
  #next: number
  /** Every row below was looked at. */
  #done: number
  #bytes = firstBytes
  #scheduled: (() => void) | null = null
  #lastPull = Number.NEGATIVE_INFINITY
  /** Where an expression was stopped; rows from there on are not looked at. */
  #limit = Number.POSITIVE_INFINITY
  /** The first row of an extent that could not be read once. */
  #retried = -1
  #problem: string | null = null

  /** `changed` is called when it found rows or looked at some. */
  constructor(
    log: FrameLog,
    range: IdRange,
    condition: ScanCondition,
    threads: ScanThreads,
    changed: () => void,
  ) {
    this.#log = log
    this.#range = range
    this.#condition = condition
    this.#threads = threads
    this.#changed = changed
    this.#next = this.#done = Math.max(range.first, log.firstId)
    this.#begin(this.#next)
  }

  get total(): number {
    return this.#ids.length
  }

  get evicted(): number {
    const position = this.#ids.lowerBound(this.#log.firstId)
    this.#ids.forgetBefore(position)
    return position
  }

  get scanned(): number {
    const { total, firstId } = this.#log
    const { first, end } = this.#range
    const done = Math.max(this.#done, first)
    return done >= end ? total : Math.min(Math.max(done, firstId), total)
  }

  get problem(): string | null {
    return this.#problem
  }

  get over(): boolean {
    return this.#thread === null
  }

  idAt(position: number): number | undefined {
    const id = this.#ids.at(position)
    return id !== undefined && id >= this.#log.firstId ? id : undefined
  }

  positionOf(id: number): number {
    return this.#ids.lowerBound(id)
  }

  logChanged(): boolean {
    if (!this.#thread) return true
    if (this.#scheduled) return false
    const { outstanding } = this.#thread
    if (this.#next >= this.#log.total || this.#next >= this.#range.end) return outstanding === 0
    if (outstanding < mostOutstanding) this.#schedule()
    return false
  }

  close(): void {
    this.#scheduled?.()
    this.#scheduled = null
    if (this.#thread) this.#threads.release(this.#thread)
    this.#thread = null
  }

  sizeOf(id: number): number {
    return this.#log.meta(id)?.size ?? 0
  }

  matched(firstId: number, endId: number, matches: Uint32Array): void {
    this.#ids.pushAll(firstId, matches)
    this.#advance(endId)
  }

  unreadable(firstId: number, endId: number, message: string): void {
    if (this.#log.firstId < endId) {
      // Its file may have been moved or evicted in part meanwhile: what the log says now counts.
      if (this.#retried < firstId) {
        this.#retried = firstId
        this.#begin(firstId)
        return
      }
      this.#problem = unreadableProblem(firstId, endId, message)
    }
    this.#advance(endId)
  }

  stopped(stop: ScanStop): void {
    this.#thread = null
    this.#limit = Math.max(stop.row ?? this.#done, this.#done)
    this.#problem = stopProblem(this.#condition.expressions, stop)
    // What the thread had found on the rows before is gone with it.
    if (this.#limit > this.#done) this.#begin(this.#done)
    this.#changed()
  }

  /** Has the rows from this one on looked at, whatever was under way. */
  #begin(id: number): void {
    this.#next = id
    this.#thread ??= this.#threads.take()
    this.#thread.begin(this.#condition, this)
    this.#pull()
  }

  #advance(endId: number): void {
    this.#done = endId
    void this.evicted
    if (endId >= this.#limit) this.close()
    else if (this.#next + backlogRows < this.#range.end) this.#pull()
    else this.logChanged()
    this.#changed()
  }

  #schedule(): void {
    const wait = this.#lastPull + livePause - performance.now()
    const pull = () => {
      this.#scheduled = null
      this.#pull()
      // Rows that are evicted or not in the range need no look.
      if (this.#thread?.outstanding === 0) this.#changed()
    }
    if (wait > 0) {
      const timer = setTimeout(pull, wait)
      this.#scheduled = () => clearTimeout(timer)
    } else {
      const immediate = setImmediate(pull)
      this.#scheduled = () => clearImmediate(immediate)
    }
  }

  /** Hands rows to the thread until it has enough. */
  #pull(): void {
    this.#lastPull = performance.now()
    const thread = this.#thread
    const { first } = this.#range
    const end = Math.min(this.#range.end, this.#limit)
    // A period that has not begun yet may begin later than it seemed.
    this.#next = Math.max(this.#next, first)
    while (thread && thread.outstanding < mostOutstanding && this.#next < end) {
      const extent = this.#log.extent(this.#next, this.#bytes)
      if (!extent) break
      this.#bytes = Math.min(this.#bytes * 2, mostBytes)
      thread.scan(extent, Math.min(extent.endId, end))
      this.#next = extent.endId
    }
  }
}
