import type { Socket } from 'node:net'
import { frame } from './bare'
import { wsServer } from './polite'
import type { TestServer } from './test-server'

/** A server that encodes what it sends beforehand, so that nothing but the client takes time. */
export interface FloodServer extends TestServer {
  /** Sends more to everybody who is connected. */
  send(messages: readonly (string | Uint8Array)[]): void
}

/** Sends these messages to every client as soon as it is connected: text frames and binary ones. */
export async function flood(messages: readonly (string | Uint8Array)[] = []): Promise<FloodServer> {
  const first = encode(messages)
  const sockets = new Set<Socket>()
  const server = await wsServer((ws, { socket }) => {
    sockets.add(socket)
    ws.on('close', () => sockets.delete(socket))
    socket.write(first)
  })
  return {
    ...server,
    send(more) {
      const bytes = encode(more)
      for (const socket of sockets) socket.write(bytes)
    },
  }
}

function encode(messages: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    messages.map((payload) => frame({ opcode: typeof payload === 'string' ? 1 : 2, payload })),
  )
}
