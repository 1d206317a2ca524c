import * as v from 'valibot'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { events, type EventPayload } from '@shared/contract'
import { everything } from '@shared/model/frame-filter'
import { newRow } from '../../../../test/support/new-row'
import { SegmentLog } from '../frame-log/segment-log'
import type { FrameLog, NewRow } from '../frame-log/frame-log'
import { FrameViews } from './frame-views'

const utf8 = new TextEncoder()

function append(log: FrameLog, text = 'hello', fate: NewRow['fate'] = null): number {
  return log.append(
    newRow({
      time: log.total,
      direction: fate ? 'out' : 'in',
      payload: utf8.encode(text),
      fate,
    }),
  )
}

interface Heard {
  readonly clientId: string
  readonly payload: EventPayload<'frames.grew'>
}

const opened: FrameViews[] = []

function setUp() {
  const log = new SegmentLog({ id: 'log', folder: null })
  const heard: Heard[] = []
  const views = new FrameViews({
    findLog: (logId) => (logId === log.id ? log : undefined),
    emit: (clientId, payload) => {
      v.assert(events['frames.grew'], payload)
      heard.push({ clientId, payload })
    },
  })
  opened.push(views)
  return { log, heard, views }
}

/** Waits, in real time, for an event that passes. */
async function eventWhere(
  heard: readonly Heard[],
  passes: (payload: Heard['payload']) => boolean,
): Promise<Heard['payload']> {
  return vi.waitFor(() => {
    const found = heard.find(({ payload }) => passes(payload))
    if (!found) throw new Error('No such event yet')
    return found.payload
  }, 10_000)
}

describe('FrameViews', () => {
  afterEach(async () => {
    vi.useRealTimers()
    await Promise.all(opened.splice(0).map((views) => views.dispose()))
  })

  it('tells of the first change at once and of the rest after 50 ms', async () => {
    vi.useFakeTimers()
    const { log, heard, views } = setUp()
    const { viewId } = await views.open('log', everything(), 'client')
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

  it('sends at most 20 events a second and 50 rows each, whatever the traffic', async () => {
    vi.useFakeTimers()
    const { log, heard, views } = setUp()
    await views.open('log', everything(), 'client')
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

  it('tells of a changed fate, in the tail or as a position', async () => {
    vi.useFakeTimers()
    const { log, heard, views } = setUp()
    const early = append(log, 'a', 'queued')
    for (let count = 0; count < 100; count += 1) append(log)
    const late = append(log, 'b', 'queued')
    await views.open('log', everything(), 'client')
    log.setFate(late, 'written')
    expect(heard[0]?.payload.tail).toMatchObject({ start: late, rows: [{ fate: 'written' }] })
    expect(heard[0]?.payload).not.toHaveProperty('changedFrom')
    log.setFate(early, 'failed')
    vi.advanceTimersByTime(50)
    expect(heard[1]?.payload.changedFrom).toBe(early)
    expect(heard[1]?.payload.tail?.rows.at(-1)?.id).toBe(late)
  })

  it('leaves the tail to be fetched when its rows are not in memory', async () => {
    vi.useFakeTimers()
    const { log, heard, views } = setUp()
    append(log)
    await views.open('log', everything(), 'client')
    vi.spyOn(log, 'row').mockReturnValue(undefined)
    append(log)
    expect(heard[0]?.payload).toMatchObject({ state: { total: 2 }, tail: null })
    expect(heard[0]?.payload).not.toHaveProperty('changedFrom')
    log.setBookmark(1, 'seen')
    vi.advanceTimersByTime(50)
    expect(heard[1]?.payload).toMatchObject({ state: { total: 2 }, tail: null, changedFrom: 1 })
  })

  it('answers with what matches, and sends no tail when no row of the view is new', async () => {
    const { log, heard, views } = setUp()
    append(log, 'apple')
    append(log, 'pear')
    const filter = { ...everything(), query: 'apple' }
    const { viewId } = await views.open('log', filter, 'client')
    await eventWhereOrNow(heard, views, viewId)
    heard.length = 0
    append(log, 'plum')
    const grown = await eventWhere(heard, ({ state }) => state.scanned === 3)
    expect(grown).toMatchObject({ state: { total: 1, logTotal: 3 }, tail: null })
    append(log, 'apples')
    const more = await eventWhere(heard, ({ state }) => state.scanned === 4)
    expect(more).toMatchObject({ state: { total: 2 }, tail: { start: 1, rows: [{ id: 3 }] } })
    const state = await views.setFilter(viewId, everything(), 'client')
    expect(state).toMatchObject({ total: 4, filter: { query: '' } })
  })

  it('tells how far a search is and what it found', async () => {
    const { log, heard, views } = setUp()
    append(log, 'apple')
    append(log, 'pear')
    const { viewId } = await views.open('log', everything(), 'client')
    const state = await views.setFind(viewId, 'pear', 'client')
    expect(state).toMatchObject({ total: 2, find: { query: 'pear' } })
    append(log, 'pears')
    const found = await eventWhere(heard, ({ state: told }) => told.find?.scanned === 3)
    expect(found).toMatchObject({ state: { total: 3, find: { query: 'pear', total: 2 } } })
    expect(await views.setFind(viewId, '', 'client')).toMatchObject({ find: null })
  })

  it('answers a call before it tells of anything that happens meanwhile', async () => {
    const { log, heard, views } = setUp()
    const { viewId } = await views.open('log', everything(), 'client')
    const answer = views.setFind(viewId, 'pear', 'client')
    append(log, 'pear')
    const { logTotal } = await answer
    expect(logTotal).toBe(1)
    expect(heard).toEqual([])
    await eventWhere(heard, ({ state }) => state.find?.total === 1)
  })

  it('refuses a query that cannot be read', async () => {
    const { views } = setUp()
    const { viewId } = await views.open('log', everything(), 'client')
    const invalid = expect.objectContaining({ code: 'FILTER_INVALID' })
    const filter = { ...everything(), query: '"open' }
    await expect(views.open('log', filter, 'client')).rejects.toEqual(invalid)
    await expect(views.setFilter(viewId, filter, 'client')).rejects.toEqual(invalid)
    await expect(views.setFind(viewId, '"open', 'client')).rejects.toEqual(invalid)
    expect(views.find(viewId, 'client').filter).toEqual(everything())
  })

  it('keeps clients apart', async () => {
    const { log, heard, views } = setUp()
    const first = await views.open('log', everything(), 'first')
    const second = await views.open('log', everything(), 'second')
    expect(views.find(first.viewId, 'first').id).toBe(first.viewId)
    const absent = expect.objectContaining({ code: 'NOT_FOUND' })
    expect(() => views.find(first.viewId, 'second')).toThrow(absent)
    await expect(views.setFilter(first.viewId, everything(), 'second')).rejects.toEqual(absent)
    await expect(views.setFind(first.viewId, '', 'second')).rejects.toEqual(absent)
    views.close(second.viewId, 'first')
    append(log)
    expect(heard.map((item) => item.clientId)).toEqual(['first', 'second'])
  })

  it.each<[string, (views: FrameViews, viewId: string) => unknown]>([
    ['by its id', (views, viewId) => views.close(viewId, 'client')],
    ['with its client', (views) => views.closeOwnedBy('client')],
    ['with its log', (views) => views.closeOfLog('log')],
    ['with everything', (views) => views.dispose()],
  ])('closes a view %s and is silent from then on', async (_, close) => {
    vi.useFakeTimers()
    const { log, heard, views } = setUp()
    const { viewId } = await views.open('log', everything(), 'client')
    append(log)
    append(log)
    await close(views, viewId)
    append(log)
    vi.advanceTimersByTime(1000)
    expect(heard).toHaveLength(1)
    expect(() => views.find(viewId, 'client')).toThrow(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })

  it('refuses a log that does not exist', async () => {
    const { views } = setUp()
    await expect(views.open('other', everything(), 'client')).rejects.toEqual(
      expect.objectContaining({ code: 'NOT_FOUND' }),
    )
  })
})

/** The thread may be started by the call, and then takes longer than the call waits. */
async function eventWhereOrNow(heard: readonly Heard[], views: FrameViews, viewId: string) {
  const view = views.find(viewId, 'client')
  if (view.state().scanned < 2) await eventWhere(heard, ({ state }) => state.scanned === 2)
  expect(view.state()).toMatchObject({ total: 1, scanned: 2 })
}
