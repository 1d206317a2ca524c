import { parametersOf } from '@shared/model/route-path'
import type { Route } from '@shared/model/server-route'
import type { DataOpcode } from '@shared/model/connection'
import { planHandshake, type HandshakePlan } from '../faults/handshake-plan'
import type { RouteHost, RunningBehaviour } from './behaviours/behaviour'
import { runGreeting } from './behaviours/pushing'
import { runBehaviour } from './behaviours/run-behaviour'
import { RouteSockets } from './route-sockets'
import type { ServerClient } from './server-client'

export interface RunningRouteOptions {
  /** Writes a row about a client. */
  readonly note: (clientId: number, text: string) => void
  /** Whether all that clients sent since the last ping was read; else their silence tells nothing. */
  readonly hasRead: (milliseconds: number) => boolean
  /** A client has left so many pings in a row unanswered that it goes. */
  readonly onSilent: (client: ServerClient, route: Route) => void
}

/** One route while its server runs: who is on it, and what is done with them. */
export class RunningRoute {
  readonly clients = new Map<number, ServerClient>()
  readonly sockets: RouteSockets
  /** Clients it has accepted since the server started. */
  accepted = 0
  #asked = 0
  /** How often each fault has struck a handshake. */
  readonly #strikes = new Map<string, number>()
  readonly #options: RunningRouteOptions
  readonly #host: RouteHost
  #route: Route
  #behaviours: RunningBehaviour[]
  #keepAlive: NodeJS.Timeout | undefined

  constructor(route: Route, options: RunningRouteOptions) {
    this.#route = route
    this.#options = options
    this.#host = { clients: () => this.clients.values(), note: options.note }
    this.sockets = new RouteSockets(route)
    this.#behaviours = this.#start(route)
    this.#startKeepAlive()
  }

  get route(): Route {
    return this.#route
  }

  /** Takes over what was edited; clients stay, and are not greeted again. */
  update(route: Route): void {
    const before = this.#route
    this.#route = route
    this.sockets.update(route)
    if (!isSame(doingsOf(before), doingsOf(route))) {
      for (const behaviour of this.#behaviours) behaviour.stop?.()
      this.#behaviours = this.#start(route)
      for (const client of this.clients.values()) this.#begin(client, false)
    }
    if (before.keepAlive.interval !== route.keepAlive.interval) this.#startKeepAlive()
    for (const client of this.clients.values()) client.routeChanged(route)
  }

  /** How its faults answer the next upgrade request. */
  planHandshake(): HandshakePlan {
    const { faults, seed } = this.#route
    const plan = planHandshake(faults, {
      seed,
      client: (this.#asked += 1),
      accepted: this.accepted,
      connected: this.clients.size,
      strikes: this.#strikes,
    })
    for (const { fault } of plan.struck)
      this.#strikes.set(fault.id, (this.#strikes.get(fault.id) ?? 0) + 1)
    return plan
  }

  /** @param isNew whether the client has just opened; else it comes from another route. */
  add(client: ServerClient, isNew: boolean): void {
    this.clients.set(client.id, client)
    this.#begin(client, isNew)
  }

  remove(client: ServerClient): void {
    if (!this.clients.delete(client.id)) return
    for (const behaviour of this.#behaviours) behaviour.gone?.(client)
  }

  /** A client sent a message; the payload is valid only during the call. */
  received(client: ServerClient, opcode: DataOpcode, payload: Uint8Array): void {
    for (const behaviour of this.#behaviours) behaviour.received?.(client, opcode, payload)
  }

  stop(): void {
    clearInterval(this.#keepAlive)
    for (const behaviour of this.#behaviours) behaviour.stop?.()
    this.#behaviours = []
  }

  #start({ path, greeting, behaviours }: Route): RunningBehaviour[] {
    const options = { parameters: parametersOf(path) }
    const running = behaviours.map((behaviour) => runBehaviour(behaviour, this.#host, options))
    return greeting === '' ? running : [runGreeting(greeting, options), ...running]
  }

  #begin(client: ServerClient, isNew: boolean): void {
    for (const behaviour of this.#behaviours) behaviour.opened?.(client, isNew)
  }

  #startKeepAlive(): void {
    clearInterval(this.#keepAlive)
    const { interval } = this.#route.keepAlive
    if (interval <= 0) return
    this.#keepAlive = setInterval(() => {
      if (!this.#options.hasRead(interval)) return
      const { misses } = this.#route.keepAlive
      for (const client of this.clients.values())
        if (!client.keepAlive(misses)) this.#options.onSilent(client, this.#route)
    }, interval)
  }
}

const doingsOf = ({ path, greeting, behaviours }: Route) => ({ path, greeting, behaviours })
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)
