import type { Preset } from '@shared/model/local-server'

/** What happens to the clients of one path. Only they hear of one another. */
export interface Endpoint {
  /** The path of the request target, without its query; `null` for every path. */
  readonly path: string | null
  /** Which clients a message goes to, as the type it came in as. */
  readonly toSender: boolean
  readonly toOthers: boolean
  /** What each client is sent every few seconds. */
  readonly push: ((time: Date) => string) | null
}

/** An answer to a request that asks for no WebSocket. */
export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What a server does, whoever connects. */
export interface ServerPlan {
  /** As a row of the log says it. */
  readonly words: string
  readonly endpoints: readonly Endpoint[]
  readonly plainAnswer: PlainAnswer
  /** What a WebSocket gets that asks for a path without an endpoint. */
  readonly otherPaths: 'destroy' | 'refuse'
}

const text = { 'Content-Type': 'text/plain; charset=utf-8' } as const

const upgradeRequired: PlainAnswer = {
  status: 426,
  headers: { ...text, Connection: 'Upgrade', Upgrade: 'websocket' },
  body: 'This is a Framescope local server. It speaks WebSocket: connect to the same address with ws://.\n',
}

const everyPath = { path: null, toSender: false, toOthers: false, push: null } as const
const plain = { plainAnswer: upgradeRequired, otherPaths: 'destroy' } as const

/** What each preset does. */
export const serverPlans: Readonly<Record<Preset, ServerPlan>> = {
  echo: {
    ...plain,
    words: 'Echo: messages go back to their sender',
    endpoints: [{ ...everyPath, toSender: true }],
  },
  broadcast: {
    ...plain,
    words: 'Broadcast: messages go to all clients',
    endpoints: [{ ...everyPath, toSender: true, toOthers: true }],
  },
  relay: {
    ...plain,
    words: 'Relay: messages go to all clients but their sender',
    endpoints: [{ ...everyPath, toOthers: true }],
  },
  ticker: {
    ...plain,
    words: 'Ticker: each client is sent the time every 5 s, and messages are logged',
    endpoints: [{ ...everyPath, push: sayTimeAs('server') }],
  },
  http: {
    words:
      'HTTP + WebSocket: GET answers hello world, clients of /chat are sent the time every 5 s',
    endpoints: [{ ...everyPath, path: '/chat', push: sayTimeAs('server') }],
    plainAnswer: { status: 200, headers: text, body: 'hello world' },
    otherPaths: 'refuse',
  },
  endpoints: {
    ...plain,
    words: 'Two endpoints, one port: clients of /chat and of /chat2 are sent the time every 5 s',
    endpoints: [
      { ...everyPath, path: '/chat', push: sayTimeAs('server-1') },
      { ...everyPath, path: '/chat2', push: sayTimeAs('server-2') },
    ],
  },
}

/** The endpoint that serves a request target; `null` when there is none. */
export function endpointFor(plan: ServerPlan, target: string): Endpoint | null {
  const path = pathOf(target)
  return plan.endpoints.find((endpoint) => (endpoint.path ?? path) === path) ?? null
}

/** The path of a request target, which may name scheme and host (RFC 9112 section 3.2.2). */
function pathOf(target: string): string {
  if (!target.startsWith('/')) return URL.parse(target)?.pathname ?? target
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function sayTimeAs(name: string): (time: Date) => string {
  return (time) => `message from ${name} at : ${time.toISOString()}`
}
