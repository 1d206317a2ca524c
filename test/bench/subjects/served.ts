import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { planOf } from '@shared/model/server-presets'
import { WebSocketServer } from 'ws'
import { LocalServer } from '../../../src/main/engine/local-server/local-server'
import { serverProfile } from '../../support/server-profile'
import { deferred } from '../deferred'
import { startEngine } from './engine'
import { memoryInUse } from './memory-per-message'

export interface ServedInput {
  readonly preset: 'echo' | 'broadcast'
}

/** A bare `ws` server that does as the preset of the local server. */
export async function servedBare({ preset }: ServedInput): Promise<null> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data, binary) => {
      if (preset === 'echo') socket.send(data, { binary })
      else for (const client of server.clients) client.send(data, { binary })
    })
  })
  await once(server, 'listening')
  await serve((server.address() as AddressInfo).port)
  for (const client of server.clients) client.terminate()
  server.close()
  return null
}

/** The local server, its log on disk, with a live view. */
export async function servedEngine({ preset }: ServedInput): Promise<null> {
  const engine = await startEngine()
  const server = new LocalServer({
    log: engine.log,
    profile: serverProfile({ plan: planOf(preset) }),
    onChanged: (state) => structuredClone(state),
    onClientsChanged: () => undefined,
  })
  const { port } = await server.start()
  await serve(port ?? 0)
  await server.stop()
  await engine.dispose()
  return null
}

/** Answers `port` and `memory` until it is told to `stop`. */
async function serve(port: number): Promise<void> {
  const stopped = deferred()
  process.on('message', (request: string) => {
    void (async () => {
      const answer = request === 'port' ? port : request === 'memory' ? await memoryInUse() : null
      process.send?.({ answer })
      if (request === 'stop') stopped.resolve()
    })()
  })
  process.send?.({ ready: true })
  await stopped.promise
  process.removeAllListeners('message')
}
