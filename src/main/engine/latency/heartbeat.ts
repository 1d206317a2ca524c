import type { LatencyStats } from '@shared/model/latency'
import { LatencyMeter } from './latency-meter'
import { createPingPayloads } from './ping-payloads'
import { payloadKey } from './ping-queue'

export interface HeartbeatTimes {
  /** Milliseconds between keep-alive pings; 0 sends none. */
  readonly pingInterval: number
  /** Milliseconds after which an unanswered ping counts as lost. */
  readonly pongTimeout: number
}

export interface HeartbeatListener {
  /** The statistics changed. */
  onChange(): void
  /** A ping was lost after others were answered; further losses in a row are not told. */
  onSilence(): void
}

/** Sends a ping. @returns `false` when none can be sent now. */
type SendPing = (payload: Uint8Array) => boolean

/**
 * Keeps one connection alive with pings and measures how long their pongs take, over all its sessions.
 * The first keep-alive ping goes out one interval after the session opened.
 */
export class Heartbeat {
  readonly #listener: HeartbeatListener
  readonly #meter: LatencyMeter
  readonly #nextPayload = createPingPayloads()
  #times: HeartbeatTimes
  #ping: SendPing | null = null
  #pingTimer: NodeJS.Timeout | undefined
  #expiryTimer: NodeJS.Timeout | undefined
  /** The keep-alive ping that is still queued behind other data. */
  #queued: string | null = null
  #silent = false

  constructor(times: HeartbeatTimes, listener: HeartbeatListener) {
    this.#times = times
    this.#listener = listener
    this.#meter = new LatencyMeter(times.pongTimeout)
  }

  get stats(): LatencyStats {
    return this.#meter.stats()
  }

  /** A payload that no other ping of this connection has. */
  uniquePayload(): Uint8Array {
    return this.#nextPayload()
  }

  /** New times, in force at once. */
  configure(times: HeartbeatTimes): void {
    const changed = times.pingInterval !== this.#times.pingInterval
    this.#times = times
    this.#meter.pongTimeout = times.pongTimeout
    if (changed) this.#schedule()
    this.#watch()
  }

  /** A session opened; `ping` sends a ping on it, or says that it cannot now. */
  begin(ping: SendPing): void {
    this.#ping = ping
    this.#schedule()
  }

  /** No more keep-alive pings; pongs may still come. */
  pause(): void {
    this.#ping = null
    this.#schedule()
  }

  /** The session is over. */
  end(): void {
    this.pause()
    this.#queued = null
    this.#silent = false
    this.#meter.abandon()
    this.#watch()
    this.#listener.onChange()
  }

  /** A ping's bytes went to the socket; `time` is `performance.now()`. */
  sent(payload: Uint8Array, time: number): void {
    if (this.#queued === payloadKey(payload)) this.#queued = null
    this.#meter.sent(payload, time)
    this.#watch()
    this.#listener.onChange()
  }

  /** A pong was parsed. @returns its RTT in milliseconds, `null` when it answers no ping. */
  received(payload: Uint8Array, time: number): number | null {
    this.#expire(time)
    const rtt = this.#meter.received(payload, time)
    if (rtt === null) return null
    this.#silent = false
    this.#watch()
    this.#listener.onChange()
    return rtt
  }

  #schedule(): void {
    clearInterval(this.#pingTimer)
    const ping = this.#ping
    if (!ping || this.#times.pingInterval === 0) return
    this.#pingTimer = setInterval(() => this.#keepAlive(ping), this.#times.pingInterval)
  }

  #keepAlive(ping: SendPing): void {
    // Against a peer that does not read, pings would pile up behind the data and measure the queue.
    if (this.#queued !== null) return
    const payload = this.#nextPayload()
    this.#queued = payloadKey(payload)
    if (!ping(payload)) this.#queued = null
  }

  /** Wakes up when the oldest waiting ping is lost. */
  #watch(): void {
    clearTimeout(this.#expiryTimer)
    const deadline = this.#meter.deadline
    if (deadline === null) return
    const wait = Math.max(1, deadline - performance.now() + 1)
    this.#expiryTimer = setTimeout(() => {
      this.#expire(performance.now())
      this.#watch()
    }, wait)
  }

  #expire(now: number): void {
    if (this.#meter.expire(now) === 0) return
    const told = this.#silent
    this.#silent = true
    if (!told) this.#listener.onSilence()
    this.#listener.onChange()
  }
}
