import { ScanThread } from './scan-thread'

/** How long after the first need a thread is started ahead of the next one, in milliseconds. */
const prepareDelay = 300

/** Threads without work that are kept: typing on goes back and forth between two. */
const keptIdle = 2

/**
 * Threads for scans. Starting one takes tens of milliseconds, so one is started ahead of need, and
 * one that is free again waits for the next scan.
 */
export class ScanThreads {
  readonly #all = new Set<ScanThread>()
  readonly #idle: ScanThread[] = []
  #preparing: NodeJS.Timeout | undefined
  #disposed = false

  /** Has a thread ready soon, if none is. */
  prepare(): void {
    if (this.#disposed || this.#idle.length > 0) return
    this.#preparing ??= setTimeout(() => {
      this.#preparing = undefined
      if (!this.#disposed && this.#idle.length === 0) this.#idle.push(this.#start())
    }, prepareDelay).unref()
  }

  take(): ScanThread {
    const thread = this.#idle.pop() ?? this.#start()
    this.prepare()
    return thread
  }

  /** Takes a thread back, whatever it is doing: it is given up and used again when it is free. */
  release(thread: ScanThread): void {
    if (!this.#all.has(thread)) return
    thread.abandon(() => {
      if (this.#idle.length < keptIdle) this.#idle.push(thread)
      else void thread.stop()
    })
  }

  /** Ends all threads. */
  async dispose(): Promise<void> {
    this.#disposed = true
    clearTimeout(this.#preparing)
    await Promise.all([...this.#all].map((thread) => thread.stop()))
  }

  #start(): ScanThread {
    const thread = new ScanThread((ended) => this.#forget(ended))
    this.#all.add(thread)
    return thread
  }

  #forget(thread: ScanThread): void {
    this.#all.delete(thread)
    const place = this.#idle.indexOf(thread)
    if (place >= 0) this.#idle.splice(place, 1)
  }
}
