import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDispatcher } from '@shared/dispatch'
import type { Handlers } from '@shared/contract'
import { defaultSettings } from '@shared/model/settings'
import type { BackendEvent } from '../../src/main/backend'
import { createAccessToken } from '../../src/main/web/access-token'
import { startWebServer } from '../../src/main/web/http-server'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What an attacker on this machine may put into the opening handshake. */
export interface Handshake {
  readonly path?: string
  readonly host?: string
  readonly origin?: string | null
  readonly protocols?: string
}

/** A started browser host whose engine only counts who got through to it. */
export async function startServer() {
  const folder = await mkdtemp(join(tmpdir(), 'framescope-web-'))
  const root = join(folder, 'renderer')
  await mkdir(root)
  await writeFile(join(folder, 'secret.txt'), 'the secret')
  await writeFile(join(root, 'index.html'), '<html><head></head></html>')
  const calls: string[] = []
  const gone: string[] = []
  const listeners = new Set<(event: BackendEvent) => void>()
  const handlers = {
    'settings.get': (_input: unknown, { clientId }: { clientId: string }) => {
      calls.push(clientId)
      return defaultSettings()
    },
  } as unknown as Handlers
  const token = createAccessToken()
  const server = await startWebServer({
    root,
    port: 0,
    token,
    log: { info() {}, warn() {}, error: () => '' },
    backend: {
      dispatch: createDispatcher(handlers, () => 'id'),
      settings: defaultSettings,
      onEvent(listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      clientGone: (clientId) => gone.push(clientId),
    },
  })
  const own = `127.0.0.1:${server.port}`
  return {
    port: server.port,
    own,
    token,
    url: server.url,
    /** Clients whose calls reached the engine. */
    calls,
    /** Clients the engine was told to forget. */
    gone,
    emit: (event: BackendEvent) => {
      for (const listener of listeners) listener(event)
    },
    /** Sends the path exactly as given, which URL parsers would tidy up. */
    get: (path: string, headers: OutgoingHttpHeaders = {}, method = 'GET') =>
      ask(server.port, path, headers, method),
    /** The status line's number: 101 means inside. */
    handshake: (handshake: Handshake = {}) => shakeHands(server.port, token, handshake),
    async close() {
      await server.close()
      await rm(folder, { recursive: true })
    },
  }
}

export type Server = Awaited<ReturnType<typeof startServer>>

function ask(
  port: number,
  path: string,
  headers: OutgoingHttpHeaders,
  method: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => (body += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      )
    })
    sent.on('error', reject)
    sent.end()
  })
}

function shakeHands(
  port: number,
  token: string,
  { path, host, origin, protocols }: Handshake,
): Promise<number> {
  const own = `127.0.0.1:${port}`
  const lines = [
    `GET ${path ?? '/rpc'} HTTP/1.1`,
    `Host: ${host ?? own}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  if (origin !== null) lines.push(`Origin: ${origin ?? `http://${own}`}`)
  const offered = protocols ?? `framescope.v1, token.${token}`
  if (offered !== '') lines.push(`Sec-WebSocket-Protocol: ${offered}`)
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(5000, () => socket.destroy(new Error('No answer')))
    socket.on('error', reject)
    socket.once('data', (data) => {
      socket.destroy()
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(data.toString())?.[1]))
    })
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  })
}
