import { createServer as createHttpServer } from 'node:http'
import { createServer, type Socket } from 'node:net'
import { opcodes } from '../../src/main/engine/wire/frame-header'
import { FrameParser } from '../../src/main/engine/wire/frame-parser'
import { bareServer, closePayload, frame, scripted, switchingProtocols } from './bare'
import { listen, type TestServer } from './test-server'

/** Refuses every request with 401, a repeated header and a body. */
export function refuse401(body = 'no token, no frames\n'): Promise<TestServer> {
  return listen(
    createHttpServer().on('upgrade', (_request, socket) => {
      socket.on('error', () => undefined)
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer realm="test"\r\n' +
          'X-Repeated: one\r\nX-Repeated: two\r\nContent-Type: text/plain; charset=utf-8\r\n' +
          `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      )
    }),
  )
}

/** Refuses with a head and then a body that never ends. */
export function endlessRefusal(): Promise<TestServer> {
  return bareServer(({ socket }) => {
    socket.resume()
    socket.write('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 1000\r\n\r\nbusy')
  })
}

/** Redirects every request, by default with 302. Where to may depend on how many came before. */
export function redirects(
  location: string | ((count: number) => string),
  status = 302,
): Promise<TestServer> {
  let count = 0
  return bareServer(({ socket }) => {
    const target = typeof location === 'string' ? location : location(count++)
    socket.end(`HTTP/1.1 ${status} Found\r\nLocation: ${target}\r\nContent-Length: 0\r\n\r\n`)
  })
}

/** Takes the request and never answers. */
export function slowHandshake(): Promise<TestServer> {
  return bareServer(({ socket }) => void socket.resume())
}

/** Accepts TCP connections and never reads, so that a TLS handshake gets nowhere. */
export function slowAccept(): Promise<TestServer> {
  return listen(createServer({ pauseOnConnect: true }), 'wss')
}

/** Answers 101 with the wrong Sec-WebSocket-Accept. */
export function wrongAccept(): Promise<TestServer> {
  return bareServer(({ head, socket }) => {
    socket.resume()
    socket.write(switchingProtocols(head).replace(/Accept: .*\r/, 'Accept: bm90IHRoZSBrZXk=\r'))
  })
}

/** Upgrades, closes with this code and reason, and ends the connection when answered. */
export function closeWith(code: number | null, reason = ''): Promise<TestServer> {
  const payload = code === null ? '' : closePayload(code, reason)
  return scripted(frame({ opcode: 8, payload }), { then: endWhenAnswered })
}

/** Upgrades and resets the connection (RST). */
export function resets(after = 20): Promise<TestServer> {
  return scripted([], { then: (socket) => setTimeout(() => socket.resetAndDestroy(), after) })
}

/** Upgrades and ends the connection without a close frame (FIN). */
export function endsWithoutClose(): Promise<TestServer> {
  return scripted([], { then: (socket) => setTimeout(() => socket.end(), 20) })
}

/** Upgrades, reads everything and answers nothing, not even a close frame. */
export function noCloseReply(): Promise<TestServer> {
  return scripted([])
}

/** Upgrades and then reads no byte more. */
export function neverReads(): Promise<TestServer> {
  return scripted([], { then: (socket) => void socket.pause() })
}

/** Answers with something that is no HTTP. */
export function speaksNoHttp(): Promise<TestServer> {
  return bareServer(({ socket }) => socket.end('220 mail.example ESMTP\r\n'))
}

/** Closes every connection as soon as it has sent its request. */
export function hangsUp(): Promise<TestServer> {
  return bareServer(({ socket }) => socket.end())
}

/** Ends the connection when the client's close frame has come, and not before. */
export function endWhenAnswered(socket: Socket): void {
  const parser = new FrameParser(
    { sender: 'client', deflate: true, keepStarts: false },
    ({ header }) => {
      if (((header >> 8) & 0x0f) === opcodes.close) socket.end()
    },
  )
  socket.on('data', (chunk) => parser.feed(chunk, 0))
}
