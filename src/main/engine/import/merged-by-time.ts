import type { NewRow } from '../frame-log/frame-log'

/** The next row of a session, and where those after it come from. */
interface Head {
  row: NewRow
  /** Its place among the sessions: of rows at the same time, those of the first one come first. */
  readonly place: number
  readonly source: Iterator<NewRow, void>
}

/** Rows of several sessions in the order of their times; those of one session keep theirs. */
export function* mergedByTime(sources: readonly Iterable<NewRow, void>[]): Generator<NewRow, void> {
  // A heap: no head comes before the one at half its index.
  const heap: Head[] = []
  for (const [place, iterable] of sources.entries()) {
    const source = iterable[Symbol.iterator]() as Iterator<NewRow, void>
    const first = source.next()
    if (first.done) continue
    heap.push({ row: first.value, place, source })
    rise(heap)
  }
  for (let head = heap[0]; head; head = heap[0]) {
    yield head.row
    const next = head.source.next()
    if (!next.done) head.row = next.value
    else {
      const last = heap.pop()
      if (last && heap.length > 0) heap[0] = last
    }
    sink(heap)
  }
}

function isBefore(one: Head, other: Head): boolean {
  return (
    one.row.time < other.row.time || (one.row.time === other.row.time && one.place < other.place)
  )
}

/** Moves the last head up to where it belongs. */
function rise(heap: Head[]): void {
  for (let at = heap.length - 1; at > 0;) {
    const above = (at - 1) >> 1
    if (!swapIfBefore(heap, at, above)) return
    at = above
  }
}

/** Moves the first head down to where it belongs. */
function sink(heap: Head[]): void {
  for (let at = 0; ;) {
    const left = at * 2 + 1
    const [one, other] = [heap[left], heap[left + 1]]
    if (!one) return
    const below = other && isBefore(other, one) ? left + 1 : left
    if (!swapIfBefore(heap, below, at)) return
    at = below
  }
}

function swapIfBefore(heap: Head[], at: number, above: number): boolean {
  const [lower, upper] = [heap[at], heap[above]]
  if (!lower || !upper || !isBefore(lower, upper)) return false
  heap[at] = upper
  heap[above] = lower
  return true
}
