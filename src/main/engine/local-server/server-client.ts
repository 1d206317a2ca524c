import type { IncomingMessage } from 'node:http'
import type { DataOpcode } from '@shared/model/connection'
import type { ServerClient as ServerClientModel } from '@shared/model/local-server'
import type { PathParameters } from '@shared/model/route-path'
import type { Fault } from '@shared/model/server-fault'
import type { Route } from '@shared/model/server-route'
import { createPingPayloads } from '../latency/ping-payloads'
import { payloadKey } from '../latency/ping-queue'
import type { Session } from '../session/session'
import type { BehaviourClient } from './behaviours/behaviour'

export interface ServerClientOptions {
  readonly session: Session
  readonly request: IncomingMessage
  /** A row about it. */
  readonly note: (text: string) => void
  /** Its faults, those of its own before those of its route, changed. */
  readonly onFaults: (faults: readonly Fault[]) => void
  /** Whether what it sends is to be left unread. */
  readonly onPressed: (pressed: boolean) => void
}

/** One client of the local server: its session, what waits for it, and the pings it answers. */
export class ServerClient implements BehaviourClient {
  readonly session: Session
  /** The request target. */
  readonly path: string
  parameters: PathParameters = {}
  readonly #options: ServerClientOptions
  readonly #userAgent: string
  readonly #since = Date.now()
  readonly #nextPayload = createPingPayloads()
  #route: Route | null = null
  #ownFaults: readonly Fault[] = []
  #isPressed = false
  #looking = false
  /** The keep-alive ping that waits for its pong; `time` is `null` until its bytes went out. */
  #waiting: { readonly key: string; time: number | null } | null = null
  /** Pings in a row that were not answered. */
  #missed = 0
  #bytesOutBefore = 0
  #rtt: number | null = null

  constructor(options: ServerClientOptions) {
    this.#options = options
    this.session = options.session
    this.path = options.request.url ?? '/'
    this.#userAgent = options.request.headers['user-agent'] ?? ''
  }

  /** Its session number in the server's log. */
  get id(): number {
    return this.session.number
  }

  get model(): ServerClientModel {
    const { session } = this
    return {
      id: this.id,
      address: session.handshake?.remote ?? '',
      path: this.path,
      route: this.#route?.path ?? null,
      protocol: session.handshake?.protocol ?? '',
      extensions: session.handshake?.extensions ?? '',
      userAgent: this.#userAgent,
      since: this.#since,
      counters: session.counters,
      bufferedAmount: session.bufferedAmount,
      pressed: this.#isPressed,
      rtt: this.#rtt,
      faults: this.#ownFaults.filter(({ enabled }) => enabled).length,
    }
  }

  get ownFaults(): readonly Fault[] {
    return this.#ownFaults
  }

  set ownFaults(faults: readonly Fault[]) {
    this.#ownFaults = faults
    this.#tellFaults()
  }

  /** The route that serves it now, or what was edited of it; `null` for none. */
  routeChanged(route: Route | null): void {
    this.#route = route
    this.#tellFaults()
  }

  /** Sends a message unless the client is closing or does not read; never throws. */
  send(opcode: DataOpcode, payload: Uint8Array): void {
    const { session } = this
    if (session.phase !== 'open' || !this.#hasRoom()) return
    session.post(opcode, payload)
  }

  ping(payload: Uint8Array): void {
    if (this.session.phase === 'open') this.session.ping(payload)
  }

  close(code: number, reason: string): void {
    this.session.close(code, reason)
  }

  terminate(): void {
    this.session.terminate()
  }

  /**
   * Sends the next keep-alive ping, unless the one before is still queued behind data that is on its
   * way: then the client has not been asked yet.
   * @param misses pings in a row without a pong after which it is silent; 0 for never.
   * @returns `false`, sending none, when it is.
   */
  keepAlive(misses: number): boolean {
    if (this.session.phase !== 'open') return true
    const { bytesOut } = this.session.counters
    const isMoving = bytesOut > this.#bytesOutBefore
    this.#bytesOutBefore = bytesOut
    if (this.#waiting) {
      if (this.#waiting.time === null && isMoving) return true
      this.#missed += 1
      if (misses > 0 && this.#missed >= misses) return false
    }
    const payload = this.#nextPayload()
    this.#waiting = { key: payloadKey(payload), time: null }
    this.session.ping(payload)
    return true
  }

  /** A ping's bytes went to the socket; `time` is `performance.now()`. */
  pingSent(payload: Uint8Array, time: number): void {
    if (this.#waiting?.key === payloadKey(payload)) this.#waiting.time = time
  }

  /** @returns the RTT in milliseconds when this pong answers the keep-alive ping. */
  pongReceived(payload: Uint8Array, time: number): number | null {
    const waiting = this.#waiting
    if (!waiting || waiting.time === null || waiting.key !== payloadKey(payload)) return null
    this.#waiting = null
    this.#missed = 0
    this.#rtt = time - waiting.time
    return this.#rtt
  }

  /** Bytes were written to it; what waits is counted anew once the socket has dealt with that. */
  wrote(): void {
    if (!this.#isPressed || this.#looking) return
    this.#looking = true
    setImmediate(() => {
      this.#looking = false
      this.#lookForRoom()
    })
  }

  #lookForRoom(): void {
    const limit = this.#route?.buffer.limit ?? 0
    if (!this.#isPressed || this.session.bufferedAmount > limit / 2) return
    this.#isPressed = false
    this.#options.onPressed(false)
    if (this.session.phase === 'open') this.#options.note('It reads again.')
  }

  /** Whether one more message may wait for it; says once what happens to those that may not. */
  #hasRoom(): boolean {
    const route = this.#route
    if (!route) return true
    const { limit, policy } = route.buffer
    const waiting = this.session.bufferedAmount
    if (!this.#isPressed && waiting > limit) {
      this.#isPressed = true
      this.#options.note(
        `It does not read, and ${waiting} bytes wait for it. ${pressedWords[policy]}`,
      )
      if (policy === 'close') this.session.close(1008, 'Too slow')
      if (policy === 'pause') this.#options.onPressed(true)
    }
    // What was read of a client before it was paused is still answered.
    return !this.#isPressed || (policy === 'pause' && waiting <= 2 * limit)
  }

  #tellFaults(): void {
    this.#options.onFaults([...this.#ownFaults, ...(this.#route?.faults ?? [])])
  }
}

const pressedWords = {
  pause: 'What it sends is not read until then, and messages of others to it are dropped.',
  drop: 'Messages to it are dropped until it reads.',
  close: 'It is closed with 1008.',
} as const
