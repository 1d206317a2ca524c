import type { SessionInfo } from '@shared/model/frame'
import { parseEndpoint } from './endpoint'
import { fieldOf, fieldsOf, splitHeads, type HeadField } from './handshake-text'

/** What of an entry is known once all messages of its session were seen. */
export interface EntryFacts {
  readonly session: SessionInfo
  /** The text of the `open` row; empty when there is none. */
  readonly heads: string
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly to: number
  /** Whether frames crossed the wire. */
  readonly hasFrames: boolean
}

/** The part of a HAR entry that stands before its messages, as an open JSON object. */
export function entryStart(session: SessionInfo): object {
  const _connectionId = String(session.number)
  return {
    _connectionId,
    _initiator: { type: 'other' },
    _priority: 'High',
    _resourceType: 'websocket',
  }
}

/**
 * The part of a HAR 1.2 entry that stands after its messages. The members are those that Chrome's
 * developer tools write; what is not known has the value that the format or Chrome gives it.
 */
export function entryEnd(facts: EntryFacts): object {
  const { session, from, to } = facts
  const { request, response } = splitHeads(facts.heads)
  const server = parseEndpoint(session.role === 'client' ? session.peer : session.local)
  return {
    cache: {},
    ...(server && { connection: String(server.port) }),
    request: requestOf(session, request),
    response: responseOf(response, facts.hasFrames),
    serverIPAddress: server?.address ?? '',
    startedDateTime: new Date(from).toISOString(),
    time: Math.max(0, Math.round((to - from) * 1000) / 1000),
    timings: {
      blocked: -1,
      dns: -1,
      ssl: -1,
      connect: -1,
      send: 0,
      wait: 0,
      receive: 0,
      _blocked_queueing: -1,
      _workerStart: -1,
      _workerReady: -1,
      _workerFetchStart: -1,
      _workerRespondWithSettled: -1,
    },
  }
}

function requestOf(session: SessionInfo, head: string): object {
  const headers = fieldsOf(head)
  const [method, target = '/', httpVersion] = firstLine(head)
  const url = session.url || `ws://${fieldOf(headers, 'host') || 'unknown'}${target}`
  return {
    method: method || 'GET',
    url,
    httpVersion: httpVersion || 'HTTP/1.1',
    headers,
    queryString: queryOf(url),
    cookies: cookiesOf(fieldOf(headers, 'cookie')),
    headersSize: head.trim() === '' ? -1 : Buffer.byteLength(head),
    bodySize: 0,
  }
}

function responseOf(head: string, hasFrames: boolean): object {
  const headers = fieldsOf(head)
  const [httpVersion, status] = firstLine(head)
  // Frames only follow an upgrade, also where its head is not known.
  const assumed = hasFrames ? 101 : 0
  const text = /^\S+ \d+ (.*)/.exec(head.slice(0, head.indexOf('\r\n')))?.[1]
  return {
    status: Number(status) || assumed,
    statusText: text ?? (assumed ? 'Switching Protocols' : ''),
    httpVersion: httpVersion || 'HTTP/1.1',
    headers,
    cookies: headers
      .filter(({ name }) => name.toLowerCase() === 'set-cookie')
      .flatMap(({ value }) => cookiesOf(value.split(';', 1)[0] ?? '')),
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: fieldOf(headers, 'location'),
    headersSize: head.trim() === '' ? -1 : Buffer.byteLength(head),
    bodySize: 0,
    _transferSize: Buffer.byteLength(head),
    _error: null,
    _fetchedViaServiceWorker: false,
  }
}

/** The parts of a request or status line that have no spaces in them. */
function firstLine(head: string): readonly string[] {
  return head.slice(0, Math.max(0, head.indexOf('\r\n'))).split(' ')
}

function queryOf(url: string): HeadField[] {
  const { searchParams } = URL.parse(url) ?? {}
  return searchParams ? [...searchParams].map(([name, value]) => ({ name, value })) : []
}

function cookiesOf(cookie: string): HeadField[] {
  return cookie.split(';').flatMap((pair) => {
    const end = pair.indexOf('=')
    return end <= 0 ? [] : [{ name: pair.slice(0, end).trim(), value: pair.slice(end + 1).trim() }]
  })
}
