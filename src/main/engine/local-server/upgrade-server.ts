import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  createSecureContext,
  TLSSocket,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import type { ServerPlan } from '@shared/model/server-route'
import type { WebSocket } from 'ws'
import type { HandshakePlan } from '../faults/handshake-plan'
import { createWireTap, WireTap } from '../wire/wire-tap'
import { admit } from './admission'
import { answerPlainly, answerText } from './http-answers'
import { listen } from './listening'
import type { RunningRoute } from './running-route'

/** Milliseconds a client may take until its upgrade request is complete. */
const upgradePatience = 30_000

export interface UpgradeServerOptions {
  /** What it does now. */
  readonly plan: () => ServerPlan
  /** Origins that are let in; `null` for any. */
  readonly origins: readonly string[] | null
  /** Certificate and key; `null` for a server without TLS. */
  readonly tls: SecureContextOptions | null
  /** Of a folder that may be served; `null` for one that may not. */
  readonly folderPath: (folderId: string) => string | null
  readonly route: (routeId: string) => RunningRoute | undefined
  /** A WebSocket was accepted. Called before any of its frames is read. */
  readonly onPeer: (
    ws: WebSocket,
    tap: WireTap,
    request: IncomingMessage,
    route: RunningRoute,
  ) => void
  /** A fault of a route struck the handshake. */
  readonly onFault: (tap: WireTap, text: string) => void
  /** A TLS handshake failed. */
  readonly onTlsFailure: (socket: Socket, error: Error) => void
  /** A WebSocket was turned away. */
  readonly onTurnedAway: (tap: WireTap, because: string) => void
  /** Listening ended by itself. */
  readonly onFailure: (error: Error) => void
}

/**
 * Accepts WebSockets where its plan has a route, each with a tap below it, and answers other requests.
 */
export class UpgradeServer {
  readonly #options: UpgradeServerOptions
  // Half-open, so that a close frame which comes together with the FIN can still be answered.
  readonly #tcp = createTcpServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
    this.#connected(socket),
  )
  readonly #secureContext: SecureContext | null
  readonly #http = createHttpServer({ keepAliveTimeout: 5_000 })
  /** Every connection, upgraded or not. */
  readonly #sockets = new Set<Socket>()
  readonly #upgraded = new WeakSet<Socket>()
  readonly #socketOf = new WeakMap<Duplex, Socket>()

  constructor(options: UpgradeServerOptions) {
    this.#options = options
    this.#secureContext = options.tls && createSecureContext(options.tls)
    this.#http.timeout = upgradePatience
    this.#http.on('request', (request, response) => {
      answerPlainly(options.plan(), request, response, options.folderPath).catch(() =>
        response.destroy(),
      )
    })
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
  }

  /** @throws {AppError} PORT_IN_USE with `details.nextFree`, LISTEN_FAILED. */
  async listen(
    port: number,
    allInterfaces: boolean,
  ): Promise<{ readonly port: number; readonly ipv6: boolean }> {
    const listening = await listen(this.#tcp, port, allInterfaces)
    this.#tcp.on('error', (error) => this.#options.onFailure(error))
    return listening
  }

  /** Frees the port and drops every connection that is not a WebSocket. */
  stopListening(): void {
    this.#tcp.close()
    for (const socket of this.#sockets) if (!this.#upgraded.has(socket)) socket.destroy()
  }

  /** Destroys what is left and resolves when every socket is closed. */
  async destroy(): Promise<void> {
    const closed = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', () => resolve())),
    )
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(closed)
    if (this.#tcp.listening) await new Promise((resolve) => this.#tcp.close(resolve))
  }

  #connected(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const tap = createWireTap(this.#secured(socket), { role: 'server', transport: socket })
    this.#socketOf.set(tap, socket)
    this.#http.emit('connection', tap)
  }

  #secured(socket: Socket): Socket {
    if (!this.#secureContext) return socket
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#secureContext,
      ALPNProtocols: ['http/1.1'],
    })
    const onError = (error: Error) => this.#options.onTlsFailure(socket, error)
    secured.once('error', onError)
    secured.once('secure', () => secured.removeListener('error', onError))
    return secured
  }

  #upgrade(request: IncomingMessage, tap: Duplex, head: Buffer): void {
    if (!(tap instanceof WireTap)) return
    const admission = admit(this.#options.plan(), this.#options.origins, request)
    if (admission.kind !== 'route') {
      this.#options.onTurnedAway(tap, admission.because)
      if (admission.kind === 'destroy') tap.destroy()
      else tap.end(answerText(admission.answer), () => tap.destroySoon())
      return
    }
    const route = this.#options.route(admission.route.id)
    if (!route) return void tap.destroy()
    tap.beginFrames(head)
    const plan = route.planHandshake()
    for (const { text } of plan.struck) this.#options.onFault(tap, text)
    if (plan.delay === 0) this.#answer(plan, route, request, tap, head)
    else
      setTimeout(() => {
        if (!tap.destroyed) this.#answer(plan, route, request, tap, head)
      }, plan.delay).unref()
  }

  #answer(
    { answer, garbage, alterHead }: HandshakePlan,
    route: RunningRoute,
    request: IncomingMessage,
    tap: WireTap,
    head: Buffer,
  ): void {
    if (garbage ?? answer)
      return void tap.end(garbage ?? (answer && answerText(answer)), () => tap.destroySoon())
    route.sockets.accept(request, tap, head, alterHead, (ws) => {
      const socket = this.#socketOf.get(tap)
      if (socket) this.#upgraded.add(socket)
      route.accepted += 1
      this.#options.onPeer(ws, tap, request, route)
    })
  }
}
