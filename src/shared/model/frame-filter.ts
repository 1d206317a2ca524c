import * as v from 'valibot'
import { Direction, RowKind } from './frame'

/** What a view shows of its log. Every part must hold. */
export const FrameFilter = v.strictObject({
  /** Case-insensitive text to be found in the payload; empty matches everything. */
  text: v.pipe(v.string(), v.maxLength(1000)),
  /** Directions shown. Events (`none`) follow the kinds alone. */
  directions: v.array(Direction),
  kinds: v.array(RowKind),
  /** Only this session of the log, or all. */
  session: v.nullable(v.number()),
  /** Rows with an id below this are hidden: what Clear sets and Undo restores. */
  hiddenBefore: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
})
export type FrameFilter = v.InferOutput<typeof FrameFilter>

/** The filter that shows the whole log. */
export function everything(): FrameFilter {
  return {
    text: '',
    directions: ['in', 'out', 'none'],
    kinds: ['text', 'binary', 'ping', 'pong', 'close', 'open', 'error', 'note'],
    session: null,
    hiddenBefore: 0,
  }
}
