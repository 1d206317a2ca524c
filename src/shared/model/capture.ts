import * as v from 'valibot'

export const captureName = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))

/** Traffic that is kept on disk and that nothing is appended to any more. */
export const Capture = v.strictObject({
  id: v.string(),
  /** What the user named it, or the title of the connection it came from. */
  name: v.string(),
  /**
   * `saved` by the user or imported; `left` by a tab that was closed or a run that ended, and kept
   * for a while in case it is wanted.
   */
  kind: v.picklist(['saved', 'left']),
  /** Whether the process that wrote it ended without closing it. */
  recovered: v.boolean(),
  /** The title of the connection, or the name of the file it was imported from. */
  origin: v.string(),
  /** Times of the first and the last row in milliseconds since the epoch; `null` when not known yet. */
  from: v.nullable(v.number()),
  to: v.nullable(v.number()),
  /** Rows held; `null` until it was opened once. */
  rows: v.nullable(v.number()),
  /** Bytes on disk. */
  bytes: v.number(),
  /** When it was saved, imported or left, in milliseconds since the epoch. */
  savedAt: v.number(),
  /** Why it cannot be opened; `null` when it can. */
  problem: v.nullable(v.string()),
})
export type Capture = v.InferOutput<typeof Capture>

/** How a log keeps its rows. */
export const LogState = v.strictObject({
  logId: v.string(),
  /**
   * `disk`: every row goes to disk. `memory`: the disk failed and the latest rows are kept in memory.
   * `held`: the disk is slower than the wire and reading pauses. `reading`: an opened capture whose
   * rows are still being indexed. `closed`: an opened capture, complete.
   */
  storage: v.picklist(['disk', 'memory', 'held', 'reading', 'closed']),
  /** What is wrong and what to do; `null` when nothing is. */
  problem: v.nullable(v.string()),
  /** Rows that could not be kept or read. */
  lost: v.number(),
  /** Bytes of the rows held. */
  bytes: v.number(),
  /** Bytes the log may hold before its oldest segment is evicted. */
  budget: v.number(),
})
export type LogState = v.InferOutput<typeof LogState>

/** A row the user marked. */
export const Bookmark = v.strictObject({
  rowId: v.number(),
  /** Empty for a bookmark without words. */
  note: v.string(),
})
export type Bookmark = v.InferOutput<typeof Bookmark>

/** What an import made of a file. */
export const ImportResult = v.strictObject({
  capture: Capture,
  /** Parts of the file that were left out, in words, at most 20. */
  skipped: v.array(v.string()),
  /** How many parts were left out. */
  skippedCount: v.number(),
})
export type ImportResult = v.InferOutput<typeof ImportResult>
