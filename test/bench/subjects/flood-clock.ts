import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Granularity of the loop delay, in milliseconds; it is part of every delay measured. */
const resolution = 1

/** What receiving a flood took, without its first tenth, in which everything warms up. */
export interface FloodTaken {
  readonly messagesPerSecond: number
  /** Processor time of the whole process for each message, in microseconds. */
  readonly cpuPerMessage: number
  /** Delay of the event loop, in milliseconds. */
  readonly loopDelayP99: number
  readonly loopDelayMax: number
}

export class FloodClock {
  readonly #total: number
  readonly #warmUp: number
  readonly #delay = monitorEventLoopDelay({ resolution })
  #received = 0
  #started = 0
  #ended = 0
  #cpuStart = process.cpuUsage()
  #cpu = process.cpuUsage()

  constructor(total: number) {
    this.#total = total
    this.#warmUp = Math.floor(total / 10)
  }

  get received(): number {
    return this.#received
  }

  readonly tick = (): void => {
    this.#received += 1
    if (this.#received === this.#warmUp) {
      this.#delay.enable()
      this.#cpuStart = process.cpuUsage()
      this.#started = performance.now()
    } else if (this.#received === this.#total) {
      this.#ended = performance.now()
      this.#cpu = process.cpuUsage(this.#cpuStart)
      this.#delay.disable()
    }
  }

  /** @throws when not every message came. */
  taken(): FloodTaken {
    if (this.#received !== this.#total)
      throw new Error(`${this.#received} of ${this.#total} messages were received`)
    const messages = this.#total - this.#warmUp
    const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution)
    return {
      messagesPerSecond: messages / ((this.#ended - this.#started) / 1000),
      cpuPerMessage: (this.#cpu.user + this.#cpu.system) / messages,
      loopDelayP99: late(this.#delay.percentile(99)),
      loopDelayMax: late(this.#delay.max),
    }
  }
}
