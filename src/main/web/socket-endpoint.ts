import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { decodeMessage, encodeMessage, type WireMessage } from '@shared/codec'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Backend } from '../backend'
import { createEventOutbox } from './event-outbox'

/** The subprotocol a page asks for beside its token, and the one it is answered. */
export const rpcProtocol = 'framescope.v1'

/** Longest message accepted: a payload of 64 MiB with everything around it, in bytes. */
export const maxMessageBytes = 80 * 1024 * 1024

/** How long a page may take over the closing handshake, in milliseconds. */
const closeTimeout = 1000

/** What the endpoint needs of the engine. */
export type RpcBackend = Pick<Backend, 'dispatch' | 'onEvent' | 'clientGone'>

/** The engine's door for pages: one client per WebSocket. Who may enter was settled before. */
export interface SocketEndpoint {
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every page that the server goes away (1001). */
  close(): Promise<void>
}

export function createSocketEndpoint(backend: RpcBackend): SocketEndpoint {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(rpcProtocol) && rpcProtocol,
  })
  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (page) => serve(page, backend))
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const page of server.clients) page.close(1001, 'Framescope stops')
      const impatience = setTimeout(() => {
        for (const page of server.clients) page.terminate()
      }, closeTimeout)
      await closed
      clearTimeout(impatience)
    },
  }
}

function serve(page: WebSocket, backend: RpcBackend): void {
  const clientId = randomUUID()
  const send = (message: WireMessage): void => {
    if (page.readyState === page.OPEN) page.send(encodeMessage(message))
  }
  const outbox = createEventOutbox({
    get bufferedAmount() {
      return page.bufferedAmount
    },
    send: (name, payload) => send({ kind: 'event', name, payload }),
  })
  const stopEvents = backend.onEvent((event) => {
    if (event.clientId === null || event.clientId === clientId)
      outbox.push(event.name, event.payload)
  })
  page.on('message', (data, isBinary) => {
    const message = isBinary ? readMessage(data) : undefined
    if (!isBinary) page.close(1003, 'Only binary messages are understood')
    else if (!message) page.close(1007, 'Not a Framescope message')
    else if (message.kind !== 'call') page.close(1008, 'A page may only call')
    else
      void backend.dispatch({ clientId }, message.name, message.input).then((envelope) => {
        send({ kind: 'reply', id: message.id, envelope })
      })
  })
  page.on('close', () => {
    stopEvents()
    outbox.dispose()
    backend.clientGone(clientId)
  })
  // A broken or oversize frame; `close` follows and does what is to be done.
  page.on('error', () => undefined)
}

function readMessage(data: RawData): WireMessage | undefined {
  try {
    return decodeMessage(asBytes(data))
  } catch {
    return undefined
  }
}

function asBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data)
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data
}
