import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A client of the local server that is no part of the app. */
export interface OutsideClient {
  readonly socket: WebSocket
  /** What came in, in order. */
  readonly received: readonly string[]
  /** As the server sees it: `127.0.0.1:port`. */
  readonly address: string
  /** Code and reason, once it is closed. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Connects and waits until it is open. */
export async function connectClient(url: string, protocols: string[] = []): Promise<OutsideClient> {
  const socket = new WebSocket(url, protocols)
  const received: string[] = []
  let address = ''
  socket.on('upgrade', ({ socket: { localPort } }) => (address = `127.0.0.1:${localPort}`))
  socket.on('message', (data: Buffer) => received.push(data.toString()))
  socket.on('error', () => undefined)
  const closed = once(socket, 'close').then(([code, reason]) => ({
    code: code as number,
    reason: String(reason),
  }))
  await once(socket, 'open')
  return { socket, received, address, closed }
}
