import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A server on a free port of 127.0.0.1. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Cuts what is connected and frees the port. */
  close(): Promise<void>
}

/** Listens on port 0 and remembers the connections, so that `close` can end them. */
export async function listen(server: Server | HttpServer, scheme = 'ws'): Promise<TestServer> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

/** A URL at which nothing answers: the port was free a moment ago. */
export async function nobodyAt(): Promise<string> {
  const { url, close } = await listen(createServer())
  await close()
  return url
}
