import type { Output, Page, ViewState } from '@shared/contract'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { RangeStatistics, Timeline } from '@shared/model/traffic-statistics'
import type { FrameLog } from '../frame-log/frame-log'
import { conditionOf, expressionOf, filterMoment, type FilterMoment } from './filter-condition'
import { foundAmong, nextFound } from './find-among'
import { IdRange } from './id-range'
import { MatchedRows } from './matched-rows'
import { rangeStatistics, type PositionRange } from './range-statistics'
import { allRows, BookmarkedRows, type RowSelection } from './row-selection'
import type { ScanCondition } from './scan-messages'
import type { ScanThreads } from './scan-threads'
import { pageInMemory, pageOf } from './view-page'
import { positionAtTime, timelineOf } from './view-timeline'

/** What is searched in a view without hiding the rest. */
interface Find {
  readonly query: string
  readonly rows: RowSelection
}

/**
 * The part of a FrameLog that somebody looks at. Positions count the rows of the view from its
 * first row at or after `hiddenBefore`, evicted ones included, and never change until the filter
 * does; only a view of bookmarks changes them with its bookmarks. Rows are matched by a thread.
 */
export class FrameView {
  readonly id: string
  readonly log: FrameLog
  readonly #threads: ScanThreads
  readonly #changed: () => void
  readonly #stopListening: () => void
  readonly #waiting = new Set<() => void>()
  #filter: FrameFilter
  #rows: RowSelection
  #find: Find | null = null
  #lowestChange = Number.POSITIVE_INFINITY
  #moment: FilterMoment

  /**
   * `changed` is called whenever the view's state or one of its rows may have changed; it must be
   * cheap.
   * @throws {AppError} FILTER_INVALID when the filter's query cannot be read.
   */
  constructor(
    id: string,
    log: FrameLog,
    filter: FrameFilter,
    threads: ScanThreads,
    changed: () => void,
  ) {
    this.id = id
    this.log = log
    this.#threads = threads
    this.#changed = changed
    this.#filter = filter
    this.#moment = filterMoment(log, filter)
    this.#rows = this.#select(filter, conditionOf(filter, this.#moment))
    this.#stopListening = log.onChange((changedId) => this.#logChanged(changedId))
  }

  get filter(): FrameFilter {
    return this.#filter
  }

  /**
   * Replaces the filter; what was under way for the old one ends, a search begins again. Positions
   * start anew.
   * @throws {AppError} FILTER_INVALID when its query cannot be read; the old one stays.
   */
  setFilter(filter: FrameFilter): void {
    const moment = filterMoment(this.log, filter)
    const condition = conditionOf(filter, moment)
    this.#rows.close()
    this.#moment = moment
    this.#filter = filter
    this.#lowestChange = Number.POSITIVE_INFINITY
    this.#rows = this.#select(filter, condition)
    if (this.#find) this.setFind(this.#find.query)
  }

  /**
   * Searches the rows of the view; an empty query ends the search.
   * @throws {AppError} FILTER_INVALID when it cannot be read; the old search stays.
   */
  setFind(query: string): void {
    const expression = expressionOf(query)
    this.#find?.rows.close()
    const condition = expression && conditionOf(this.#filter, this.#moment, expression)
    this.#find = condition ? { query, rows: this.#select(this.#filter, condition) } : null
    this.#changed()
  }

  state(): ViewState {
    const { log } = this
    const rows = this.#rows
    const find = this.#find
    return {
      viewId: this.id,
      logId: log.id,
      filter: this.#filter,
      total: rows.total,
      evicted: rows.evicted,
      logTotal: log.total,
      logEvicted: log.firstId,
      scanned: rows.scanned,
      problem: rows.problem ?? find?.rows.problem ?? null,
      find: find && {
        query: find.query,
        total: foundAmong(rows, find.rows),
        scanned: Math.min(find.rows.scanned, rows.scanned),
      },
    }
  }

  /** Resolves when the rows the log has now were looked at, or after so many milliseconds. */
  async settled(limit: number): Promise<void> {
    const { total } = this.log
    const rows = this.#rows
    const find = this.#find?.rows
    const done = (selection: RowSelection | undefined) =>
      !selection || selection.scanned >= total || selection.over
    if (done(rows) && done(find)) return
    await new Promise<void>((resolve) => {
      const check = () => {
        const replaced = this.#rows !== rows || this.#find?.rows !== find
        if (replaced || (done(rows) && done(find))) end()
      }
      const end = () => {
        clearTimeout(timer)
        this.#waiting.delete(check)
        resolve()
      }
      const timer = setTimeout(end, limit)
      this.#waiting.add(check)
    })
  }

  /** The row's id at a position; `undefined` outside the positions held. */
  idAt(position: number): number | undefined {
    return this.#rows.idAt(position)
  }

  /**
   * The rows held at `start` and the positions after it, of at most `count` positions. Where
   * positions were evicted, also while rows were read, the page starts later than asked, and ends
   * where it would have.
   */
  page(start: number, count: number): Promise<Page> {
    return pageOf(this.log, this.#rows, start, count)
  }

  /** As {@link page}, but `null` when a row is not in memory. */
  pageInMemory(start: number, count: number): Page | null {
    return pageInMemory(this.log, this.#rows, start, count)
  }

  /**
   * The position of the row with this id, or else of the next row of the view that is still held;
   * `total` when there is none.
   */
  locate(rowId: number): { readonly position: number; readonly exact: boolean } {
    const position = Math.max(this.#rows.positionOf(rowId), this.#rows.evicted)
    return { position, exact: this.#rows.idAt(position) === rowId }
  }

  /** The position of the first row held at or after a time; `total` when there is none. */
  locateTime(time: number): { readonly position: number } {
    return { position: positionAtTime(this.log, this.#rows, time) }
  }

  /**
   * The nearest row found after a position (or before it, `backwards`), going round at the end;
   * without a position, the first (or last) one. `null` when nothing is found or searched.
   */
  findNext(position: number | null, backwards: boolean): Output<'frames.findNext'> {
    return this.#find && nextFound(this.#rows, this.#find.rows, position, backwards)
  }

  /** Which of the rows at these positions the search found. */
  found(start: number, count: number): boolean[] {
    const end = Math.min(start + count, this.#rows.total)
    const found: boolean[] = []
    for (let position = start; position < end; position += 1) {
      const id = this.#rows.idAt(position)
      const rows = this.#find?.rows
      found.push(id !== undefined && rows?.idAt(rows.positionOf(id)) === id)
    }
    return found
  }

  /** What the rows at these positions add up to, without holding the event loop. */
  statistics(ranges: readonly PositionRange[]): Promise<RangeStatistics> {
    return rangeStatistics(this.log, this.#rows, ranges)
  }

  /** How the rows held lie in time; see {@link timelineOf}. */
  timeline(
    period: { readonly from: number; readonly to: number } | null,
    parts: number,
  ): Timeline | null {
    return timelineOf(this.log, this.#rows, period, parts)
  }

  /** The lowest position whose row changed since the last call; `null` when none did. */
  takeChange(): number | null {
    const id = this.#lowestChange
    this.#lowestChange = Number.POSITIVE_INFINITY
    if (id === Number.POSITIVE_INFINITY) return null
    const { position } = this.locate(id)
    return position < this.#rows.total ? position : null
  }

  close(): void {
    this.#stopListening()
    this.#rows.close()
    this.#find?.rows.close()
  }

  #select(filter: FrameFilter, condition: ScanCondition | null): RowSelection {
    const range = new IdRange(this.log, filter)
    const rows = condition
      ? new MatchedRows(this.log, range, condition, this.#threads, () => this.#tell())
      : allRows(this.log, range)
    return filter.bookmarked ? new BookmarkedRows(this.log, rows) : rows
  }

  #tell(): void {
    for (const check of this.#waiting) check()
    this.#changed()
  }

  #logChanged(changedId: number | undefined): void {
    const find = this.#find?.rows
    if (changedId !== undefined) {
      const moved = this.#rows instanceof BookmarkedRows && this.#rows.bookmarkChanged(changedId)
      if (find instanceof BookmarkedRows) find.bookmarkChanged(changedId)
      this.#lowestChange = Math.min(this.#lowestChange, moved ? 0 : changedId)
      this.#changed()
      return
    }
    const searched = find?.logChanged() ?? false
    if (this.#rows.logChanged() || searched) this.#tell()
  }
}
