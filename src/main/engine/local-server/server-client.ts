import type { IncomingMessage } from 'node:http'
import type { ServerClient as ServerClientModel } from '@shared/model/local-server'
import { createPingPayloads } from '../latency/ping-payloads'
import { payloadKey } from '../latency/ping-queue'
import type { Session } from '../session/session'

/** One client of the local server: its session and the keep-alive pings it answers. */
export class ServerClient {
  readonly session: Session
  /** The request target. */
  readonly path: string
  readonly #userAgent: string
  readonly #since = Date.now()
  readonly #nextPayload = createPingPayloads()
  /** The keep-alive ping that waits for its pong; `time` is `null` until its bytes went out. */
  #waiting: { readonly key: string; time: number | null } | null = null
  #bytesOutBefore = 0
  #rtt: number | null = null

  constructor(session: Session, request: IncomingMessage) {
    this.session = session
    this.path = request.url ?? '/'
    this.#userAgent = request.headers['user-agent'] ?? ''
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
      protocol: session.handshake?.protocol ?? '',
      userAgent: this.#userAgent,
      since: this.#since,
      counters: session.counters,
      bufferedAmount: session.bufferedAmount,
      rtt: this.#rtt,
    }
  }

  /**
   * Sends the next keep-alive ping, unless the one before is still queued behind data that is on its
   * way: then the client has not been asked yet.
   * @returns `false`, sending none, when the client did not answer the one before.
   */
  keepAlive(): boolean {
    const { bytesOut } = this.session.counters
    const isMoving = bytesOut > this.#bytesOutBefore
    this.#bytesOutBefore = bytesOut
    if (this.#waiting) return this.#waiting.time === null && isMoving
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
    this.#rtt = time - waiting.time
    return this.#rtt
  }
}
