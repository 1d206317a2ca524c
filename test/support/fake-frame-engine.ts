import {
  type EventName,
  type EventPayload,
  type Page,
  type ViewState,
} from '../../src/shared/contract'
import { AppError } from '../../src/shared/errors'
import type { Client } from '../../src/shared/client'
import type { Row } from '../../src/shared/model/frame'
import { everything, type FrameFilter } from '../../src/shared/model/frame-filter'
import { defaultSettings } from '../../src/shared/model/settings'

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
    ...part,
  }
}

/**
 * The part of the engine that the traffic list and the inspector talk to, over one log in memory.
 * Calls are counted; `hold` keeps the replies of a procedure until they are let go.
 */
export function createFakeFrameEngine(rows: Row[] = []) {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const connectedListeners = new Set<(connected: boolean) => void>()
  const calls: { name: string; input: unknown }[] = []
  const views = new Map<string, { viewId: string; filter: FrameFilter }>()
  const payloads = new Map<number, Uint8Array>()
  const held = new Map<string, (() => void)[]>()
  const settings = defaultSettings()
  let firstId = 0
  let nextView = 1

  const passes = (filter: FrameFilter, row: Row) =>
    row.id >= filter.hiddenBefore &&
    filter.kinds.includes(row.kind) &&
    (row.direction === 'none' || filter.directions.includes(row.direction)) &&
    (filter.session === null || row.session === filter.session) &&
    row.preview.toLowerCase().includes(filter.text.toLowerCase())
  const matching = (viewId: string) =>
    rows.filter((row) => passes(views.get(viewId)?.filter ?? everything(), row))

  function view(viewId: string) {
    const found = views.get(viewId)
    if (!found) throw new AppError('NOT_FOUND', 'This view does not exist any more.')
    return found
  }
  function state(viewId: string): ViewState {
    const all = matching(viewId)
    return {
      viewId,
      logId: 'log',
      filter: view(viewId).filter,
      total: all.length,
      evicted: all.filter((row) => row.id < firstId).length,
      logTotal: rows.length,
      logEvicted: firstId,
      scanned: rows.length,
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
      views.set(viewId, { viewId, filter })
      return state(viewId)
    },
    'frames.setFilter': ({ viewId, filter }: { viewId: string; filter: FrameFilter }) => {
      view(viewId).filter = filter
      return state(viewId)
    },
    'frames.closeView': ({ viewId }: { viewId: string }) => void views.delete(viewId),
    'frames.page': (input: { viewId: string; start: number; count: number }) =>
      page(view(input.viewId).viewId, input.start, input.count),
    'frames.locate': ({ viewId, rowId }: { viewId: string; rowId: number }) => {
      const all = matching(view(viewId).viewId)
      const at = all.findIndex((row) => row.id >= rowId)
      return { position: at < 0 ? all.length : at, exact: all[at]?.id === rowId }
    },
    'frames.detail': ({ rowId }: { rowId: number }) => {
      const row = rows[rowId]
      if (!row || rowId < firstId) throw new AppError('EVICTED', 'This row was evicted.')
      return { row, header: null, peer: '127.0.0.1:8765' }
    },
    'frames.payload': (input: { rowId: number; offset: number; length: number }) => {
      const bytes = payloads.get(input.rowId) ?? new Uint8Array(0)
      return {
        bytes: bytes.slice(input.offset, input.offset + input.length),
        size: bytes.byteLength,
      }
    },
    'frames.copy': ({ rowIds }: { rowIds: number[] }) => ({
      text: rowIds.map((id) => JSON.stringify(rows[id])).join('\n'),
    }),
    'frames.export': () => ({ outcome: 'saved', name: 'traffic.jsonl' }),
    'frames.savePayload': () => ({ outcome: 'saved', name: 'payload.bin' }),
  }

  const client: Client = {
    async call(name, input) {
      calls.push({ name, input })
      const queue = held.get(name)
      if (queue) await new Promise<void>((resolve) => queue.push(resolve))
      const handler = handlers[name]
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

  return {
    client,
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

export type FakeFrameEngine = ReturnType<typeof createFakeFrameEngine>
