import type { RowExtent } from './frame-log'
import type { RowStore } from './row-store'
import type { Segment } from './segment'

/**
 * Consecutive rows from `fromId`, or the first row held after it, on: about `maxBytes` of them, but
 * at least one. `undefined` when there is no such row yet.
 */
export function extentOf(store: RowStore, fromId: number, maxBytes: number): RowExtent | undefined {
  const segment = store.segments.find(({ firstId, endId }) => endId > fromId && endId > firstId)
  if (!segment) return undefined
  const firstId = Math.max(fromId, segment.firstId)
  const start = store.index.offset(firstId)
  const limit = Math.min(start + maxBytes, segment.written)
  const endId = Math.max(lastBefore(store, segment, firstId, limit), firstId + 1)
  const end = endId < segment.endId ? store.index.offset(endId) : segment.end
  if (end > segment.written) return inMemory(store, segment, firstId, maxBytes)
  const { origin, path } = segment
  return {
    firstId,
    endId,
    source: { path: path ?? '', start: start - origin, end: end - origin },
  }
}

/** The id after the last row of a segment that ends at or before a place. */
export function lastBefore(
  store: RowStore,
  segment: Segment,
  firstId: number,
  limit: number,
): number {
  if (segment.end <= limit) return segment.endId
  let low = firstId
  let high = segment.endId - 1
  while (low < high) {
    const middle = Math.floor((low + high + 1) / 2)
    if (store.index.offset(middle) <= limit) low = middle
    else high = middle - 1
  }
  return low
}

/** Rows of neighbouring blocks, as a copy. */
function inMemory(
  store: RowStore,
  segment: Segment,
  firstId: number,
  maxBytes: number,
): RowExtent | undefined {
  const first = store.blockOf(firstId)
  if (!first) return undefined
  const start = store.index.offset(firstId)
  const { blocks } = store
  let place = blocks.indexOf(first)
  let last = first
  while (last.start + last.used - start < maxBytes) {
    const next = blocks[place + 1]
    if (next?.segment !== segment) break
    last = next
    place += 1
  }
  const known = last.start + last.used
  const limit = Math.min(start + maxBytes, known)
  const endId = Math.max(lastBefore(store, segment, firstId, limit), firstId + 1)
  const end = endId < segment.endId ? store.index.offset(endId) : segment.end
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(end - start).buffer)
  for (let at = blocks.indexOf(first); at <= place; at += 1) {
    const block = blocks[at]
    if (!block) break
    const from = Math.max(start - block.start, 0)
    const to = Math.min(end - block.start, block.used)
    if (to > from) bytes.set(block.bytes.subarray(from, to), Math.max(block.start - start, 0))
  }
  return { firstId, endId, source: { bytes } }
}
