import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createTcpServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import { createWireTap, WireTap } from '../wire/wire-tap'
import { wsOptions } from '../wire/ws-options'
import { listen } from './listening'
import { endpointFor, type ServerPlan } from './presets'

/** Milliseconds a client may take until its upgrade request is complete. */
const upgradePatience = 30_000

/** Milliseconds `ws` waits for the answer to a close frame. */
const closeTimeout = 5_000

/** Longest message accepted from a client, in bytes. */
export const maxPayload = 100 * 1024 * 1024

export interface UpgradeServerOptions {
  readonly perMessageDeflate: boolean
  /** What it does now. */
  readonly plan: () => ServerPlan
  /** A WebSocket was accepted. Called before any of its frames is read. */
  readonly onPeer: (ws: WebSocket, tap: WireTap, request: IncomingMessage) => void
  /** A WebSocket was turned away, because its path has no endpoint. */
  readonly onTurnedAway: (tap: WireTap, request: IncomingMessage) => void
  /** Listening ended by itself. */
  readonly onFailure: (error: Error) => void
}

/**
 * Accepts WebSockets where its plan has an endpoint, each with a tap below it, and answers other
 * requests. As a server for tests it accepts any Origin, and the first subprotocol a client offers.
 */
export class UpgradeServer {
  readonly #options: UpgradeServerOptions
  // Half-open, so that a close frame which comes together with the FIN can still be answered.
  readonly #tcp = createTcpServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
    this.#connected(socket),
  )
  readonly #http = createHttpServer({ keepAliveTimeout: 5_000 })
  readonly #ws: WebSocketServer
  /** Every connection, upgraded or not. */
  readonly #sockets = new Set<Socket>()
  readonly #upgraded = new WeakSet<Socket>()
  readonly #socketOf = new WeakMap<Duplex, Socket>()

  constructor(options: UpgradeServerOptions) {
    this.#options = options
    const serverOptions: ServerOptions & { closeTimeout: number } = {
      ...wsOptions,
      noServer: true,
      clientTracking: false,
      perMessageDeflate: options.perMessageDeflate,
      maxPayload,
      closeTimeout,
      handleProtocols: (offered) => offered.values().next().value ?? false,
    }
    this.#ws = new WebSocketServer(serverOptions)
    this.#http.timeout = upgradePatience
    this.#http.on('request', (request, response) => {
      request.resume()
      const { status, headers, body } = options.plan().plainAnswer
      response.writeHead(status, headers)
      response.end(body)
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
    const tap = createWireTap(socket, { role: 'server' })
    this.#socketOf.set(tap, socket)
    this.#http.emit('connection', tap)
  }

  #upgrade(request: IncomingMessage, tap: Duplex, head: Buffer): void {
    if (!(tap instanceof WireTap)) return
    const plan = this.#options.plan()
    if (!endpointFor(plan, request.url ?? '/')) return this.#turnAway(plan, tap, request)
    tap.beginFrames(head)
    this.#ws.handleUpgrade(request, tap, head, (ws) => {
      const socket = this.#socketOf.get(tap)
      if (socket) this.#upgraded.add(socket)
      this.#options.onPeer(ws, tap, request)
    })
  }

  #turnAway({ otherPaths }: ServerPlan, tap: WireTap, request: IncomingMessage): void {
    this.#options.onTurnedAway(tap, request)
    if (otherPaths === 'destroy') return void tap.destroy()
    const body = 'There is no WebSocket endpoint at this path.\n'
    tap.end(
      'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n' +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
      () => tap.destroySoon(),
    )
  }
}
