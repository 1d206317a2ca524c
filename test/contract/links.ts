import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { vi } from 'vitest'
import type { WireMessage } from '@shared/codec'
import { AppError } from '@shared/errors'
import type { Envelope, Transport } from '@shared/transport'
import type { Backend } from '../../src/main/backend'
import { createSocketEndpoint } from '../../src/main/web/socket-endpoint'
import { createWebTransport } from '../../src/renderer/api/web-transport'

/** One way between interfaces and an engine. */
export interface Link {
  /** A new client, as each window or page is one. */
  connect(): Promise<Transport>
  /** The engine ends while calls are under way. */
  die(): Promise<void>
  close(): Promise<void>
}

export const links: readonly { name: string; open(backend: Backend): Promise<Link> }[] = [
  { name: 'in process', open: (backend) => Promise.resolve(direct(backend, (value) => value)) },
  {
    name: 'structured clone, as Electron does it',
    open: (backend) => Promise.resolve(direct(backend, structuredClone)),
  },
  { name: 'a message channel', open: (backend) => Promise.resolve(channels(backend)) },
  { name: 'a WebSocket, as the browser host does it', open: sockets },
]

let clients = 0
const newClientId = () => `client-${(clients += 1)}`

function direct(backend: Backend, carry: <Value>(value: Value) => Value): Link {
  return {
    connect() {
      const clientId = newClientId()
      return Promise.resolve({
        call: async (name, input) =>
          carry(await backend.dispatch({ clientId }, name, carry(input))),
        on: (listener) =>
          backend.onEvent((event) => {
            if (event.clientId === null || event.clientId === clientId)
              listener(event.name, carry(event.payload))
          }),
        onConnectedChange: () => () => undefined,
      })
    },
    die: () => backend.dispose(),
    close: () => Promise.resolve(),
  }
}

function channels(backend: Backend): Link {
  const ports: MessagePort[] = []
  return {
    connect() {
      const { port1: near, port2: far } = new MessageChannel()
      ports.push(far)
      servePort(backend, far)
      return Promise.resolve(portTransport(near))
    },
    die: () => Promise.resolve(ports.forEach((port) => port.close())),
    close: () => Promise.resolve(ports.forEach((port) => port.close())),
  }
}

function servePort(backend: Backend, port: MessagePort): void {
  const clientId = newClientId()
  const stop = backend.onEvent(({ clientId: addressee, name, payload }) => {
    if (addressee === null || addressee === clientId)
      port.postMessage({ kind: 'event', name, payload } satisfies WireMessage)
  })
  port.on('message', (message: WireMessage) => {
    if (message.kind !== 'call') return
    void backend.dispatch({ clientId }, message.name, message.input).then((envelope) => {
      port.postMessage({ kind: 'reply', id: message.id, envelope } satisfies WireMessage)
    })
  })
  port.on('close', () => {
    stop()
    backend.clientGone(clientId)
  })
}

function portTransport(port: MessagePort): Transport {
  const pending = new Map<
    number,
    { resolve: (envelope: Envelope) => void; reject: (error: AppError) => void }
  >()
  const listeners = new Set<(name: string, payload: unknown) => void>()
  let calls = 0
  port.on('message', (message: WireMessage) => {
    if (message.kind === 'event')
      for (const listener of listeners) listener(message.name, message.payload)
    if (message.kind === 'reply') pending.get(message.id)?.resolve(message.envelope)
  })
  port.on('close', () => {
    for (const call of pending.values()) call.reject(new AppError('BACKEND_GONE', 'Closed.'))
  })
  return {
    call(name, input) {
      return new Promise((resolve, reject) => {
        const id = (calls += 1)
        pending.set(id, { resolve, reject })
        port.postMessage({ kind: 'call', id, name, input } satisfies WireMessage)
      })
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onConnectedChange: () => () => undefined,
  }
}

/** Both ends are the product's own; who may enter is tested elsewhere. */
async function sockets(backend: Backend): Promise<Link> {
  const endpoint = createSocketEndpoint(backend)
  const server = createServer()
  server.on('upgrade', (request, socket, head) => endpoint.accept(request, socket, head))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.unstubAllGlobals()

  async function close(): Promise<void> {
    // The page's transport comes back for ever; here it must not.
    vi.stubGlobal('WebSocket', class extends EventTarget {})
    await endpoint.close()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    connect() {
      const transport = createWebTransport(`ws://127.0.0.1:${port}/rpc`, 'unused')
      return new Promise((resolve) => {
        const stop = transport.onConnectedChange(() => {
          stop()
          resolve(transport)
        })
      })
    },
    die: close,
    close,
  }
}
