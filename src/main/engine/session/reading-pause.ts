import type { FrameLog } from '../frame-log/frame-log'
import { appendEvent } from './event-row'

/** Pauses shorter than this are not worth a row, in milliseconds. */
const noticeable = 100

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
  /** `performance.now()` when the last long one ended. */
  #ended = -Infinity
  /** Says that it pauses, unless that is over before. */
  #telling: NodeJS.Timeout | undefined

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
    return this.#since !== null && performance.now() - this.#since >= noticeable
  }

  /** Whether anything was left unread in the last `milliseconds`, for long or up to now. */
  wasOnWithin(milliseconds: number): boolean {
    return this.isOn || performance.now() - this.#ended < milliseconds
  }

  stop(): void {
    clearTimeout(this.#telling)
    this.#stop()
  }

  #changed(held: boolean): void {
    const now = performance.now()
    if (held === this.isOn) return
    const since = this.#since ?? now
    this.#since = held ? now : null
    if (held) {
      this.#telling = setTimeout(() => {
        this.#telling = undefined
        this.#say('Reading paused: the disk is slower than the wire.')
      }, noticeable)
      return
    }
    if (now - since >= noticeable) this.#ended = now
    const told = this.#telling === undefined
    clearTimeout(this.#telling)
    if (!told) return
    const seconds = ((now - since) / 1000).toFixed(1)
    // The log may be in the middle of an append; the rows of what was read already come first.
    queueMicrotask(() => this.#say(`Reading goes on after ${seconds} s.`))
  }

  #say(text: string): void {
    appendEvent(this.#log, this.#session(), 'note', text, performance.now())
  }
}
