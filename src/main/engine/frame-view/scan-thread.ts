import scanWorkerPath from '../../workers/scan-worker?modulePath'
import { startWorker, type RunningWorker } from '../../workers/start-worker'
import type { RowExtent } from '../frame-log/frame-log'
import { ScanControl, type ScanPlace } from './scan-control'
import type { ScanCondition, ScanReply, ScanRequest } from './scan-messages'

/** How long one term may stay on one row, in milliseconds. */
export const termLimit = 500

/** What it may take longer for each byte of a large payload, in milliseconds: 10 ms per MiB. */
const limitPerByte = 10 / (1024 * 1024)

/** How often the engine looks where a busy thread is, in milliseconds. */
const lookInterval = 50

/** Most memory that the objects of one thread may take, in MiB. */
const heapLimit = 1024

/** Where and why a thread was stopped. It cannot be used any more. */
export interface ScanStop {
  /** The row under test; `null` when none was. */
  readonly row: number | null
  /** The term under test; -1 when none was. */
  readonly term: number
  /** The time limit it exceeded, in milliseconds, or the error that ended it. */
  readonly cause: number | Error
}

/** Who uses a thread at the moment. */
export interface ScanUser {
  /** Payload bytes of a row. */
  sizeOf(id: number): number
  /** One for every extent, in order: ids that match, counted from `firstId`. */
  matched(firstId: number, endId: number, matches: Uint32Array): void
  /** The rows of an extent could not be read. Those of later extents may still be. */
  unreadable(firstId: number, endId: number, message: string): void
  stopped(stop: ScanStop): void
}

interface Job {
  readonly firstId: number
  readonly endId: number
  readonly generation: number
}

/** A worker thread that tests rows for one user at a time, watched so that no row hangs it. */
export class ScanThread {
  readonly #worker: RunningWorker<ScanRequest>
  readonly #control = new ScanControl()
  readonly #jobs: Job[] = []
  readonly #ended: (thread: ScanThread) => void
  #generation = 0
  #user: ScanUser | null = null
  #idle: (() => void) | null = null
  #watch: NodeJS.Timeout | undefined
  #lastPlace: ScanPlace | undefined
  #lastMove = 0
  #looks = 0

  /** `ended` is called when the thread can no longer be used, whether stopped or failed. */
  constructor(ended: (thread: ScanThread) => void) {
    this.#ended = ended
    this.#worker = startWorker<ScanRequest, ScanReply>(scanWorkerPath, {
      name: 'scan',
      data: this.#control.shared,
      heapLimit,
      onReply: (reply) => this.#replied(reply),
      onFailure: (cause) => this.#end(cause),
    })
  }

  /** Extents asked for of this condition and not answered yet. */
  get outstanding(): number {
    let count = 0
    for (const job of this.#jobs) if (job.generation === this.#generation) count += 1
    return count
  }

  /** Extents of conditions that are over and not answered yet. */
  get waiting(): number {
    return this.#jobs.length - this.outstanding
  }

  /** Begins a condition; whatever was under way for another one is over. */
  begin(condition: ScanCondition, user: ScanUser): void {
    this.#user = user
    this.#idle = null
    this.#generation += 1
    this.#control.generation = this.#generation
    this.#worker.post({ kind: 'begin', generation: this.#generation, condition })
  }

  /** Looks at rows of an extent, those before `endId`. */
  scan(extent: RowExtent, endId: number): void {
    const { firstId, source } = extent
    const generation = this.#generation
    this.#jobs.push({ firstId, endId, generation })
    const transfer = 'bytes' in source ? [source.bytes.buffer] : []
    this.#worker.post({ kind: 'scan', generation, firstId, endId, source }, transfer)
    this.#startWatch()
  }

  /** Gives up what is under way and calls `idle` when the thread can be used again. */
  abandon(idle: () => void): void {
    this.#user = null
    this.#generation += 1
    this.#control.generation = this.#generation
    this.#idle = idle
    this.#settle()
  }

  /** Ends the thread at once. */
  stop(): Promise<void> {
    clearInterval(this.#watch)
    this.#jobs.length = 0
    this.#user = null
    this.#ended(this)
    return this.#worker.stop()
  }

  #replied({ generation, matches, failure }: ScanReply): void {
    const job = this.#jobs.shift()
    if (this.#jobs.length === 0) this.#stopWatch()
    if (!job) return
    if (generation === this.#generation) {
      if (failure === null) this.#user?.matched(job.firstId, job.endId, matches)
      else this.#user?.unreadable(job.firstId, job.endId, failure)
    }
    this.#settle()
  }

  #settle(): void {
    if (this.#jobs.length > 0) return
    const idle = this.#idle
    this.#idle = null
    idle?.()
  }

  #startWatch(): void {
    if (this.#watch) return
    this.#lastPlace = undefined
    this.#watch = setInterval(() => this.#look(), lookInterval).unref()
  }

  #stopWatch(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
  }

  #look(): void {
    const { place } = this.#control
    const now = performance.now()
    if (place.term < 0 || place.step !== this.#lastPlace?.step) {
      this.#lastPlace = place
      this.#lastMove = now
      this.#looks = 0
      return
    }
    this.#looks += 1
    const limit = termLimit + this.#sizeOf(place) * limitPerByte
    // A loop that was held up itself cannot tell how long the thread was really at work.
    if (now - this.#lastMove > limit && this.#looks * lookInterval * 2 > limit) this.#end(limit)
  }

  #sizeOf(place: ScanPlace): number {
    const job = this.#jobs[0]
    return job && this.#user ? this.#user.sizeOf(job.firstId + place.row) : 0
  }

  #end(cause: number | Error): void {
    const { place } = this.#control
    const job = this.#jobs[0]
    const user = this.#user
    const tested = job?.generation === this.#generation && place.term >= 0
    void this.stop()
    user?.stopped({
      row: tested ? job.firstId + place.row : null,
      term: tested ? place.term : -1,
      cause,
    })
  }
}
