import { pageRows, type Page } from '@shared/contract'
import type { Bookmark } from '@shared/model/capture'
import type { Row } from '@shared/model/frame'

/** A row and the time of the row before it in the view, for its delta. */
export interface FrameEntry {
  readonly row: Row
  readonly previousTime: number | null
}

/** Rows of a view by page number; a page is `pageRows` positions, of which some may be missing. */
export type FramePages = ReadonlyMap<number, readonly (FrameEntry | undefined)[]>

/** Pages that are kept at most. */
export const keptPages = 20

export function entryAt(pages: FramePages, position: number): FrameEntry | undefined {
  return pages.get(Math.floor(position / pageRows))?.[position % pageRows]
}

/**
 * The pages with these rows put in, without those evicted, and of what is left the pages nearest to
 * `near`. Rows that did not change stay the same objects.
 */
export function mergePage(
  pages: FramePages,
  page: Page,
  evicted: number,
  near: number,
): FramePages {
  const merged = new Map(pages)
  const copied = new Set<number>()
  let previousTime = page.previousTime
  page.rows.forEach((row, index) => {
    const position = page.start + index
    const number = Math.floor(position / pageRows)
    if (!copied.has(number)) merged.set(number, [...(merged.get(number) ?? [])])
    copied.add(number)
    const entries = merged.get(number) as (FrameEntry | undefined)[]
    const known = entries[position % pageRows]
    if (!known || !isSame(known, row, previousTime))
      entries[position % pageRows] = { row, previousTime }
    previousTime = row.time
  })
  return trim(merged, evicted, near)
}

/** What of a row can become another. */
function isSame(known: FrameEntry, row: Row, previousTime: number | null): boolean {
  return (
    known.row.id === row.id &&
    known.row.fate === row.fate &&
    known.row.note === row.note &&
    known.previousTime === previousTime
  )
}

/** The pages with the notes that rows have now. */
export function withNotes(pages: FramePages, bookmarks: readonly Bookmark[]): FramePages {
  const notes = new Map(bookmarks.map(({ rowId, note }) => [rowId, note]))
  const renoted = (entry: FrameEntry | undefined) => {
    const note = entry && (notes.get(entry.row.id) ?? null)
    return entry && note !== undefined && note !== entry.row.note
      ? { ...entry, row: { ...entry.row, note } }
      : entry
  }
  return new Map([...pages].map(([number, entries]) => [number, entries.map(renoted)]))
}

function trim(
  pages: Map<number, readonly (FrameEntry | undefined)[]>,
  evicted: number,
  near: number,
) {
  const firstPage = Math.floor(evicted / pageRows)
  for (const number of pages.keys()) if (number < firstPage) pages.delete(number)
  const nearPage = near / pageRows - 0.5
  const byDistance = [...pages.keys()].sort(
    (one, other) => Math.abs(one - nearPage) - Math.abs(other - nearPage),
  )
  for (const number of byDistance.slice(keptPages)) pages.delete(number)
  return pages
}

/** The numbers of the pages that have a gap between two positions, nearest to the end first. */
export function pagesWithGaps(pages: FramePages, from: number, to: number): readonly number[] {
  const numbers: number[] = []
  for (let position = to - 1; position >= from; position -= 1) {
    const number = Math.floor(position / pageRows)
    if (numbers.at(-1) !== number && entryAt(pages, position) === undefined) numbers.push(number)
  }
  return numbers
}
