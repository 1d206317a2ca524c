import { once } from 'node:events'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { planWith, serverProfile } from '../../../../test/support/server-profile'
import { SegmentLog } from '../frame-log/segment-log'
import { LocalServer } from './local-server'

const log = new SegmentLog({ id: 'server', folder: null })
const server = new LocalServer({
  log,
  profile: serverProfile({ plan: planWith('broadcast') }),
  onChanged: () => undefined,
  onClientsChanged: () => undefined,
})

beforeAll(async () => void (await server.start()))
afterAll(() => server.dispose())

const upgrade =
  'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'

/** Something is put in the place of a part of the request. */
const spoiled = fc
  .tuple(fc.nat(upgrade.length), fc.nat(30), fc.string({ unit: 'binary', maxLength: 30 }))
  .map(([from, length, put]) =>
    Buffer.from(upgrade.slice(0, from) + put + upgrade.slice(from + length), 'latin1'),
  )
const bytes = fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array))
const framesAfterUpgrade = bytes.map((frames) => Buffer.concat([Buffer.from(upgrade), frames]))

/** Sends bytes in pieces, then the end. Resolves when the server has let go of the socket. */
async function play(input: Buffer, cut: number): Promise<void> {
  const socket = connect(server.state.port ?? 0, '127.0.0.1')
  socket.on('error', () => {})
  socket.resume()
  const at = input.length === 0 ? 0 : cut % input.length
  socket.write(input.subarray(0, at))
  socket.end(input.subarray(at))
  const closed = once(socket, 'close')
  setTimeout(() => socket.destroy(), 300).unref()
  await closed
}

it('goes on serving whatever bytes come instead of a handshake or of frames', async () => {
  await fc.assert(fc.asyncProperty(fc.oneof(bytes, spoiled, framesAfterUpgrade), fc.nat(), play), {
    numRuns: 250,
  })
  const client = new WebSocket(`ws://127.0.0.1:${server.state.port}/`)
  await once(client, 'open')
  client.send('still here')
  const [data] = (await once(client, 'message')) as [Buffer]
  expect(data.toString()).toBe('still here')
  client.terminate()
  await expect.poll(() => server.state.clients).toBe(0)
}, 60_000)
