import type { FrameLog } from '../frame-log/frame-log'
import type { IdRange } from './id-range'

/** Which rows of a log a view has, by position. Positions of evicted rows stay counted. */
export interface RowSelection {
  /** Rows it ever had. */
  readonly total: number
  /** Positions below this are gone. */
  readonly evicted: number
  /** Every row of the log with an id below this was looked at. */
  readonly scanned: number
  /** Why it was stopped before it had looked at all rows; `null` when it was not. */
  readonly problem: string | null
  /** Whether rows are no longer looked at, so that `scanned` stays behind. */
  readonly over: boolean
  /** The row's id; `undefined` outside the positions held. */
  idAt(position: number): number | undefined
  /** The first position whose row's id is not below `id`. */
  positionOf(id: number): number
  /**
   * The log has more rows or fewer than before. Cheap. @returns whether that already is a change of
   * the selection, which otherwise tells when it is one.
   */
  logChanged(): boolean
  /** Ends what it has under way; what it holds stays readable. */
  close(): void
}

/** Every row of a range: no list is needed. */
export function allRows(log: FrameLog, range: IdRange): RowSelection {
  const total = () => range.end - range.first
  const clamp = (position: number) => Math.min(Math.max(0, position), total())
  return {
    get total() {
      return total()
    },
    get evicted() {
      return clamp(log.firstId - range.first)
    },
    get scanned() {
      return log.total
    },
    problem: null,
    over: false,
    idAt(position) {
      const id = range.first + position
      return position >= 0 && position < total() && id >= log.firstId ? id : undefined
    },
    positionOf: (id) => clamp(id - range.first),
    logChanged: () => true,
    close() {},
  }
}

/**
 * The rows of a selection that have a bookmark. A bookmark set or taken away changes positions:
 * {@link BookmarkedRows.bookmarkChanged} must be called then.
 */
export class BookmarkedRows implements RowSelection {
  readonly #log: FrameLog
  readonly #base: RowSelection
  /** Bookmarked rows of the base below `#seen`, ascending. */
  #ids: number[] = []
  #seen = 0

  constructor(log: FrameLog, base: RowSelection) {
    this.#log = log
    this.#base = base
  }

  get total(): number {
    return this.#current().length
  }

  get evicted(): number {
    return lowerBound(this.#current(), this.#log.firstId)
  }

  get scanned(): number {
    return this.#base.scanned
  }

  get problem(): string | null {
    return this.#base.problem
  }

  get over(): boolean {
    return this.#base.over
  }

  idAt(position: number): number | undefined {
    const id = this.#current()[position]
    return id !== undefined && id >= this.#log.firstId ? id : undefined
  }

  positionOf(id: number): number {
    return lowerBound(this.#current(), id)
  }

  logChanged(): boolean {
    return this.#base.logChanged()
  }

  /** A bookmark of this row may have come or gone. @returns whether positions changed. */
  bookmarkChanged(id: number): boolean {
    const listed = this.idAt(this.positionOf(id)) === id
    const wanted = this.#log.bookmarks.has(id) && id < this.#seen && this.#has(id)
    if (listed === wanted) return false
    this.#seen = 0
    this.#ids = []
    return true
  }

  close(): void {
    this.#base.close()
  }

  #current(): readonly number[] {
    const { scanned } = this.#base
    if (scanned <= this.#seen) return this.#ids
    const news: number[] = []
    for (const id of this.#log.bookmarks.keys())
      if (id >= this.#seen && id < scanned && this.#has(id)) news.push(id)
    if (news.length > 0) this.#ids = [...this.#ids, ...news.sort((a, b) => a - b)]
    this.#seen = scanned
    return this.#ids
  }

  #has(id: number): boolean {
    return this.#base.idAt(this.#base.positionOf(id)) === id
  }
}

function lowerBound(ids: readonly number[], id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ids[middle] ?? 0) < id) low = middle + 1
    else high = middle
  }
  return low
}
