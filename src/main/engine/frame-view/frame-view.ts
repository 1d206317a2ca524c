import type { Page, ViewState } from '@shared/contract'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { Row } from '@shared/model/frame'
import type { FrameLog } from '../frame-log/frame-log'
import type { ScanLoop } from './scan-loop'
import { scanSlice } from './scan-loop'
import { allRows, matchingRows, type RowSelection } from './row-selection'

/**
 * The part of a FrameLog that somebody looks at. Positions count the rows of the view from its
 * first row at or after `hiddenBefore`, evicted ones included, and never change until the filter
 * does. A filtered view looks at the log in slices and reports how far it is.
 */
export class FrameView {
  readonly id: string
  readonly log: FrameLog
  readonly #loop: ScanLoop
  readonly #changed: () => void
  readonly #stopListening: () => void
  #filter: FrameFilter
  #selection: RowSelection
  #lowestChange = Number.POSITIVE_INFINITY

  /**
   * `changed` is called whenever the view's state or one of its rows may have changed; it must be
   * cheap.
   */
  constructor(id: string, log: FrameLog, filter: FrameFilter, loop: ScanLoop, changed: () => void) {
    this.id = id
    this.log = log
    this.#loop = loop
    this.#changed = changed
    this.#filter = filter
    this.#selection = this.#select(filter)
    this.#stopListening = log.onChange((changedId) => this.#logChanged(changedId))
  }

  get filter(): FrameFilter {
    return this.#filter
  }

  /** Replaces the filter; a scan under way for the old one ends. Positions start anew. */
  setFilter(filter: FrameFilter): void {
    this.#loop.cancel(this.#scan)
    this.#filter = filter
    this.#lowestChange = Number.POSITIVE_INFINITY
    this.#selection = this.#select(filter)
  }

  state(): ViewState {
    const { log } = this
    return {
      viewId: this.id,
      logId: log.id,
      filter: this.#filter,
      total: this.#selection.total,
      evicted: this.#selection.evicted,
      logTotal: log.total,
      logEvicted: log.firstId,
      scanned: this.#selection.scanned,
    }
  }

  /**
   * The rows held at `start` and the positions after it, of at most `count` positions. Where
   * positions were evicted the page starts later than asked, and ends where it would have.
   */
  page(start: number, count: number): Page {
    const { total, evicted } = this.#selection
    const first = Math.min(Math.max(start, evicted), total)
    const end = Math.min(start + count, total)
    const rows: Row[] = []
    for (let position = first; position < end; position += 1) {
      const row = this.#rowAt(position)
      if (row) rows.push(row)
    }
    return { start: first, rows, previousTime: this.#rowAt(first - 1)?.time ?? null }
  }

  #rowAt(position: number): Row | undefined {
    const id = this.#selection.idAt(position)
    return id === undefined ? undefined : this.log.row(id)
  }

  /**
   * The position of the row with this id, or else of the next row of the view that is still held;
   * `total` when there is none.
   */
  locate(rowId: number): { readonly position: number; readonly exact: boolean } {
    const position = Math.max(this.#selection.positionOf(rowId), this.#selection.evicted)
    return { position, exact: this.#selection.idAt(position) === rowId }
  }

  /** The lowest position whose row's fate changed since the last call; `null` when none did. */
  takeChange(): number | null {
    const id = this.#lowestChange
    this.#lowestChange = Number.POSITIVE_INFINITY
    if (id === Number.POSITIVE_INFINITY) return null
    const { position } = this.locate(id)
    return position < this.#selection.total ? position : null
  }

  close(): void {
    this.#stopListening()
    this.#loop.cancel(this.#scan)
  }

  #select(filter: FrameFilter): RowSelection {
    const selection = allRows(this.log, filter) ?? matchingRows(this.log, filter)
    // A short log is answered completely by the very call that asked.
    if (!selection.scan(performance.now() + scanSlice)) return selection
    this.#loop.start(this.#scan)
    return selection
  }

  readonly #scan = (deadline: number): boolean => {
    const more = this.#selection.scan(deadline)
    this.#changed()
    return more
  }

  #logChanged(changedId: number | undefined): void {
    if (changedId !== undefined) this.#lowestChange = Math.min(this.#lowestChange, changedId)
    if (this.#selection.complete) this.#changed()
    else this.#loop.start(this.#scan)
  }
}
