import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { defaultConfig } from '@shared/model/connection'
import { LocalServer } from '../../../src/main/engine/local-server/local-server'
import { dial } from '../../../src/main/engine/session/dial'
import { serverProfile } from '../../support/server-profile'
import { deferred } from '../deferred'
import { floodText } from '../flood-text'
import { spreadOf } from '../measurement'
import { startEngine } from './engine'

export interface EchoInput {
  readonly rounds: number
}

const message = Buffer.from(floodText(0))

/** A bare `ws` client and a bare `ws` server in one process. @returns milliseconds of a round trip. */
export async function echoBare({ rounds }: EchoInput): Promise<number> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await once(socket, 'open')
  const median = await roundTrips(rounds, (answered) => {
    socket.on('message', answered)
    return () => socket.send(message, { binary: false })
  })
  socket.terminate()
  server.close()
  return median
}

/** Session and local server in one process, both with their log on disk and a live view. */
export async function echoEngine({ rounds }: EchoInput): Promise<number> {
  const ends = [await startEngine(), await startEngine()] as const
  const server = new LocalServer({
    log: ends[0].log,
    profile: serverProfile(),
    onChanged: () => undefined,
    onClientsChanged: () => undefined,
  })
  const { urls } = await server.start()
  const opened = deferred()
  let answered = (): void => undefined
  const session = dial({
    config: { ...defaultConfig(urls[0] ?? ''), perMessageDeflate: false },
    secrets: () => undefined,
    log: ends[1].log,
    listener: { onOpen: () => opened.resolve(), onMessage: () => answered() },
  })
  await opened.promise
  const median = await roundTrips(rounds, (listener) => {
    answered = listener
    return () => void session.send('text', message)
  })
  session.terminate()
  await server.stop()
  for (const end of ends) await end.dispose()
  return median
}

/** One after the other; the first tenth warms up. @returns the median, in milliseconds. */
function roundTrips(
  rounds: number,
  connect: (answered: () => void) => () => void,
): Promise<number> {
  const times: number[] = []
  return new Promise((resolve) => {
    let sent = 0
    const next = () => {
      sent = performance.now()
      send()
    }
    const send = connect(() => {
      times.push(performance.now() - sent)
      if (times.length === rounds) resolve(spreadOf(times.slice(rounds / 10)).median)
      else next()
    })
    next()
  })
}
