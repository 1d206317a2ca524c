import * as v from 'valibot'
import { Direction, RowKind } from './frame'

/** What a view shows of its log. Every part must hold. */
export const FrameFilter = v.strictObject({
  /** An expression of the filter language (docs/filter-language.md); empty matches everything. */
  query: v.pipe(v.string(), v.maxLength(1000)),
  /** Directions shown. Events (`none`) follow the kinds alone. */
  directions: v.array(Direction),
  kinds: v.array(RowKind),
  /** Only this session of the log, or all. */
  session: v.nullable(v.number()),
  /** Rows with an id below this are hidden: what Clear sets and Undo restores. */
  hiddenBefore: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** Only rows from `from` on and before `to`, in milliseconds since the epoch: what is zoomed into. */
  period: v.nullable(v.strictObject({ from: v.number(), to: v.number() })),
  /** Only rows with a bookmark. */
  bookmarked: v.boolean(),
  /** IANA name of the viewer's time zone, which clock times are of; else the engine's. */
  timeZone: v.optional(v.pipe(v.string(), v.maxLength(100))),
})
export type FrameFilter = v.InferOutput<typeof FrameFilter>

/** The filter that shows the whole log. */
export function everything(): FrameFilter {
  return {
    query: '',
    directions: ['in', 'out', 'none'],
    kinds: ['text', 'binary', 'ping', 'pong', 'close', 'open', 'error', 'note'],
    session: null,
    hiddenBefore: 0,
    period: null,
    bookmarked: false,
  }
}
