import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { matchPath, pathOf } from '@shared/model/route-path'
import type { HttpAnswer, ServerPlan } from '@shared/model/server-route'
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

/** Answers a request that asks for no WebSocket. */
export function answerPlainly(
  plan: ServerPlan,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  request.resume()
  const path = pathOf(request.url ?? '/')
  const found = plan.plain.find((route) => matchPath(route.path, path))
  const answer = found?.answer.kind === 'fixed' ? found.answer : upgradeRequired
  response.writeHead(answer.status, rawHeaders(answer))
  response.end(answer.body)
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
