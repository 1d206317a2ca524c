import { tailRows, type EventPayload, type ViewState } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog } from '../frame-log/frame-log'
import { createTicker, type Ticker } from '../ticker'
import { FrameView } from './frame-view'
import { ScanThreads } from './scan-threads'

/** Shortest time between two events of one view, in milliseconds. */
export const viewEventInterval = 50

/** How long a call waits for the first rows to be matched, in milliseconds. */
const firstAnswer = 40

export interface FrameViewsOptions {
  /** The log of that id, if there is one. */
  readonly findLog: (logId: string) => FrameLog | undefined
  /** Sends `frames.grew` to one client. */
  readonly emit: (clientId: string, payload: EventPayload<'frames.grew'>) => void
}

interface OpenView {
  readonly view: FrameView
  readonly clientId: string
  readonly ticker: Ticker
  /** The view's total in the last state its client was told. */
  told: number
  /** Calls under way that will tell the client the state themselves; events wait for them. */
  answering: number
  /** Whether an event waited meanwhile. */
  held: boolean
}

/**
 * The views that clients have open. Each view tells its client of changes at once and then at most
 * every 50 ms, whatever the traffic. A client reaches only the views it opened. Calls that begin a
 * scan wait a moment for it, so that an answer is complete where that takes no longer than it takes
 * to be noticed.
 */
export class FrameViews {
  readonly #options: FrameViewsOptions
  readonly #open = new Map<string, OpenView>()
  readonly #threads = new ScanThreads()
  #opened = 0

  constructor(options: FrameViewsOptions) {
    this.#options = options
  }

  /**
   * @throws {AppError} NOT_FOUND when there is no such log, FILTER_INVALID when the query cannot be
   * read.
   */
  async open(logId: string, filter: FrameFilter, clientId: string): Promise<ViewState> {
    const log = this.#options.findLog(logId)
    if (!log) throw new AppError('NOT_FOUND', 'The traffic to be shown does not exist any more.')
    this.#opened += 1
    const viewId = `view-${this.#opened}`
    const ticker = createTicker(viewEventInterval, () => this.#tell(viewId))
    const view = new FrameView(viewId, log, filter, this.#threads, ticker.touch)
    const entry: OpenView = { view, clientId, ticker, told: 0, answering: 0, held: false }
    this.#open.set(viewId, entry)
    this.#threads.prepare()
    return this.#answer(entry, () => {})
  }

  /** @throws {AppError} NOT_FOUND when the client has no such view. */
  find(viewId: string, clientId: string): FrameView {
    return this.#entry(viewId, clientId).view
  }

  /**
   * @throws {AppError} NOT_FOUND when the client has no such view, FILTER_INVALID when the query
   * cannot be read; the old filter stays.
   */
  async setFilter(viewId: string, filter: FrameFilter, clientId: string): Promise<ViewState> {
    const entry = this.#entry(viewId, clientId)
    return this.#answer(entry, () => entry.view.setFilter(filter))
  }

  /** @throws {AppError} As {@link setFilter}; the old search stays. */
  async setFind(viewId: string, query: string, clientId: string): Promise<ViewState> {
    const entry = this.#entry(viewId, clientId)
    return this.#answer(entry, () => entry.view.setFind(query))
  }

  /** Does nothing when the client has no such view. */
  close(viewId: string, clientId: string): void {
    this.#closeWhere((entry) => entry.view.id === viewId && entry.clientId === clientId)
  }

  /** A client is gone. */
  closeOwnedBy(clientId: string): void {
    this.#closeWhere((entry) => entry.clientId === clientId)
  }

  /** A log is let go. */
  closeOfLog(logId: string): void {
    this.#closeWhere((entry) => entry.view.log.id === logId)
  }

  /** Closes all views and ends the threads. */
  async dispose(): Promise<void> {
    this.#closeWhere(() => true)
    await this.#threads.dispose()
  }

  #entry(viewId: string, clientId: string): OpenView {
    const entry = this.#open.get(viewId)
    if (entry?.clientId !== clientId)
      throw new AppError('NOT_FOUND', 'The traffic view does not exist any more.')
    return entry
  }

  #closeWhere(ends: (entry: OpenView) => boolean): void {
    for (const [viewId, entry] of this.#open) {
      if (!ends(entry)) continue
      entry.ticker.stop()
      entry.view.close()
      this.#open.delete(viewId)
    }
  }

  async #answer(entry: OpenView, change: () => void): Promise<ViewState> {
    entry.answering += 1
    try {
      change()
      await entry.view.settled(firstAnswer)
      const state = entry.view.state()
      entry.told = state.total
      return state
    } finally {
      entry.answering -= 1
      if (entry.answering === 0 && entry.held) {
        entry.held = false
        entry.ticker.touch()
      }
    }
  }

  #tell(viewId: string): void {
    const entry = this.#open.get(viewId)
    if (!entry) return
    if (entry.answering > 0) {
      entry.held = true
      return
    }
    const { view } = entry
    const state = view.state()
    const changed = view.takeChange() ?? Number.POSITIVE_INFINITY
    const news = Math.max(Math.min(entry.told, changed), state.evicted)
    const start = Math.max(news, state.total - tailRows)
    const tail = start < state.total ? view.pageInMemory(start, tailRows) : null
    entry.told = state.total
    this.#options.emit(entry.clientId, {
      state,
      tail,
      ...(changed < (tail ? start : state.total) && { changedFrom: changed }),
    })
  }
}
