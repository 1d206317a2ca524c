import type { IncomingMessage } from 'node:http'
import type { SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Counters, DataOpcode } from '@shared/model/connection'
import type { ServerClient as ServerClientModel } from '@shared/model/local-server'
import type { Route, ServerPlan } from '@shared/model/server-route'
import type { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import { FaultLine } from '../faults/fault-line'
import { acceptPeer } from '../session/accept-peer'
import { addCounters, noCounters } from '../session/counters'
import { Occurrence } from '../session/occurrence'
import { appendEvent } from '../session/event-row'
import type { WireTap } from '../wire/wire-tap'
import { routeFor } from './admission'
import { RunningRoute } from './running-route'
import { ServerClient } from './server-client'

/** Milliseconds destroyed sockets may take to say so. */
const terminatePatience = 250

export interface ServerClientsOptions {
  readonly log: FrameLog
  readonly plan: ServerPlan
  /** Whether all that clients sent in the last milliseconds was read; else their silence tells nothing. */
  readonly hasRead: (milliseconds: number) => boolean
  /** A client came or went. */
  readonly onCountChanged: () => void
  /** Counters or buffered amounts may have changed. */
  readonly onActivity: () => void
}

/** The clients of the local server while it runs once, in the order they came, and its routes. */
export class ServerClients {
  readonly #options: ServerClientsOptions
  readonly #clients = new Map<number, ServerClient>()
  /** By the id of the route. */
  #routes = new Map<string, RunningRoute>()
  /** Who is on which route; one that came before the plan changed may be on none. */
  readonly #routeOf = new Map<ServerClient, RunningRoute>()
  #plan: ServerPlan
  /** Of the clients that are gone. */
  #counters: Counters = noCounters()
  readonly #empty = new Occurrence()

  constructor(options: ServerClientsOptions) {
    this.#options = options
    this.#plan = options.plan
    for (const route of options.plan.routes) this.#routes.set(route.id, this.#run(route))
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

  /** Those of the clients named that are still connected. */
  among(clientIds: readonly number[]): ServerClient[] {
    return [...new Set(clientIds)]
      .map((id) => this.#clients.get(id))
      .filter((client) => client !== undefined)
  }

  /** The route with an id, while the plan has it. */
  route(routeId: string): RunningRoute | undefined {
    return this.#routes.get(routeId)
  }

  /** To be called before the first frame of the WebSocket is read. */
  add(ws: WebSocket, tap: WireTap, request: IncomingMessage, route: RunningRoute): void {
    const { log } = this.#options
    let client: ServerClient | undefined
    const session = acceptPeer({
      ws,
      tap,
      request,
      log,
      maxPayload: route.route.maxPayload,
      listener: {
        onMessage: (opcode, payload) => {
          if (client) this.#routeOf.get(client)?.received(client, opcode, payload)
        },
        onPingSent: (payload, time) => client?.pingSent(payload, time),
        onPong: (payload, time) => client?.pongReceived(payload, time) ?? null,
        onActivity: () => {
          client?.wrote()
          this.#options.onActivity()
        },
        onClosed: () => {
          if (client) this.#gone(client)
        },
      },
    })
    const note = (text: string) => appendEvent(log, session.number, 'note', text)
    const { accepted } = route
    const { seed } = route.route
    let line: FaultLine | null = null
    client = new ServerClient({
      session,
      request,
      note,
      onFaults(faults) {
        if (!line) {
          // Most clients never have any, and need no line.
          if (faults.length === 0) return
          line = new FaultLine({ seed, client: accepted, note })
          tap.insert(line)
        }
        line.set(faults)
      },
      onPressed: (pressed) => tap.hold(pressed, 'buffer'),
    })
    this.#clients.set(client.id, client)
    this.#place(client, true)
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
    const clients = clientIds === null ? [...this.#clients.values()] : this.among(clientIds)
    const sends: Promise<SendOutcome>[] = []
    for (const { session } of clients)
      if (session.phase === 'open') sends.push(session.send(opcode, payload))
    const outcomes = await Promise.allSettled(sends)
    const sent = outcomes.filter(({ status }) => status === 'fulfilled').length
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (sent === 0 && failed) throw failed.reason
    return sent
  }

  /** Clients stay and are served as the plan is now. */
  planChanged(plan: ServerPlan): void {
    this.#plan = plan
    // What begins anew for those that stay on a route reads their parameters.
    for (const client of this.#clients.values())
      client.parameters = routeFor(plan, client.path)?.parameters ?? {}
    const routes = new Map<string, RunningRoute>()
    for (const route of plan.routes) {
      const running = this.#routes.get(route.id)
      running?.update(route)
      routes.set(route.id, running ?? this.#run(route))
    }
    const gone = [...this.#routes].filter(([id]) => !routes.has(id))
    this.#routes = routes
    for (const client of this.#clients.values()) this.#place(client, false)
    for (const [, route] of gone) route.stop()
  }

  /** Closes all with 1001, destroys those that have not answered within `patience` ms. */
  async close(patience: number): Promise<void> {
    for (const route of this.#routes.values()) route.stop()
    for (const { session } of this.#clients.values()) session.close(1001)
    if (this.#clients.size === 0 || (await this.#empty.within(patience))) return
    for (const { session } of this.#clients.values()) session.terminate()
    if (this.#clients.size > 0) await this.#empty.within(terminatePatience)
  }

  #run(route: Route): RunningRoute {
    return new RunningRoute(route, {
      note: (clientId, text) => appendEvent(this.#options.log, clientId, 'note', text),
      hasRead: this.#options.hasRead,
      onSilent: (client, { keepAlive }) => this.#dropSilent(client, keepAlive),
    })
  }

  /** Puts a client on the route that its path leads to now. */
  #place(client: ServerClient, isNew: boolean): void {
    const found = routeFor(this.#plan, client.path)
    const route = (found && this.#routes.get(found.route.id)) ?? null
    const before = this.#routeOf.get(client) ?? null
    client.parameters = found?.parameters ?? {}
    if (route === before) return
    before?.remove(client)
    client.routeChanged(route?.route ?? null)
    if (route) this.#routeOf.set(client, route)
    else this.#routeOf.delete(client)
    route?.add(client, isNew)
  }

  #dropSilent(client: ServerClient, { interval, misses }: Route['keepAlive']): void {
    const pings = misses === 1 ? `no pong within ${interval} ms` : `no pong to ${misses} pings`
    appendEvent(this.#options.log, client.id, 'error', `Dropped: ${pings}`)
    client.terminate()
  }

  #gone(client: ServerClient): void {
    if (!this.#clients.delete(client.id)) return
    this.#routeOf.get(client)?.remove(client)
    this.#routeOf.delete(client)
    this.#counters = addCounters(this.#counters, client.session.counters)
    this.#options.onCountChanged()
    if (this.#clients.size === 0) this.#empty.happened()
  }
}
