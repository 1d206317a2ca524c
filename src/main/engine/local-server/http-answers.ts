import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { matchPath, pathOf } from '@shared/model/route-path'
import type { HttpAnswer, ServerPlan } from '@shared/model/server-route'
import { serveFolder } from './serve-folder'
import type { HandshakeAnswer } from '../faults/handshake-plan'

/** What a request for no WebSocket gets where the plan says nothing (RFC 9110 section 15.5.22). */
const upgradeRequired: HttpAnswer = {
  status: 426,
  headers: [
    { name: 'Content-Type', value: 'text/plain; charset=utf-8' },
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Upgrade', value: 'websocket' },
  ],
  body: 'This is a Framescope local server. It speaks WebSocket: connect to the same address with ws://.\n',
}

const folderMissing: HttpAnswer = {
  status: 404,
  headers: [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }],
  body: 'No folder is chosen for this path, or it may not be served here.\n',
}

/**
 * Answers a request that asks for no WebSocket.
 * @param folderPath of a folder that may be served; `null` for one that may not.
 */
export async function answerPlainly(
  plan: ServerPlan,
  request: IncomingMessage,
  response: ServerResponse,
  folderPath: (folderId: string) => string | null,
): Promise<void> {
  request.resume()
  const path = pathOf(request.url ?? '/')
  const found = plan.plain.find((route) => matchPath(route.path, path))
  if (found?.answer.kind === 'folder') {
    const { folderId } = found.answer
    const root = folderId === null ? null : folderPath(folderId)
    if (root !== null) return serveFolder(root, restOf(found.path, path), request, response)
  }
  const answer =
    found === undefined
      ? upgradeRequired
      : found.answer.kind === 'fixed'
        ? found.answer
        : folderMissing
  response.writeHead(answer.status, rawHeaders(answer))
  response.end(answer.body)
}

/** What of a path lies below a route, percent-encoded; `null` for `/files` below `/files/*`. */
function restOf(pattern: string, path: string): string | null {
  if (!pattern.endsWith('/*')) return pattern === '*' ? path.slice(1) : ''
  const parts = path.split('/').slice(pattern.split('/').length - 1)
  return parts.length === 0 ? null : parts.join('/')
}

/** The whole answer to an upgrade request that is turned away, as it goes over the wire. */
export function answerText(answer: HandshakeAnswer): string {
  const { status, body } = answer
  const own = new Set(['content-length', 'connection'])
  const lines = answer.headers
    .filter(({ name }) => !own.has(name.toLowerCase()))
    .map(({ name, value }) => `${name}: ${value}\r\n`)
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.join('')}` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
  )
}

function rawHeaders({ headers }: HttpAnswer): string[] {
  return headers.flatMap(({ name, value }) => [name, value])
}
