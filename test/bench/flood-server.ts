import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'

/**
 * Runs as a process of its own: answers the opening handshake by hand and sends the number of
 * messages that the path names (`/2000000`) from one block of frames encoded beforehand, then a
 * close frame. It does nothing per message, so the client is what is measured.
 */

const payloadBytes = 128
const framesPerBlock = 512

const block = encodeBlock()
const frameBytes = block.byteLength / framesPerBlock

const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  let head = ''
  socket.on('data', (chunk) => {
    // After the handshake nothing but the answer to the close frame comes in.
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
  flood(socket, Number(/^GET \/(\d+) /.exec(head)?.[1] ?? 0))
}

function flood(socket: Socket, messages: number): void {
  let left = messages
  const pump = () => {
    while (left > 0 && !socket.destroyed) {
      const frames = Math.min(left, framesPerBlock)
      left -= frames
      if (!socket.write(block.subarray(0, frames * frameBytes))) return
    }
    socket.off('drain', pump)
    if (!socket.destroyed) socket.write(Uint8Array.of(0x88, 2, 0x03, 0xe8))
  }
  socket.on('drain', pump)
  pump()
}

/** Unmasked text frames of 128 bytes (RFC 6455 section 5.2), each with its number in the block. */
function encodeBlock(): Buffer {
  const frames: Buffer[] = []
  for (let index = 0; index < framesPerBlock; index += 1) {
    const text = `{"type":"trade","symbol":"ACME","sequence":${index},"note":"`
    const payload = Buffer.from(`${text.padEnd(payloadBytes - 2, 'x')}"}`)
    frames.push(Buffer.from([0x81, 126, payloadBytes >> 8, payloadBytes & 0xff]), payload)
  }
  return Buffer.concat(frames)
}
