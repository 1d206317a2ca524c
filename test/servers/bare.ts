import { createHash } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { listen, type TestServer } from './test-server'

/** A request head as a bare-socket server read it, and the bytes that came with it. */
export interface BareRequest {
  readonly head: string
  /** What followed the head in the same chunk. */
  readonly rest: Buffer
  readonly socket: Socket
}

/** A TCP server that reads one request head per connection and leaves the rest to `respond`. */
export function bareServer(respond: (request: BareRequest) => void): Promise<TestServer> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let received = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.off('data', onData)
      const head = received.toString('latin1', 0, end + 4)
      respond({ head, rest: received.subarray(end + 4), socket })
    }
    socket.on('data', onData)
  })
  return listen(server)
}

/** The 101 that fits the request, with more header lines if wanted (each without line break). */
export function switchingProtocols(head: string, ...lines: string[]): string {
  const key = /^sec-websocket-key: *(.+?) *\r$/im.exec(head)?.[1] ?? ''
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64')
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    ...lines,
    '',
    '',
  ].join('\r\n')
}

export interface FrameParts {
  readonly fin?: boolean
  readonly rsv1?: boolean
  readonly rsv2?: boolean
  readonly rsv3?: boolean
  readonly opcode: number
  readonly payload?: Uint8Array | string
  /** Masks the payload with this key. */
  readonly mask?: readonly [number, number, number, number]
  /** Writes the length in this many extra bytes, shortest form or not. */
  readonly lengthBytes?: 0 | 2 | 8
}

/** A frame byte for byte as told, whether or not RFC 6455 allows it. */
export function frame(parts: FrameParts): Buffer {
  const { fin = true, rsv1 = false, rsv2 = false, rsv3 = false, opcode, mask } = parts
  const payload = Buffer.from(parts.payload ?? '')
  const { length } = payload
  const lengthBytes = parts.lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8)
  const header = Buffer.alloc(2 + lengthBytes)
  header[0] = (fin ? 0x80 : 0) | (rsv1 ? 0x40 : 0) | (rsv2 ? 0x20 : 0) | (rsv3 ? 0x10 : 0) | opcode
  header[1] = (mask ? 0x80 : 0) | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127)
  if (lengthBytes === 2) header.writeUInt16BE(length, 2)
  if (lengthBytes === 8) header.writeBigUInt64BE(BigInt(length), 2)
  if (!mask) return Buffer.concat([header, payload])
  const masked = payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))
  return Buffer.concat([header, Buffer.from(mask), masked])
}

/** The payload of a close frame. */
export function closePayload(code: number, reason: Uint8Array | string = ''): Buffer {
  const head = Buffer.alloc(2)
  head.writeUInt16BE(code)
  return Buffer.concat([head, Buffer.from(reason)])
}

/** Upgrades every connection and sends these bytes, in the same write as the 101 or after it. */
export function scripted(
  bytes: Buffer | readonly Buffer[],
  options: {
    readonly withUpgrade?: boolean
    readonly lines?: readonly string[]
    readonly then?: (socket: Socket) => void
  } = {},
): Promise<TestServer> {
  const { withUpgrade = false, lines = [], then } = options
  return bareServer(({ head, socket }) => {
    const answer = Buffer.from(switchingProtocols(head, ...lines), 'latin1')
    const parts = Array.isArray(bytes) ? (bytes as readonly Buffer[]) : [bytes as Buffer]
    socket.resume()
    if (withUpgrade) socket.write(Buffer.concat([answer, ...parts]))
    else {
      socket.write(answer)
      for (const part of parts) socket.write(part)
    }
    then?.(socket)
  })
}

/** A TCP server that does with each connection what it is told. */
export function listening(
  onConnection: (socket: Socket) => void,
  scheme: 'ws' | 'wss' = 'ws',
): Promise<TestServer> {
  return listen(createServer(onConnection), scheme)
}
