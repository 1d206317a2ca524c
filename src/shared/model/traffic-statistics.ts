import * as v from 'valibot'

/** What a range of rows adds up to. Events count as rows and nothing else. */
export const RangeStatistics = v.strictObject({
  rows: v.number(),
  /** Rows that crossed the wire, by direction. */
  in: v.strictObject({ rows: v.number(), bytes: v.number(), wireBytes: v.number() }),
  out: v.strictObject({ rows: v.number(), bytes: v.number(), wireBytes: v.number() }),
  /** Times of the earliest and the latest row in milliseconds since the epoch; `null` without rows. */
  from: v.nullable(v.number()),
  to: v.nullable(v.number()),
  /** Gaps between consecutive rows in milliseconds; `null` with fewer than two rows. */
  gaps: v.nullable(
    v.strictObject({
      min: v.number(),
      median: v.number(),
      max: v.number(),
      /** Id of the row after the longest gap. */
      maxBefore: v.number(),
    }),
  ),
})
export type RangeStatistics = v.InferOutput<typeof RangeStatistics>

/** How many rows of a view fall into each of equally long parts of a period. */
export const Timeline = v.strictObject({
  /** Start of the first part in milliseconds since the epoch. */
  from: v.number(),
  /** End of the last part. */
  to: v.number(),
  counts: v.array(v.number()),
})
export type Timeline = v.InferOutput<typeof Timeline>

/** Most parts of one timeline. */
export const timelineParts = 2000
