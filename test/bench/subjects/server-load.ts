import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { deferred } from '../deferred'
import { floodBytes, floodText } from '../flood-text'
import { spreadOf } from '../measurement'

/** Bytes of a message as a server sends it, header included (RFC 6455 section 5.2). */
const answerBytes = floodBytes + (floodBytes < 126 ? 2 : 4)

/** Messages on their way at once. */
const inFlight = 512

export interface LoadInput {
  readonly port: number
  readonly clients: number
  readonly messages: number
}

/** One client after the other sends, and all are answered. @returns messages a second. */
export async function echoLoad({ port, messages }: LoadInput): Promise<number> {
  const socket = await open(port)
  const frame = maskedFrame(floodText(0))
  const portion = Buffer.concat(Array.from({ length: inFlight / 2 }, () => frame))
  const began = performance.now()
  let sent = 0
  let received = 0
  const more = () => {
    while (sent < messages && sent - Math.floor(received / answerBytes) <= inFlight / 2) {
      socket.write(portion)
      sent += inFlight / 2
    }
  }
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      more()
      if (received >= sent * answerBytes) resolve()
    })
    more()
  })
  const seconds = (performance.now() - began) / 1000
  socket.destroy()
  return sent / seconds
}

/** One of many clients sends a message to all, again and again. @returns the median, in milliseconds. */
export async function broadcastLoad({ port, clients, messages }: LoadInput): Promise<number> {
  const sockets = await openMany(port, clients)
  const frame = maskedFrame(floodText(0))
  let received = 0
  let all = (): void => undefined
  for (const socket of sockets)
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received >= clients * answerBytes) all()
    })
  const times: number[] = []
  for (let count = 0; count < messages; count += 1) {
    received = 0
    const began = performance.now()
    const heard = new Promise<void>((resolve) => (all = resolve))
    sockets[0]?.write(frame)
    await heard
    times.push(performance.now() - began)
  }
  for (const socket of sockets) socket.destroy()
  return spreadOf(times.slice(messages / 10)).median
}

/** Many clients that only stay: answers once they do, until it is told to `stop`. */
export async function idleLoad({ port, clients }: LoadInput): Promise<null> {
  const sockets = await openMany(port, clients)
  const stopped = deferred()
  process.on('message', (request: string) => {
    process.send?.({ answer: null })
    if (request === 'stop') stopped.resolve()
  })
  process.send?.({ ready: true })
  await stopped.promise
  process.removeAllListeners('message')
  for (const socket of sockets) socket.destroy()
  return null
}

async function openMany(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  while (sockets.length < count)
    sockets.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(50, count - sockets.length) }, () => open(port)),
      )),
    )
  return sockets
}

/** A bare client after its opening handshake. */
async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.setNoDelay()
  socket.write(
    'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const [head] = (await once(socket, 'data')) as [Buffer]
  if (!head.toString('latin1').startsWith('HTTP/1.1 101')) throw new Error(head.toString())
  return socket
}

/** A text masked with zeros, so that its payload stays as it is. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const length =
    payload.length < 126
      ? [0x80 | payload.length]
      : [0x80 | 126, payload.length >> 8, payload.length & 0xff]
  return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload])
}
