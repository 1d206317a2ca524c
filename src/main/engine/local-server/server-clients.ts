import type { IncomingMessage } from 'node:http'
import type { SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Counters, DataOpcode } from '@shared/model/connection'
import type { ServerClient as ServerClientModel } from '@shared/model/local-server'
import type { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import { acceptPeer } from '../session/accept-peer'
import { addCounters, noCounters } from '../session/counters'
import { Occurrence } from '../session/occurrence'
import { appendEvent } from '../session/event-row'
import type { WireTap } from '../wire/wire-tap'
import { endpointFor, type Endpoint, type ServerPlan } from './presets'
import { ServerClient } from './server-client'
import { maxPayload } from './upgrade-server'

/** Bytes that may wait for a client that does not read before it is dropped. */
const maxBacklog = 256 * 1024 * 1024

/** Milliseconds destroyed sockets may take to say so. */
const terminatePatience = 250

export interface ServerClientsOptions {
  readonly log: FrameLog
  /** What the server does now; {@link ServerClients.planChanged} is called when it changes. */
  readonly plan: () => ServerPlan
  /** Milliseconds between two messages that an endpoint pushes to a client. */
  readonly pushInterval: number
  /** Milliseconds between keep-alive pings; 0 sends none. */
  readonly keepAlive: number
  /** Whether all that clients sent since the last ping was read; else their silence tells nothing. */
  readonly hasRead: () => boolean
  /** A client came or went. */
  readonly onCountChanged: () => void
  /** Counters or buffered amounts may have changed. */
  readonly onActivity: () => void
}

/** The clients of the local server while it runs once, in the order they came. */
export class ServerClients {
  readonly #options: ServerClientsOptions
  readonly #clients = new Map<number, ServerClient>()
  /** Which endpoint serves whom; one that came before the plan changed may be served by none. */
  readonly #endpoints = new Map<ServerClient, Endpoint>()
  readonly #pushes = new Map<ServerClient, NodeJS.Timeout>()
  readonly #keepAliveTimer: NodeJS.Timeout | undefined
  /** Of the clients that are gone. */
  #counters: Counters = noCounters()
  readonly #empty = new Occurrence()

  constructor(options: ServerClientsOptions) {
    this.#options = options
    if (options.keepAlive > 0)
      this.#keepAliveTimer = setInterval(() => this.#keepAlive(), options.keepAlive)
  }

  get size(): number {
    return this.#clients.size
  }

  /** Of all clients, those that are gone included. */
  get counters(): Counters {
    let counters = this.#counters
    for (const { session } of this.#clients.values())
      counters = addCounters(counters, session.counters)
    return counters
  }

  list(offset: number, limit: number): ServerClientModel[] {
    const models: ServerClientModel[] = []
    let position = 0
    for (const client of this.#clients.values()) {
      if (position >= offset + limit) break
      if (position >= offset) models.push(client.model)
      position += 1
    }
    return models
  }

  /** @throws {AppError} NOT_FOUND */
  get(clientId: number): ServerClient {
    const client = this.#clients.get(clientId)
    if (client) return client
    throw new AppError('NOT_FOUND', `Client ${clientId} is no longer connected.`, {
      details: { clientId },
    })
  }

  /** To be called before the first frame of the WebSocket is read. */
  add(ws: WebSocket, tap: WireTap, request: IncomingMessage): void {
    let client: ServerClient | undefined
    const session = acceptPeer({
      ws,
      tap,
      request,
      log: this.#options.log,
      maxPayload,
      listener: {
        onMessage: (opcode, payload) => {
          if (client) this.#route(client, opcode, payload)
        },
        onPingSent: (payload, time) => client?.pingSent(payload, time),
        onPong: (payload, time) => client?.pongReceived(payload, time) ?? null,
        onActivity: this.#options.onActivity,
        onClosed: () => {
          if (client) this.#gone(client)
        },
      },
    })
    client = new ServerClient(session, request)
    this.#clients.set(client.id, client)
    this.#place(client)
    this.#options.onCountChanged()
  }

  /**
   * Sends a message to the clients named, or to all. Those that are gone or closing are passed over.
   * @returns how many it was sent to.
   * @throws {AppError} PAYLOAD_INVALID, SEND_FAILED when it could be sent to none of them.
   */
  async send(
    clientIds: readonly number[] | null,
    opcode: DataOpcode,
    payload: Uint8Array,
  ): Promise<number> {
    const named = clientIds === null ? [...this.#clients.keys()] : [...new Set(clientIds)]
    const sends: Promise<SendOutcome>[] = []
    for (const id of named) {
      const session = this.#clients.get(id)?.session
      if (session?.phase === 'open') sends.push(session.send(opcode, payload))
    }
    const outcomes = await Promise.allSettled(sends)
    const sent = outcomes.filter(({ status }) => status === 'fulfilled').length
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (sent === 0 && failed) throw failed.reason
    return sent
  }

  /** Clients stay and are served as the plan is now. */
  planChanged(): void {
    for (const client of this.#clients.values()) this.#place(client)
  }

  /** Closes all with 1001, destroys those that have not answered within `patience` ms. */
  async close(patience: number): Promise<void> {
    clearInterval(this.#keepAliveTimer)
    for (const { session } of this.#clients.values()) session.close(1001)
    if (this.#clients.size === 0 || (await this.#empty.within(patience))) return
    for (const { session } of this.#clients.values()) session.terminate()
    if (this.#clients.size > 0) await this.#empty.within(terminatePatience)
  }

  #route(sender: ServerClient, opcode: DataOpcode, payload: Uint8Array): void {
    const endpoint = this.#endpoints.get(sender)
    if (!endpoint) return
    const { toSender, toOthers } = endpoint
    if (!toSender && !toOthers) return
    // The payload is valid only now, and is written later; one copy serves all.
    const copy = new Uint8Array(payload)
    if (!toOthers) {
      if (toSender) this.#forward(sender, opcode, copy)
      return
    }
    for (const client of this.#clients.values())
      if (this.#endpoints.get(client) === endpoint && (toSender || client !== sender))
        this.#forward(client, opcode, copy)
  }

  /** Finds the endpoint that serves a client, and begins to push what that pushes. */
  #place(client: ServerClient): void {
    const endpoint = endpointFor(this.#options.plan(), client.path)
    if ((this.#endpoints.get(client) ?? null) === endpoint) return
    this.#displace(client)
    if (!endpoint) return
    this.#endpoints.set(client, endpoint)
    const { push } = endpoint
    if (!push) return
    const timer = setInterval(
      () => this.#forward(client, 'text', Buffer.from(push(new Date()))),
      this.#options.pushInterval,
    )
    this.#pushes.set(client, timer)
  }

  #displace(client: ServerClient): void {
    clearInterval(this.#pushes.get(client))
    this.#pushes.delete(client)
    this.#endpoints.delete(client)
  }

  #forward(client: ServerClient, opcode: DataOpcode, payload: Uint8Array): void {
    const { session } = client
    if (session.phase !== 'open') return
    if (session.bufferedAmount > maxBacklog)
      return this.#drop(client, `Dropped: it does not read, and ${maxBacklog} bytes wait for it`)
    // A message that cannot be written has its row, marked as failed.
    session.send(opcode, payload).catch(() => undefined)
  }

  #keepAlive(): void {
    if (!this.#options.hasRead()) return
    for (const client of this.#clients.values()) {
      if (client.session.phase === 'open' && !client.keepAlive())
        this.#drop(client, `Dropped: no pong within ${this.#options.keepAlive} ms`)
    }
  }

  #drop(client: ServerClient, reason: string): void {
    appendEvent(this.#options.log, client.id, 'error', reason)
    client.session.terminate()
  }

  #gone(client: ServerClient): void {
    if (!this.#clients.delete(client.id)) return
    this.#displace(client)
    this.#counters = addCounters(this.#counters, client.session.counters)
    this.#options.onCountChanged()
    if (this.#clients.size === 0) this.#empty.happened()
  }
}
