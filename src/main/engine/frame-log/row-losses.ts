import type { Block } from './block'
import type { RowStore } from './row-store'
import { segmentHeaderBytes, type Segment } from './segment'

/**
 * Lets go of the oldest block in memory, of which the file of its segment may hold nothing or a part.
 * @returns how many rows were lost.
 */
export function dropOldestBlock(store: RowStore): number {
  const [block, next] = store.blocks
  if (!block || !next) return 0
  store.shiftBlock()
  if (block.written === block.used) return 0
  const { segment } = block
  const from = firstUnwritten(store, block)
  const rest = next.segment === segment ? next : undefined
  const end = rest ? rest.firstId : segment.endId
  replace(store, segment, from, rest)
  forget(store, from, end)
  return end - from
}

/**
 * Goes on without the files of some segments: what is in memory is to be written once more.
 * @returns how many rows were lost.
 */
export function loseFiles(store: RowStore, segments: readonly Segment[]): number {
  let lost = 0
  for (const segment of segments) {
    const blocks = store.blocks.filter((block) => block.segment === segment)
    for (const block of blocks) {
      store.waiting += block.written
      block.written = 0
    }
    const { firstId } = segment
    const end = blocks[0]?.firstId ?? segment.endId
    replace(store, segment, firstId, blocks[0])
    forget(store, firstId, end)
    lost += end - firstId
  }
  return lost
}

/** The first row of a block that its file does not hold whole. */
function firstUnwritten(store: RowStore, block: Block): number {
  const { segment } = block
  if (segment.fileBytes === 0) return segment.firstId
  let id = block.firstId
  while (id + 1 < segment.endId && store.index.offset(id + 1) <= segment.written) id += 1
  return id
}

/** Ends a segment before the row `end`; what lies in memory from `rest` on becomes a segment of its own. */
function replace(store: RowStore, segment: Segment, end: number, rest: Block | undefined): void {
  const place = store.segments.indexOf(segment)
  const parts: Segment[] = []
  store.bytes -= segment.bytes
  if (rest) {
    const blocks = store.blocks.filter((block) => block.segment === segment)
    const part = store.newSegment(rest.firstId)
    part.endId = segment.endId
    part.end = segment.end
    part.bytes = blocks.reduce((sum, { used }) => sum + used, segmentHeaderBytes)
    for (const block of blocks) block.segment = part
    parts.push(part)
    store.describeAnew()
  }
  if (end > segment.firstId) {
    segment.end = store.index.offset(end)
    segment.endId = end
    segment.bytes = segment.end - segment.origin
    parts.unshift(segment)
  } else segment.gone = true
  for (const part of parts) store.bytes += part.bytes
  store.segments.splice(place, 1, ...parts)
}

function forget(store: RowStore, from: number, end: number): void {
  if (end <= store.firstId) store.index.forgetBefore(store.firstId)
  else store.index.lose(from, end)
}
