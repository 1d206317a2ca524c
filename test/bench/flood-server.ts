import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { floodBytes, floodText, floodTexts } from './flood-text'

/**
 * Runs as a process of its own: answers the opening handshake by hand and sends the number of
 * messages that the path names (`/2000000`) from one block of frames encoded beforehand, then a
 * close frame. It does nothing per message, so the client is what is measured. With `?rate=50000` it
 * sends that many a second; `/0` sends without end.
 */

/** Milliseconds between two portions of a flood with a rate. */
const portionInterval = 2

const block = encodeBlock()
const frameBytes = block.byteLength / floodTexts

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  let head = ''
  socket.on('data', (chunk) => {
    // After the handshake nothing but the answer to the close frame, or a close frame, comes in.
    if (head.includes('\r\n\r\n')) return void socket.end()
    head += chunk.toString('latin1')
    if (head.includes('\r\n\r\n')) answer(socket, head)
  })
})

server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit())

function answer(socket: Socket, head: string): void {
  const key = /^sec-websocket-key: *(.*)$/im.exec(head)?.[1]?.trim() ?? ''
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  )
  const [, messages, rate] = /^GET \/(\d+)(?:\?rate=(\d+))? /.exec(head) ?? []
  const total = Number(messages) || Infinity
  if (rate) trickle(socket, total, Number(rate))
  else flood(socket, total)
}

function flood(socket: Socket, messages: number): void {
  let left = messages
  const pump = () => {
    while (left > 0 && !socket.destroyed && !socket.writableEnded) {
      const frames = Math.min(left, floodTexts)
      left -= frames
      if (!socket.write(block.subarray(0, frames * frameBytes))) return
    }
    socket.off('drain', pump)
    close(socket)
  }
  socket.on('drain', pump)
  pump()
}

/** Sends at an even rate, making up for timers that come late. */
function trickle(socket: Socket, messages: number, rate: number): void {
  const start = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    if (socket.destroyed || socket.writableEnded) return clearInterval(timer)
    const due = Math.min(messages, Math.floor(((performance.now() - start) / 1000) * rate))
    while (sent < due) {
      const from = sent % floodTexts
      const frames = Math.min(due - sent, floodTexts - from)
      socket.write(block.subarray(from * frameBytes, (from + frames) * frameBytes))
      sent += frames
    }
    if (sent < messages) return
    clearInterval(timer)
    close(socket)
  }, portionInterval)
}

function close(socket: Socket): void {
  if (!socket.destroyed && !socket.writableEnded) socket.write(Uint8Array.of(0x88, 2, 0x03, 0xe8))
}

/** Unmasked text frames (RFC 6455 section 5.2), each with its number in the block. */
function encodeBlock(): Buffer {
  const frames: Buffer[] = []
  for (let index = 0; index < floodTexts; index += 1)
    frames.push(
      Buffer.from([0x81, 126, floodBytes >> 8, floodBytes & 0xff]),
      Buffer.from(floodText(index)),
    )
  return Buffer.concat(frames)
}
