import type { LatencyStats } from '@shared/model/latency'
import { payloadKey, PingQueue, type SentPing } from './ping-queue'
import { SortedSamples } from './sorted-samples'

/** Round-trip times that median and p95 look back on; the other figures cover the whole life. */
export const latencySamples = 100_000

/** Samples kept for the chart. */
const chartSamples = 200

/** Pings that may wait for their pong at once; beyond it the oldest counts as lost. */
const maxPending = 10_000

/** Pings remembered after they were lost or skipped, in case their pong comes after all. */
const maxForgone = 1_000

/**
 * Measures the round-trip times of one connection by matching pongs to pings by payload; pings with
 * the same payload are answered first in, first out. All times are `performance.now()`.
 *
 * A pong answers its ping; older pings still waiting are then skipped, not lost, because RFC 6455
 * section 5.5.3 lets a peer answer only the latest. A ping without a pong within the timeout is lost,
 * and stays lost in the statistics if its pong comes after all: `received` then still returns the time
 * it took, which is true of that pong, but no figure changes after it was shown.
 */
export class LatencyMeter {
  /** Milliseconds after which an unanswered ping counts as lost. */
  pongTimeout: number

  /** In the order they were sent. */
  readonly #pending = new PingQueue()
  readonly #forgone = new PingQueue()
  readonly #times = new SortedSamples(latencySamples)
  readonly #chart: LatencyStats['samples'] = []
  #sent = 0
  #count = 0
  #last: number | null = null
  #min = Infinity
  #max = -Infinity
  /** The time before, within the same session. */
  #previous: number | null = null
  #differences = 0
  #differenceSum = 0
  #lost = 0
  #skipped = 0

  constructor(pongTimeout: number) {
    this.pongTimeout = pongTimeout
  }

  /** A ping's bytes went to the socket. */
  sent(payload: Uint8Array, time: number): void {
    this.expire(time)
    if (this.#pending.size >= maxPending) this.#loseOldest(time)
    this.#pending.push({ number: ++this.#sent, key: payloadKey(payload), time })
  }

  /**
   * A pong was parsed off the wire.
   * @returns the RTT in milliseconds of the ping it answers, `null` when it answers none.
   */
  received(payload: Uint8Array, time: number): number | null {
    this.expire(time)
    const key = payloadKey(payload)
    const ping = this.#pending.take(key)
    if (!ping) {
      const late = this.#forgone.take(key)
      return late ? time - late.time : null
    }
    while ((this.#pending.oldest?.number ?? Infinity) < ping.number) {
      this.#skipped += 1
      this.#forgo(this.#pending.shift())
    }
    this.#record(time - ping.time, time)
    return time - ping.time
  }

  /**
   * Counts the pings as lost whose timeout has passed.
   * @returns how many were lost just now.
   */
  expire(now: number): number {
    let lost = 0
    while ((this.deadline ?? Infinity) < now) {
      this.#loseOldest(this.deadline ?? now)
      lost += 1
    }
    return lost
  }

  /** When the oldest waiting ping will be lost; `null` when none waits. */
  get deadline(): number | null {
    const oldest = this.#pending.oldest
    return oldest ? oldest.time + this.pongTimeout : null
  }

  /** The session is over: what still waits can never be answered, and is neither lost nor skipped. */
  abandon(): void {
    this.#pending.clear()
    this.#forgone.clear()
    this.#previous = null
  }

  stats(): LatencyStats {
    return {
      count: this.#count,
      last: this.#last,
      min: this.#count > 0 ? this.#min : null,
      median: this.#times.median(),
      p95: this.#times.percentile(95),
      max: this.#count > 0 ? this.#max : null,
      jitter: this.#differences > 0 ? this.#differenceSum / this.#differences : null,
      lost: this.#lost,
      skipped: this.#skipped,
      pending: this.#pending.size,
      samples: [...this.#chart],
    }
  }
  #record(rtt: number, time: number): void {
    this.#count += 1
    this.#last = rtt
    this.#min = Math.min(this.#min, rtt)
    this.#max = Math.max(this.#max, rtt)
    this.#times.add(rtt)
    if (this.#previous !== null) {
      this.#differences += 1
      this.#differenceSum += Math.abs(rtt - this.#previous)
    }
    this.#previous = rtt
    this.#draw(time, rtt)
  }

  #loseOldest(time: number): void {
    this.#lost += 1
    this.#forgo(this.#pending.shift())
    this.#draw(time, null)
  }

  #forgo(ping: SentPing | undefined): void {
    if (!ping) return
    if (this.#forgone.size >= maxForgone) this.#forgone.shift()
    this.#forgone.push(ping)
  }

  #draw(time: number, rtt: number | null): void {
    this.#chart.push({ time: performance.timeOrigin + time, rtt })
    if (this.#chart.length > chartSamples) this.#chart.shift()
  }
}
