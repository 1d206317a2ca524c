import { readFileSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { join } from 'node:path'
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws'
import { listen, type TestServer } from './test-server'

const fixtures = join(import.meta.dirname, '../fixtures/tls')

/** The self-signed certificate of `tlsSelfSigned`, in PEM. */
export function selfSignedCertificate(): { readonly key: string; readonly cert: string } {
  return {
    key: readFileSync(join(fixtures, 'self-signed.key'), 'utf8'),
    cert: readFileSync(join(fixtures, 'self-signed.crt'), 'utf8'),
  }
}

/** A `ws` server that does with each connection what it is told. */
export function wsServer(
  onConnection: (ws: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions = {},
): Promise<TestServer> {
  const server = createHttpServer()
  serveOn(server, onConnection, options)
  return listen(server)
}

/** Sends every message back as it came. */
export function echo(options: ServerOptions = {}): Promise<TestServer> {
  return wsServer(sendBack, options)
}

/** Sends every client the request it saw, as JSON: `{ url, rawHeaders }`. */
export function headersEcho(options: ServerOptions = {}): Promise<TestServer> {
  return wsServer(
    (ws, { url, rawHeaders }) => ws.send(JSON.stringify({ url, rawHeaders })),
    options,
  )
}

/** An echo server over TLS whose certificate nobody trusts. */
export function tlsSelfSigned(options: ServerOptions = {}): Promise<TestServer> {
  const server = createHttpsServer(selfSignedCertificate())
  server.on('tlsClientError', () => undefined)
  serveOn(server, sendBack, options)
  return listen(server, 'wss')
}

function serveOn(
  server: ReturnType<typeof createHttpServer> | ReturnType<typeof createHttpsServer>,
  onConnection: (ws: WebSocket, request: IncomingMessage) => void,
  options: ServerOptions,
): void {
  new WebSocketServer({ ...options, server }).on('connection', (ws, request) => {
    ws.on('error', () => undefined)
    onConnection(ws, request)
  })
}

function sendBack(ws: WebSocket): void {
  ws.on('message', (data, binary) => ws.send(data, { binary }))
}
