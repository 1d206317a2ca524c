import * as v from 'valibot'
import { TlsConfig } from './certificate'
import { Counters } from './connection'
import { planOf } from './server-presets'
import { ServerPlan } from './server-route'

/** What a server listens on and does. What it listens on holds from its next start on. */
export const ServerConfig = v.strictObject({
  /** 0 lets the system pick one. */
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(65_535)),
  /** Off: 127.0.0.1 only. On: reachable from other machines. */
  allInterfaces: v.boolean(),
  /**
   * Origins of pages that may connect, as the Origin header has them; `null`: any, as a test server must
   * take. A request without an Origin comes from no page and is accepted.
   */
  origins: v.nullable(v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(100))),
  tls: TlsConfig,
  plan: ServerPlan,
})
export type ServerConfig = v.InferOutput<typeof ServerConfig>

export const serverName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))

/** Most servers that are kept. */
export const mostServers = 100

export function defaultServerConfig(): ServerConfig {
  return {
    port: 8765,
    allInterfaces: false,
    origins: null,
    tls: { mode: 'off' },
    plan: planOf('echo'),
  }
}

/** A local server as it is kept between runs. Its place in the list is its place in the array. */
export const ServerProfile = v.strictObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  name: serverName,
  /** Whether it starts with the app. */
  autostart: v.boolean(),
  config: ServerConfig,
})
export type ServerProfile = v.InferOutput<typeof ServerProfile>

export const ServerState = v.strictObject({
  ...ServerProfile.entries,
  phase: v.picklist(['stopped', 'starting', 'running', 'stopping']),
  /** The port listened on while running. */
  port: v.nullable(v.number()),
  /** URLs it can be reached at while running, those on loopback first, one for each route. */
  urls: v.array(v.string()),
  /** Whether what it listens on was edited since it started. */
  restartNeeded: v.boolean(),
  /** Milliseconds since the epoch; `null` before the first start. */
  since: v.nullable(v.number()),
  logId: v.string(),
  clients: v.number(),
  counters: Counters,
})
export type ServerState = v.InferOutput<typeof ServerState>

export const ServerClient = v.strictObject({
  /** Its session number in the server's log. */
  id: v.number(),
  /** As `address:port`. */
  address: v.string(),
  /** The request target, query included. */
  path: v.string(),
  /** The path pattern of the route that serves it; `null` when its route is gone. */
  route: v.nullable(v.string()),
  protocol: v.string(),
  /** The Sec-WebSocket-Extensions that were agreed on, empty for none. */
  extensions: v.string(),
  /** The User-Agent of its request, empty for none. */
  userAgent: v.string(),
  /** Milliseconds since the epoch. */
  since: v.number(),
  counters: Counters,
  bufferedAmount: v.number(),
  /** Whether more waits for it than its route permits. */
  pressed: v.boolean(),
  /** Of the last keep-alive ping, in milliseconds. */
  rtt: v.nullable(v.number()),
  /** Faults of its own that are switched on. */
  faults: v.number(),
})
export type ServerClient = v.InferOutput<typeof ServerClient>
