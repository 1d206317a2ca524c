import * as v from 'valibot'

/**
 * Round-trip times of one connection in milliseconds, over its life.
 * RTT: from the ping's bytes going to the socket to its pong being parsed, matched by payload.
 * Jitter: mean absolute difference of consecutive RTTs. Lost: no pong within the timeout.
 * Skipped: answered by the pong of a later ping, which RFC 6455 section 5.5.3 allows.
 */
export const LatencyStats = v.strictObject({
  /** Answered pings. */
  count: v.number(),
  last: v.nullable(v.number()),
  min: v.nullable(v.number()),
  median: v.nullable(v.number()),
  p95: v.nullable(v.number()),
  max: v.nullable(v.number()),
  jitter: v.nullable(v.number()),
  lost: v.number(),
  skipped: v.number(),
  /** Pings still waiting for their pong. */
  pending: v.number(),
  /** The latest samples, oldest first, at most 200, for the chart. */
  samples: v.array(
    v.strictObject({
      /** Milliseconds since the epoch. */
      time: v.number(),
      /** `null` marks a lost ping. */
      rtt: v.nullable(v.number()),
    }),
  ),
})
export type LatencyStats = v.InferOutput<typeof LatencyStats>

export function noLatency(): LatencyStats {
  return {
    count: 0,
    last: null,
    min: null,
    median: null,
    p95: null,
    max: null,
    jitter: null,
    lost: 0,
    skipped: 0,
    pending: 0,
    samples: [],
  }
}
