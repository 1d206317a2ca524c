import type { FrameLog } from '../frame-log/frame-log'
import { appendEvent } from './event-row'

/**
 * Says in a log when the reading of its sessions pauses because what they read cannot be written fast
 * enough, and how long it did. One for each log, however many sessions write to it.
 */
export class ReadingPause {
  readonly #log: FrameLog
  readonly #session: () => number
  readonly #stop: () => void
  /** `performance.now()` when it began; `null` while reading goes on. */
  #since: number | null = null
  /** `performance.now()` when the last one ended. */
  #ended = -Infinity

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

  /** Whether anything was left unread in the last `milliseconds`, and may be read only now. */
  wasOnWithin(milliseconds: number): boolean {
    return this.isOn || performance.now() - this.#ended < milliseconds
  }

  stop(): void {
    this.#stop()
  }

  #changed(held: boolean): void {
    const now = performance.now()
    if (held === this.isOn) return
    const since = this.#since
    this.#since = held ? now : null
    if (!held) this.#ended = now
    const text =
      since === null
        ? 'Reading paused: the disk is slower than the wire.'
        : `Reading goes on after ${secondsOf(now - since)} s.`
    // The log may be in the middle of an append; the rows of what was read already come first.
    queueMicrotask(() => appendEvent(this.#log, this.#session(), 'note', text, now))
  }
}

/** Seconds with one digit, and more of them for less than a tenth. */
function secondsOf(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(milliseconds < 95 ? 3 : 1)
}
