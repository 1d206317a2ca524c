import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { pageRows, type EventPayload, type Page, type ViewState } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Row } from '@shared/model/frame'
import type { FrameFilter } from '@shared/model/frame-filter'
import { engine } from '../api/engine'
import {
  entryAt,
  mergePage,
  pagesWithGaps,
  withNotes,
  type FrameEntry,
  type FramePages,
} from './frame-pages'

/** Pages asked for at once; more would only delay the ones scrolled to next. */
const parallelPages = 2

/**
 * A small window onto a log through a filter: how many rows match, and the rows around what is on
 * screen. The log itself stays in the engine. The view is opened here, follows the filter, comes
 * back after the engine was out of reach, and is closed with the component.
 */
export function useFrameWindow(logId: string, filter: Readonly<Ref<FrameFilter>>) {
  const state = shallowRef<ViewState | null>(null)
  const pages = shallowRef<FramePages>(new Map())
  const error = shallowRef<unknown>(null)
  /** The positions that are drawn. */
  const visible = shallowRef({ from: 0, to: 0 })
  /** Counts how often rows came to stand at other positions without a change of the filter. */
  const moves = ref(0)
  /** True from a change of the filter until its first answer. */
  const switching = ref(true)

  /** Replies and events that belong to an earlier filter or view are dropped by this. */
  let generation = 0
  let disposed = false
  let inFlight = new Set<number>()
  /** Pages on screen with rows that changed. */
  let stale = new Set<number>()
  /** Pages that came with gaps, and how many rows the view had then: asking again is of no use yet. */
  let asked = new Map<number, number>()
  let early: EventPayload<'frames.grew'> | null = null

  /** Rows the log had when the filter was set. */
  const goal = ref(0)
  /** Whether rows may still come to the view that are not new in the log. */
  const catchingUp = computed(() => {
    const now = state.value
    return switching.value || (now?.problem === null && now.scanned < goal.value)
  })
  const first = computed(() => state.value?.evicted ?? 0)
  const total = computed(() => state.value?.total ?? 0)

  async function start(request: () => Promise<ViewState>) {
    const mine = ++generation
    switching.value = true
    try {
      const next = await request()
      if (disposed) return void close(next.viewId)
      if (mine !== generation) return
      pages.value = new Map()
      inFlight = new Set()
      stale = new Set()
      asked = new Map()
      goal.value = next.logTotal
      state.value = next
      switching.value = false
      error.value = null
      if (early && belongsTo(next, early)) grow(early)
      early = null
      fetchVisible()
    } catch (failure) {
      if (!disposed && mine === generation) failed(failure)
    }
  }

  /** Clock times are of this window, wherever the engine runs. */
  function zoned(): FrameFilter {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    return { ...filter.value, timeZone }
  }

  function open() {
    return start(() => engine.call('frames.openView', { logId, filter: zoned() }))
  }

  function changeFilter() {
    const viewId = state.value?.viewId
    if (viewId === undefined) return open()
    return start(() => engine.call('frames.setFilter', { viewId, filter: zoned() }))
  }

  function failed(failure: unknown) {
    const code = failure instanceof AppError ? failure.code : null
    // The engine forgot the view, for it was started anew; the log may still be there.
    if (code === 'NOT_FOUND' && state.value) {
      state.value = null
      void open()
    } else if (code !== 'BACKEND_GONE') {
      error.value = failure
      switching.value = false
    }
  }

  function grow(event: EventPayload<'frames.grew'>) {
    // Only in a view of bookmarks rows come and go elsewhere than at its ends.
    const moved = event.state.filter.bookmarked && event.changedFrom !== undefined
    if (event.state.total < total.value) pages.value = new Map()
    state.value = event.state
    if (moved) moves.value += 1
    if (event.tail) put(event.tail)
    if (event.changedFrom !== undefined)
      forget(event.changedFrom, event.tail?.start ?? event.state.total)
    fetchVisible()
  }

  /** Rows at these positions changed: those on screen are asked for again, the others let go. */
  function forget(from: number, to: number) {
    const shown = shownRange()
    const kept = new Map(pages.value)
    for (const number of pages.value.keys()) {
      const start = number * pageRows
      if (start >= to || start + pageRows <= from) continue
      if (start < shown.to && start + pageRows > shown.from) stale.add(number)
      else kept.delete(number)
    }
    // What is on its way may have been read before the change.
    for (const number of inFlight) stale.add(number)
    replace(kept)
  }

  function put(page: Page) {
    replace(mergePage(pages.value, page, first.value, (visible.value.from + visible.value.to) / 2))
  }

  function replace(next: FramePages) {
    // What is let go of has to be asked for again when one comes back to it.
    for (const number of pages.value.keys()) if (!next.has(number)) asked.delete(number)
    pages.value = next
  }

  /** The positions on screen that exist. */
  function shownRange() {
    const { from, to } = visible.value
    return { from: Math.max(from, first.value), to: Math.min(to, total.value) }
  }

  function fetchVisible() {
    if (switching.value) return
    const { from, to } = shownRange()
    const gaps = pagesWithGaps(pages.value, from, to)
    const wanted = new Set([...gaps.filter((page) => asked.get(page) !== total.value), ...stale])
    for (const number of wanted) {
      if (inFlight.size >= parallelPages) return
      if (!inFlight.has(number)) void fetchPage(number)
    }
  }

  async function fetchPage(number: number) {
    const view = state.value
    if (!view) return
    const mine = generation
    inFlight.add(number)
    stale.delete(number)
    try {
      const page = await engine.call('frames.page', {
        viewId: view.viewId,
        start: number * pageRows,
        count: pageRows,
      })
      if (disposed || mine !== generation) return
      inFlight.delete(number)
      put(page)
      if (page.rows.length === 0 || pages.value.has(number)) asked.set(number, view.total)
      fetchVisible()
    } catch (failure) {
      if (disposed || mine !== generation) return
      inFlight.delete(number)
      failed(failure)
    }
  }

  /** Says which positions are on screen, so that their rows are there. */
  function show(from: number, to: number) {
    visible.value = { from, to }
    fetchVisible()
  }

  /** The row at a position, when it is in the window. */
  function entry(position: number): FrameEntry | undefined {
    return entryAt(pages.value, position)
  }

  /** Asks something about the view; `null` when there is none, or when it became another meanwhile. */
  async function ask<Answer>(
    question: (viewId: string) => Promise<Answer>,
  ): Promise<Answer | null> {
    const viewId = state.value?.viewId
    if (viewId === undefined || switching.value) return null
    const mine = generation
    try {
      const answer = await question(viewId)
      return !disposed && mine === generation ? answer : null
    } catch (failure) {
      if (!disposed && mine === generation) failed(failure)
      return null
    }
  }

  /** The row at a position, in the window or not. */
  async function rowAt(position: number): Promise<Row | undefined> {
    const known = entry(position)
    if (known) return known.row
    const page = await ask((viewId) =>
      engine.call('frames.page', { viewId, start: position, count: 1 }),
    )
    return page?.start === position ? page.rows[0] : undefined
  }

  /** Where a row of the log stands in the view, or the next one that matches; `null` when unknown. */
  function locate(rowId: number): Promise<{ position: number; exact: boolean } | null> {
    return ask((viewId) => engine.call('frames.locate', { viewId, rowId }))
  }

  /** Searches without hiding anything; an empty query ends the search. */
  async function setFind(query: string): Promise<void> {
    const next = await ask((viewId) => engine.call('frames.setFind', { viewId, query }))
    if (next) state.value = next
  }

  const stopListening = engine.on('frames.grew', (event) => {
    const view = state.value
    if (!view || switching.value) early = event
    else if (belongsTo(view, event)) grow(event)
  })

  const stopNotes = engine.on('frames.bookmarksChanged', (event) => {
    if (event.logId === logId) replace(withNotes(pages.value, event.bookmarks))
  })

  let lost = false
  const stopWatching = engine.onConnectedChange((connected) => {
    if (connected && lost) {
      state.value = null
      void open()
    }
    lost = !connected
  })

  watch(filter, changeFilter)
  void open()

  onScopeDispose(() => {
    disposed = true
    stopListening()
    stopNotes()
    stopWatching()
    if (state.value) close(state.value.viewId)
  })

  return {
    state,
    first,
    total,
    visible,
    moves,
    catchingUp,
    switching,
    error,
    entry,
    rowAt,
    show,
    ask,
    locate,
    setFind,
  }
}

export type FrameWindow = ReturnType<typeof useFrameWindow>

function close(viewId: string) {
  // Closing what is gone already is as good as closed.
  engine.call('frames.closeView', { viewId }).catch(() => {})
}

/** Whether the event speaks of this view under its present filter, not under the one before. */
function belongsTo(view: ViewState, { state }: EventPayload<'frames.grew'>): boolean {
  return (
    state.viewId === view.viewId && JSON.stringify(state.filter) === JSON.stringify(view.filter)
  )
}
