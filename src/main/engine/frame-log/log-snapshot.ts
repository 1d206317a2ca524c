import { lastBefore } from './row-extents'
import type { RowStore } from './row-store'
import type { Segment } from './segment'

/** What a log holds. */
export interface LogFacts {
  readonly rows: number
  /** Times of the first and the last row in milliseconds since the epoch; `null` without rows. */
  readonly from: number | null
  readonly to: number | null
}

/** A file of a log, and how much of it is written. */
export interface WrittenFile {
  readonly path: string
  readonly bytes: number
  /** Whether nothing will be added to it. */
  readonly complete: boolean
}

/** The files of a log at one moment, and the rows in them. */
export interface LogSnapshot {
  readonly files: readonly WrittenFile[]
  readonly facts: LogFacts
}

/** All rows of a log. */
export function factsOf(store: RowStore): LogFacts {
  return factsUpTo(store, (segment) => segment.endId)
}

/** What of a log is in its files. */
export function snapshotOf(store: RowStore): LogSnapshot {
  const files: WrittenFile[] = []
  for (const [place, segment] of store.segments.entries()) {
    const { path, written, end, origin, fileBytes } = segment
    if (path === null || fileBytes === 0) continue
    const complete = written >= end && place < store.segments.length - 1
    files.push({ path, bytes: Math.min(written, end) - origin, complete })
  }
  return { files, facts: factsUpTo(store, (segment) => writtenEnd(store, segment)) }
}

/** The id after the last row that the file holds whole. */
function writtenEnd(store: RowStore, segment: Segment): number {
  const { firstId, endId, fileBytes, written } = segment
  if (fileBytes === 0 || endId === firstId) return firstId
  return lastBefore(store, segment, firstId, written)
}

function factsUpTo(store: RowStore, endOf: (segment: Segment) => number): LogFacts {
  let rows = 0
  let from: number | null = null
  let to: number | null = null
  for (const segment of store.segments) {
    const end = endOf(segment)
    if (end <= segment.firstId) continue
    rows += end - segment.firstId
    from ??= store.index.time(segment.firstId)
    to = store.index.time(end - 1)
  }
  return { rows, from, to }
}
