import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { AppError } from '@shared/errors'
import type { Backend } from '../backend'
import type { Logger } from '../logging/logger'
import { bundleResponse, textResponse, type PageResponse } from '../page/bundle-response'
import { isAccessToken } from './access-token'
import { ownAddresses, type OwnAddresses } from './own-addresses'
import { createSocketEndpoint, rpcProtocol, type RpcBackend } from './socket-endpoint'

/** Only this machine can reach the server. */
const address = '127.0.0.1'

const rpcPath = '/rpc'

export interface WebServerOptions {
  /** Folder of the built page. */
  readonly root: string
  /** 0 lets the system pick one. */
  readonly port: number
  readonly token: string
  readonly backend: RpcBackend & Pick<Backend, 'settings'>
  readonly log: Logger
}

export interface WebServer {
  readonly port: number
  /** Where to open the page, token included. */
  readonly url: string
  /** Closes every page's socket with 1001 and stops listening. */
  close(): Promise<void>
}

/**
 * Serves the page and its WebSocket to browsers on this machine.
 * @throws {AppError} PORT_IN_USE, LISTEN_FAILED.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const server = createServer()
  const port = await listen(server, options.port)
  const own = ownAddresses(port)
  const endpoint = createSocketEndpoint(options.backend)

  server.on('request', (request, response) => {
    void answer(request, own, options)
      .catch((error: unknown) => {
        options.log.error('A request could not be answered', error)
        return textResponse(500, 'The page could not be read.\n')
      })
      .then((result) => write(response, result, request.method === 'HEAD'))
  })
  server.on('upgrade', (request, socket, head) => {
    const refusal = refuseUpgrade(request, own, options.token)
    if (refusal) writeRefusal(socket, refusal)
    else endpoint.accept(request, socket, head)
  })

  return {
    port,
    url: `http://${address}:${port}/#token=${options.token}`,
    async close() {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()))
      await endpoint.close()
      server.closeAllConnections()
      await stopped
    },
  }
}

async function answer(
  request: IncomingMessage,
  own: OwnAddresses,
  { root, backend }: WebServerOptions,
): Promise<PageResponse> {
  if (!own.isOwnHost(request.headers.host))
    return textResponse(421, 'This server answers only to its own address.\n')
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return withHeader(textResponse(405, 'Only GET and HEAD.\n'), 'Allow', 'GET, HEAD')
  const target = request.url ?? ''
  if (pathOf(target) === rpcPath)
    return withHeader(textResponse(426, 'A WebSocket lives here.\n'), 'Upgrade', 'websocket')
  return bundleResponse(root, target, backend.settings())
}

/** What a page of another site, or somebody without the token, is answered; `null` lets it in. */
function refuseUpgrade(
  { headers, url }: IncomingMessage,
  own: OwnAddresses,
  token: string,
): PageResponse | null {
  if (!own.isOwnHost(headers.host))
    return textResponse(421, 'This server answers only to its own address.\n')
  if (pathOf(url ?? '') !== rpcPath) return textResponse(404, 'Not found\n')
  if (!own.isOwnOrigin(headers.origin))
    return textResponse(403, 'Only the page of this server may connect.\n')
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
  const offeredToken = offered.find((name) => name.startsWith('token.'))?.slice('token.'.length)
  if (!offered.includes(rpcProtocol) || !isAccessToken(offeredToken ?? '', token))
    return textResponse(401, 'The token is missing or wrong.\n')
  return null
}

function pathOf(target: string): string {
  return target.replace(/[?#].*$/s, '')
}

function withHeader(response: PageResponse, name: string, value: string): PageResponse {
  return { ...response, headers: { ...response.headers, [name]: value } }
}

function write(response: ServerResponse, { status, headers, body }: PageResponse, head: boolean) {
  response.writeHead(status, { ...headers, 'Content-Length': body.byteLength })
  response.end(head ? undefined : body)
}

function writeRefusal(socket: Duplex, { status, headers, body }: PageResponse): void {
  socket.on('error', () => socket.destroy())
  const lines = Object.entries({
    ...headers,
    'Content-Length': String(body.byteLength),
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`)
  socket.end(body, () => socket.destroy())
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)))
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port))
  })
}

function listenError(error: NodeJS.ErrnoException, port: number): AppError {
  if (error.code === 'EADDRINUSE')
    return new AppError('PORT_IN_USE', `Port ${port} is taken. --port 0 picks a free one.`, {
      cause: error,
    })
  return new AppError('LISTEN_FAILED', `Port ${port} cannot be opened: ${error.message}.`, {
    cause: error,
  })
}
