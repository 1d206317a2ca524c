import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Route } from '@shared/model/server-route'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import { wsOptions } from '../wire/ws-options'
import { chooseProtocol } from './admission'

/** Milliseconds `ws` waits for the answer to a close frame. */
const closeTimeout = 5_000

/** Does the opening handshake for one route: what `ws` must know is fixed when it is made. */
export class RouteSockets {
  #route: Route
  #server: WebSocketServer
  /** Of requests whose answer faults change. */
  readonly #alterations = new WeakMap<IncomingMessage, (lines: string[]) => void>()

  constructor(route: Route) {
    this.#route = route
    this.#server = this.#serverOf(route)
  }

  /** For handshakes from now on. */
  update(route: Route): void {
    const changed = JSON.stringify(optionsOf(route)) !== JSON.stringify(optionsOf(this.#route))
    this.#route = route
    if (changed) this.#server = this.#serverOf(route)
  }

  /**
   * Answers an upgrade request with 101, or as RFC 6455 section 4.2 wants it when the request is wrong.
   * @param alterHead changes the lines of the 101.
   */
  accept(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    alterHead: (lines: string[]) => void,
    onOpen: (ws: WebSocket) => void,
  ): void {
    this.#alterations.set(request, alterHead)
    this.#server.handleUpgrade(request, socket, head, onOpen)
  }

  #serverOf(route: Route): WebSocketServer {
    const server = serverOf(route)
    server.on('headers', (lines, request) => this.#alterations.get(request)?.(lines))
    return server
  }
}

const optionsOf = ({ deflate, protocols, maxPayload }: Route) => ({
  deflate,
  protocols,
  maxPayload,
})

function serverOf(route: Route): WebSocketServer {
  const { deflate, maxPayload } = route
  const options: ServerOptions & { closeTimeout: number } = {
    ...wsOptions,
    noServer: true,
    clientTracking: false,
    maxPayload,
    closeTimeout,
    perMessageDeflate: deflate.enabled && {
      serverNoContextTakeover: deflate.serverNoContextTakeover,
      clientNoContextTakeover: deflate.clientNoContextTakeover,
      threshold: deflate.threshold,
    },
    handleProtocols: (offered) => chooseProtocol(route, [...offered]) ?? false,
  }
  return new WebSocketServer(options)
}
