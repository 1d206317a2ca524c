import {
  type EventName,
  type EventPayload,
  type Page,
  type ViewState,
} from '../../src/shared/contract'
import { AppError } from '../../src/shared/errors'
import type { Client } from '../../src/shared/client'
import type { Row, SessionInfo } from '../../src/shared/model/frame'
import type { LogState } from '../../src/shared/model/capture'
import { everything, type FrameFilter } from '../../src/shared/model/frame-filter'
import { defaultSettings } from '../../src/shared/model/settings'
import { statisticsOf, timelineOf } from './fake-frame-figures'

/** A text row as the engine describes it; parts can be replaced. */
export function textRow(id: number, part: Partial<Row> = {}): Row {
  return {
    id,
    session: 1,
    time: 1_000_000 + id * 10,
    direction: 'in',
    kind: 'text',
    size: 8,
    wireSize: 10,
    fragments: 1,
    compressed: false,
    fate: null,
    preview: `message ${id}`,
    previewCut: false,
    closeCode: null,
    rtt: null,
    broken: null,
    note: null,
    ...part,
  }
}

const fakeSession: SessionInfo = {
  number: 1,
  role: 'client',
  url: 'ws://127.0.0.1:8765/chat',
  peer: '127.0.0.1:8765',
  local: '127.0.0.1:50312',
}

interface FakeView {
  filter: FrameFilter
  find: string
}

/**
 * The part of the engine that the traffic list and the inspector talk to, over one log in memory. A
 * query is text that rows contain. Calls are counted; `hold` keeps the replies of a procedure until
 * they are let go.
 */
export function createFakeFrameEngine(rows: Row[] = []) {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const connectedListeners = new Set<(connected: boolean) => void>()
  const calls: { name: string; input: unknown }[] = []
  const views = new Map<string, FakeView>()
  const payloads = new Map<number, Uint8Array>()
  const held = new Map<string, (() => void)[]>()
  const settings = defaultSettings()
  let logState: LogState = {
    logId: 'log',
    storage: 'disk',
    problem: null,
    lost: 0,
    bytes: 0,
    budget: settings.logBudget,
  }
  let firstId = 0
  let nextView = 1

  const passes = (filter: FrameFilter, row: Row) =>
    row.id >= filter.hiddenBefore &&
    filter.kinds.includes(row.kind) &&
    (row.direction === 'none' || filter.directions.includes(row.direction)) &&
    (filter.session === null || row.session === filter.session) &&
    (!filter.bookmarked || row.note !== null) &&
    (filter.period === null || (row.time >= filter.period.from && row.time < filter.period.to)) &&
    contains(row, filter.query)
  const matching = (viewId: string) =>
    rows.filter((row) => passes(views.get(viewId)?.filter ?? everything(), row))

  function view(viewId: string): FakeView {
    const found = views.get(viewId)
    if (!found) throw new AppError('NOT_FOUND', 'This view does not exist any more.')
    return found
  }
  function state(viewId: string): ViewState {
    const all = matching(viewId)
    const { filter, find } = view(viewId)
    return {
      viewId,
      logId: 'log',
      filter,
      total: all.length,
      evicted: all.filter((row) => row.id < firstId).length,
      logTotal: rows.length,
      logEvicted: firstId,
      scanned: rows.length,
      problem: null,
      find:
        find === ''
          ? null
          : {
              query: find,
              total: all.filter((row) => contains(row, find)).length,
              scanned: rows.length,
            },
    }
  }
  function page(viewId: string, start: number, count: number): Page {
    const all = matching(viewId)
    const first = Math.min(Math.max(start, state(viewId).evicted), all.length)
    return {
      start: first,
      rows: all.slice(first, start + count),
      previousTime: all[first - 1]?.time ?? null,
    }
  }

  const handlers: Record<string, (input: never) => unknown> = {
    'settings.get': () => settings,
    'settings.update': (part: object) => Object.assign(settings, part),
    'frames.openView': ({ filter }: { filter: FrameFilter }) => {
      const viewId = `view ${nextView++}`
      views.set(viewId, { filter, find: '' })
      return state(viewId)
    },
    'frames.setFilter': ({ viewId, filter }: { viewId: string; filter: FrameFilter }) => {
      view(viewId).filter = filter
      return state(viewId)
    },
    'frames.closeView': ({ viewId }: { viewId: string }) => void views.delete(viewId),
    'frames.page': (input: { viewId: string; start: number; count: number }) =>
      view(input.viewId) && page(input.viewId, input.start, input.count),
    'frames.locate': ({ viewId, rowId }: { viewId: string; rowId: number }) => {
      const all = view(viewId) && matching(viewId)
      const at = all.findIndex((row) => row.id >= rowId)
      return { position: at < 0 ? all.length : at, exact: all[at]?.id === rowId }
    },
    'frames.detail': ({ rowId }: { rowId: number }) => {
      const row = rows[rowId]
      if (!row || rowId < firstId) throw new AppError('EVICTED', 'This row was evicted.')
      return { row, session: fakeSession, frames: new Uint8Array(0), raw: null }
    },
    'frames.payload': (input: { rowId: number; offset: number; length: number }) => {
      const bytes = payloads.get(input.rowId) ?? new Uint8Array(0)
      return {
        bytes: bytes.slice(input.offset, input.offset + input.length),
        size: bytes.byteLength,
      }
    },
    'frames.setFind': ({ viewId, query }: { viewId: string; query: string }) => {
      view(viewId).find = query
      return state(viewId)
    },
    'frames.findNext': (input: { viewId: string; position: number | null; backwards: boolean }) => {
      const { find } = view(input.viewId)
      const all = matching(input.viewId)
      const found = all.flatMap((row, position) => (contains(row, find) ? [position] : []))
      if (find === '' || found.length === 0) return null
      const from = input.position
      const index = input.backwards
        ? found.findLastIndex((position) => from === null || position < from)
        : found.findIndex((position) => from === null || position > from)
      const at = index >= 0 ? index : input.backwards ? found.length - 1 : 0
      const position = found[at] ?? 0
      return { position, rowId: all[position]?.id ?? 0, index: at }
    },
    'frames.found': (input: { viewId: string; start: number; count: number }) =>
      matching(input.viewId)
        .slice(input.start, input.start + input.count)
        .map((row) => view(input.viewId).find !== '' && contains(row, view(input.viewId).find)),
    'frames.locateTime': ({ viewId, time }: { viewId: string; time: number }) => {
      const all = matching(viewId)
      const at = all.findIndex((row) => row.time >= time)
      return { position: at < 0 ? all.length : at }
    },
    'frames.statistics': (input: { viewId: string; ranges: [number, number][] }) =>
      statisticsOf(
        input.ranges.flatMap(([from, to]) =>
          view(input.viewId) ? matching(input.viewId).slice(from, to) : [],
        ),
      ),
    'frames.timeline': (input: {
      viewId: string
      period: { from: number; to: number } | null
      parts: number
    }) => view(input.viewId) && timelineOf(matching(input.viewId), input.period, input.parts),
    'frames.bookmark': (input: { rowId: number; note: string | null }) =>
      putBookmark(input.rowId, input.note),
    'frames.bookmarks': () => bookmarks(),
    'frames.logState': () => logState,
    'frames.copy': ({ viewId, ranges }: { viewId: string; ranges: [number, number][] }) => ({
      text: ranges
        .flatMap(([from, to]) => matching(viewId).slice(from, to))
        .map((row) => JSON.stringify(row))
        .join('\n'),
    }),
    'frames.export': () => ({ outcome: 'saved', name: 'traffic.jsonl' }),
    'frames.savePayload': () => ({ outcome: 'saved', name: 'payload.bin' }),
  }

  /** What a test answers in place of, or besides, the procedures here. */
  const answers: Record<string, (input: never) => unknown> = {}

  const client: Client = {
    async call(name, input) {
      calls.push({ name, input })
      const queue = held.get(name)
      if (queue) await new Promise<void>((resolve) => queue.push(resolve))
      const handler = answers[name] ?? handlers[name]
      if (!handler) throw new AppError('UNKNOWN_PROCEDURE', `There is no procedure ${name}.`)
      return structuredClone(handler(structuredClone(input) as never)) as never
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (payload: never) => void)
      return () => set.delete(listener as (payload: never) => void)
    },
    onConnectedChange(listener) {
      connectedListeners.add(listener)
      return () => connectedListeners.delete(listener)
    },
  }

  function emit<Name extends EventName>(name: Name, payload: EventPayload<Name>) {
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  }
  /** Tells every view what the log has become, with its last rows. */
  function announce() {
    for (const viewId of views.keys()) {
      const { total } = state(viewId)
      emit('frames.grew', { state: state(viewId), tail: page(viewId, Math.max(0, total - 50), 50) })
    }
  }

  function bookmarks() {
    return rows.flatMap(({ id, note }) => (note === null ? [] : [{ rowId: id, note }]))
  }
  function putBookmark(rowId: number, note: string | null) {
    const row = rows[rowId]
    if (!row) throw new AppError('NOT_FOUND', 'This row does not exist any more.')
    rows[rowId] = { ...row, note }
    emit('frames.bookmarksChanged', { logId: 'log', bookmarks: bookmarks() })
    for (const [viewId, { filter }] of views)
      if (filter.bookmarked)
        emit('frames.grew', { state: state(viewId), tail: null, changedFrom: 0 })
  }

  return {
    client,
    answers,
    rows,
    payloads,
    settings,
    emit,
    announce,
    state,
    openViews: () => [...views.keys()],
    count: (name: string) => calls.filter((call) => call.name === name).length,
    lastInput: (name: string) => calls.findLast((call) => call.name === name)?.input,
    append(...added: Row[]) {
      rows.push(...added)
      announce()
    },
    evictBefore(id: number) {
      firstId = id
      announce()
    },
    /** Tells how the log is kept from now on. */
    setLogState(part: Partial<LogState>) {
      logState = { ...logState, ...part }
      emit('frames.logChanged', logState)
    },
    /** Forgets every view, as a restarted engine has. */
    forgetViews: () => views.clear(),
    setConnected(connected: boolean) {
      for (const listener of connectedListeners) listener(connected)
    },
    hold: (name: string) => held.set(name, []),
    release(name: string) {
      const queue = held.get(name) ?? []
      held.delete(name)
      for (const resolve of queue) resolve()
    },
  }
}

function contains(row: Row, query: string): boolean {
  return row.preview.toLowerCase().includes(query.toLowerCase())
}

export type FakeFrameEngine = ReturnType<typeof createFakeFrameEngine>
