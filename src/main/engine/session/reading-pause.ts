import type { FrameLog } from '../frame-log/frame-log'
import { appendEvent } from './event-row'

/**
 * Milliseconds that reading pauses, more than it goes on, before a row says so. A flood makes many short
 * pauses, which only keep what waits for the disk small.
 */
const noticeable = 1000

/** Milliseconds after which a single pause is long. */
const long = 100

/**
 * Says in a log when the reading of its sessions pauses for long because what they read cannot be
 * written fast enough, and how long it did. One for each log, however many sessions write to it.
 */
export class ReadingPause {
  readonly #log: FrameLog
  readonly #session: () => number
  readonly #stop: () => void
  /** `performance.now()` when it began; `null` while reading goes on. */
  #since: number | null = null
  /** Of the pause that ended last, `performance.now()` and how long it was. */
  #last = { ended: -Infinity, length: 0 }
  /** Milliseconds paused until then that were not made up for by reading. */
  #paused = 0
  /** Says that it pauses, unless that is over before. */
  #telling: NodeJS.Timeout | undefined
  /** `performance.now()` of the beginning of what was told. */
  #toldSince: number | null = null

  /** @param session the number of the session whose rows the notes stand among. */
  constructor(log: FrameLog, session: () => number) {
    this.#log = log
    this.#session = session
    this.#stop = log.onPressure((held) => this.#changed(held))
  }

  /** Whether nothing is read now: a peer's silence is then no news of the peer. */
  get isOn(): boolean {
    return this.#since !== null
  }

  /** Whether nothing has been read for long. */
  get isLong(): boolean {
    return this.#since !== null && performance.now() - this.#since >= long
  }

  /** Whether much of what came in the last `milliseconds` was left unread, and may be read only now. */
  wasOnWithin(milliseconds: number): boolean {
    const { ended, length } = this.#last
    const isRecent = performance.now() - ended < milliseconds && length > milliseconds / 10
    return this.isOn || isRecent
  }

  stop(): void {
    clearTimeout(this.#telling)
    this.#stop()
  }

  #changed(held: boolean): void {
    if (held === this.isOn) return
    if (held) this.#begin(performance.now())
    else this.#end(performance.now())
  }

  #begin(now: number): void {
    this.#since = now
    this.#paused = Math.max(0, this.#paused - (now - this.#last.ended))
    const began = now - this.#paused
    this.#telling = setTimeout(() => {
      this.#toldSince = began
      this.#say('Reading paused: the disk is slower than the wire.')
    }, noticeable - this.#paused)
  }

  #end(now: number): void {
    clearTimeout(this.#telling)
    const length = now - (this.#since ?? now)
    this.#since = null
    this.#last = { ended: now, length }
    this.#paused = Math.min(this.#paused + length, noticeable)
    if (this.#toldSince === null) return
    const seconds = ((now - this.#toldSince) / 1000).toFixed(1)
    this.#toldSince = null
    this.#paused = 0
    // The log may be in the middle of an append; the rows of what was read already come first.
    queueMicrotask(() => this.#say(`Reading goes on after ${seconds} s.`))
  }

  #say(text: string): void {
    appendEvent(this.#log, this.#session(), 'note', text, performance.now())
  }
}
