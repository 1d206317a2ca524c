import * as v from 'valibot'
import { Counters } from './connection'

/**
 * What the server does: messages go back to the sender, to all, or to all but the sender; or it pushes
 * the time, on every path, beside plain HTTP, or on two paths of one port.
 */
export const presets = ['echo', 'broadcast', 'relay', 'ticker', 'http', 'endpoints'] as const
export const Preset = v.picklist(presets)
export type Preset = v.InferOutput<typeof Preset>

export const ServerConfig = v.strictObject({
  /** 0 lets the system pick one. */
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(65_535)),
  /** Off: 127.0.0.1 only. On: reachable from other machines. */
  allInterfaces: v.boolean(),
  preset: Preset,
  /** Milliseconds between keep-alive pings; a client that misses one whole interval is dropped. 0 sends none. */
  keepAlive: v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60 * 60 * 1000)),
  perMessageDeflate: v.boolean(),
})
export type ServerConfig = v.InferOutput<typeof ServerConfig>

export function defaultServerConfig(): ServerConfig {
  return {
    port: 8765,
    allInterfaces: false,
    preset: 'echo',
    keepAlive: 30_000,
    // Off as in `ws` itself: compressing every small message would slow an echo many times over.
    perMessageDeflate: false,
  }
}

export const ServerState = v.strictObject({
  phase: v.picklist(['stopped', 'starting', 'running', 'stopping']),
  config: ServerConfig,
  /** The port listened on while running. */
  port: v.nullable(v.number()),
  /** URLs it can be reached at while running, those on loopback first, one for each path served. */
  urls: v.array(v.string()),
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
  protocol: v.string(),
  /** The User-Agent of its request, empty for none. */
  userAgent: v.string(),
  /** Milliseconds since the epoch. */
  since: v.number(),
  counters: Counters,
  bufferedAmount: v.number(),
  /** Of the last keep-alive ping, in milliseconds. */
  rtt: v.nullable(v.number()),
})
export type ServerClient = v.InferOutput<typeof ServerClient>
