import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as v from 'valibot'
import { events, type EventPayload } from '@shared/contract'
import { everything } from '@shared/model/frame-filter'
import type { NewRow } from '../frame-log/frame-log'
import { MemoryFrameLog } from '../frame-log/memory-frame-log'
import { FrameViews } from './frame-views'

const utf8 = new TextEncoder()

function append(log: MemoryFrameLog, text = 'hello', fate: NewRow['fate'] = null): number {
  return log.append({
    session: 1,
    time: log.total,
    direction: fate ? 'out' : 'in',
    kind: 'text',
    payload: utf8.encode(text),
    wireSize: 7,
    fragments: 1,
    header: 0x8105,
    fate,
    rtt: null,
    broken: null,
  })
}

interface Heard {
  readonly clientId: string
  readonly payload: EventPayload<'frames.grew'>
}

function setUp() {
  const log = new MemoryFrameLog('log')
  const heard: Heard[] = []
  const views = new FrameViews({
    findLog: (logId) => (logId === log.id ? log : undefined),
    emit: (clientId, payload) => {
      v.assert(events['frames.grew'], payload)
      heard.push({ clientId, payload })
    },
  })
  return { log, heard, views }
}

describe('FrameViews', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('tells of the first change at once and of the rest after 50 ms', () => {
    const { log, heard, views } = setUp()
    const { viewId } = views.open('log', everything(), 'client')
    append(log)
    append(log)
    append(log)
    expect(heard).toHaveLength(1)
    expect(heard[0]).toMatchObject({
      clientId: 'client',
      payload: { state: { viewId, total: 1 }, tail: { start: 0, rows: [{ id: 0 }] } },
    })
    vi.advanceTimersByTime(50)
    expect(heard).toHaveLength(2)
    expect(heard[1]?.payload).toMatchObject({
      state: { total: 3 },
      tail: { start: 1, rows: [{ id: 1 }, { id: 2 }], previousTime: 0 },
    })
    vi.advanceTimersByTime(1000)
    expect(heard).toHaveLength(2)
  })

  it('sends at most 20 events a second and 50 rows each, whatever the traffic', () => {
    const { log, heard, views } = setUp()
    views.open('log', everything(), 'client')
    for (let turn = 0; turn < 1000; turn += 1) {
      for (let count = 0; count < 30; count += 1) append(log)
      vi.advanceTimersByTime(1)
    }
    expect(heard.length).toBeGreaterThan(10)
    expect(heard.length).toBeLessThanOrEqual(21)
    for (const { payload } of heard) expect(payload.tail?.rows.length).toBeLessThanOrEqual(50)
    expect(heard.at(-1)?.payload.tail?.rows.at(-1)?.id).toBe(
      (heard.at(-1)?.payload.state.total ?? 0) - 1,
    )
  })

  it('tells of a changed fate, in the tail or as a position', () => {
    const { log, heard, views } = setUp()
    const early = append(log, 'a', 'queued')
    for (let count = 0; count < 100; count += 1) append(log)
    const late = append(log, 'b', 'queued')
    views.open('log', everything(), 'client')
    log.setFate(late, 'written')
    expect(heard[0]?.payload.tail).toMatchObject({ start: late, rows: [{ fate: 'written' }] })
    expect(heard[0]?.payload).not.toHaveProperty('changedFrom')
    log.setFate(early, 'failed')
    vi.advanceTimersByTime(50)
    expect(heard[1]?.payload.changedFrom).toBe(early)
    expect(heard[1]?.payload.tail?.rows.at(-1)?.id).toBe(late)
  })

  it('sends no tail when no row of the view is new', async () => {
    const { log, heard, views } = setUp()
    views.open('log', { ...everything(), text: 'nothing like it' }, 'client')
    append(log)
    await vi.waitFor(() => expect(heard).toHaveLength(1))
    expect(heard[0]?.payload).toMatchObject({
      state: { total: 0, logTotal: 1, scanned: 1 },
      tail: null,
    })
  })

  it('goes on from the new filter', () => {
    const { log, heard, views } = setUp()
    append(log, 'apple')
    append(log, 'pear')
    const { viewId, total } = views.open('log', { ...everything(), text: 'apple' }, 'client')
    expect(total).toBe(1)
    expect(views.setFilter(viewId, everything(), 'client').total).toBe(2)
    append(log, 'plum')
    expect(heard[0]?.payload.tail).toMatchObject({ start: 2, rows: [{ preview: 'plum' }] })
  })

  it('keeps clients apart', () => {
    const { log, heard, views } = setUp()
    const first = views.open('log', everything(), 'first')
    const second = views.open('log', everything(), 'second')
    expect(views.find(first.viewId, 'first').id).toBe(first.viewId)
    expect(() => views.find(first.viewId, 'second')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    expect(() => views.setFilter(first.viewId, everything(), 'second')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
    views.close(second.viewId, 'first')
    append(log)
    expect(heard.map((item) => item.clientId)).toEqual(['first', 'second'])
  })

  it.each<[string, (views: FrameViews, viewId: string) => void]>([
    ['by its id', (views, viewId) => views.close(viewId, 'client')],
    ['with its client', (views) => views.closeOwnedBy('client')],
    ['with its log', (views) => views.closeOfLog('log')],
    ['with everything', (views) => views.dispose()],
  ])('closes a view %s and is silent from then on', (_, close) => {
    const { log, heard, views } = setUp()
    const { viewId } = views.open('log', everything(), 'client')
    append(log)
    append(log)
    close(views, viewId)
    append(log)
    vi.advanceTimersByTime(1000)
    expect(heard).toHaveLength(1)
    expect(() => views.find(viewId, 'client')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })

  it('refuses a log that does not exist', () => {
    const { views } = setUp()
    expect(() => views.open('other', everything(), 'client')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })
})
