import { tailRows, type EventPayload, type ViewState } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog } from '../frame-log/frame-log'
import { createTicker, type Ticker } from '../ticker'
import { FrameView } from './frame-view'
import { ScanLoop } from './scan-loop'

/** Shortest time between two events of one view, in milliseconds. */
export const viewEventInterval = 50

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
}

/**
 * The views that clients have open. Each view tells its client of changes at once and then at most
 * every 50 ms, whatever the traffic. A client reaches only the views it opened.
 */
export class FrameViews {
  readonly #options: FrameViewsOptions
  readonly #open = new Map<string, OpenView>()
  readonly #loop = new ScanLoop()
  #opened = 0

  constructor(options: FrameViewsOptions) {
    this.#options = options
  }

  /** @throws {AppError} NOT_FOUND when there is no such log. */
  open(logId: string, filter: FrameFilter, clientId: string): ViewState {
    const log = this.#options.findLog(logId)
    if (!log) throw new AppError('NOT_FOUND', 'The traffic to be shown does not exist any more.')
    this.#opened += 1
    const viewId = `view-${this.#opened}`
    const ticker = createTicker(viewEventInterval, () => this.#tell(viewId))
    const view = new FrameView(viewId, log, filter, this.#loop, ticker.touch)
    const state = view.state()
    this.#open.set(viewId, { view, clientId, ticker, told: state.total })
    return state
  }

  /** @throws {AppError} NOT_FOUND when the client has no such view. */
  find(viewId: string, clientId: string): FrameView {
    return this.#entry(viewId, clientId).view
  }

  /** @throws {AppError} NOT_FOUND when the client has no such view. */
  setFilter(viewId: string, filter: FrameFilter, clientId: string): ViewState {
    const entry = this.#entry(viewId, clientId)
    entry.view.setFilter(filter)
    const state = entry.view.state()
    entry.told = state.total
    return state
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

  dispose(): void {
    this.#closeWhere(() => true)
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

  #tell(viewId: string): void {
    const entry = this.#open.get(viewId)
    if (!entry) return
    const state = entry.view.state()
    const changed = entry.view.takeChange() ?? Number.POSITIVE_INFINITY
    const news = Math.max(Math.min(entry.told, changed), state.evicted)
    const start = Math.max(news, state.total - tailRows)
    entry.told = state.total
    this.#options.emit(entry.clientId, {
      state,
      tail: start < state.total ? entry.view.page(start, tailRows) : null,
      ...(changed < start && { changedFrom: changed }),
    })
  }
}
