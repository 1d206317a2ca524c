import { flushPromises } from '@vue/test-utils'
import { effectScope, shallowRef, type EffectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../test/support/fake-frame-engine'
import { putEngine } from '../../../test/support/fake-engine-module'
import { useFrameWindow, type FrameWindow } from './useFrameWindow'

vi.mock('../api/engine', () => import('../../../test/support/fake-engine-module'))

let engine: FakeFrameEngine
let scope: EffectScope
let frames: FrameWindow
const filter = shallowRef<FrameFilter>(everything())

async function open(rows: number, first: Partial<FrameFilter> = {}) {
  engine = putEngine(createFakeFrameEngine(Array.from({ length: rows }, (_, id) => textRow(id))))
  filter.value = { ...everything(), ...first }
  scope = effectScope()
  frames = scope.run(() => useFrameWindow('log', filter)) as FrameWindow
  await flushPromises()
}

afterEach(() => scope.stop())

describe('useFrameWindow', () => {
  it('knows how many rows there are and fetches only those on screen', async () => {
    await open(100_000)
    expect(frames.total.value).toBe(100_000)
    expect(engine.count('frames.page')).toBe(0)
    frames.show(50_010, 50_060)
    await flushPromises()
    expect(engine.count('frames.page')).toBe(1)
    expect(frames.entry(50_020)?.row.id).toBe(50_020)
    expect(frames.entry(0)).toBeUndefined()
  })

  it('asks for a page once however often it comes into sight', async () => {
    await open(1_000)
    frames.show(0, 50)
    frames.show(1, 51)
    frames.show(2, 52)
    await flushPromises()
    frames.show(0, 50)
    await flushPromises()
    expect(engine.count('frames.page')).toBe(1)
  })

  it('does not wait for pages that were scrolled past', async () => {
    await open(100_000)
    engine.hold('frames.page')
    for (let start = 0; start < 50_000; start += 500) frames.show(start, start + 50)
    expect(engine.count('frames.page')).toBe(2)
    engine.release('frames.page')
    await flushPromises()
    expect(engine.count('frames.page')).toBe(3)
    expect(frames.entry(49_510)?.row.id).toBe(49_510)
  })

  it('takes new rows at the tail from the event, without a second trip', async () => {
    await open(0)
    frames.show(0, 40)
    engine.append(textRow(0), textRow(1))
    expect(frames.total.value).toBe(2)
    expect(frames.entry(1)?.row.id).toBe(1)
    expect(frames.entry(1)?.previousTime).toBe(textRow(0).time)
    await flushPromises()
    expect(engine.count('frames.page')).toBe(0)
  })

  it('drops the replies of an earlier filter', async () => {
    await open(500)
    engine.hold('frames.page')
    frames.show(0, 40)
    filter.value = { ...everything(), query: 'message 49' }
    await flushPromises()
    engine.release('frames.page')
    await flushPromises()
    expect(frames.total.value).toBe(11)
    frames.show(0, 11)
    await flushPromises()
    expect(frames.entry(0)?.row.id).toBe(49)
    expect(frames.entry(1)?.row.id).toBe(490)
  })

  it('says which time zone clock times are of', async () => {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
    await open(5)
    expect(engine.lastInput('frames.openView')).toMatchObject({ filter: { timeZone } })
    filter.value = { ...everything(), query: 'time>12:00' }
    await flushPromises()
    expect(engine.lastInput('frames.setFilter')).toMatchObject({ filter: { timeZone } })
  })

  it('ignores growth that an earlier filter saw', async () => {
    await open(500)
    const viewId = engine.openViews()[0] ?? ''
    const before = engine.state(viewId)
    filter.value = { ...everything(), query: 'message 49' }
    await flushPromises()
    engine.emit('frames.grew', { state: { ...before, total: 501 }, tail: null })
    expect(frames.total.value).toBe(11)
  })

  it('asks again for rows on screen that changed, and lets go of others', async () => {
    await open(1_000)
    frames.show(0, 40)
    await flushPromises()
    frames.show(500, 540)
    await flushPromises()
    engine.rows[3] = textRow(3, { fate: 'written', direction: 'out' })
    engine.rows[510] = textRow(510, { fate: 'written', direction: 'out' })
    const viewId = engine.openViews()[0] ?? ''
    engine.emit('frames.grew', { state: engine.state(viewId), tail: null, changedFrom: 3 })
    // What is on screen stays until the answer is here.
    expect(frames.entry(510)?.row.fate).toBeNull()
    expect(frames.entry(3)).toBeUndefined()
    await flushPromises()
    expect(frames.entry(510)?.row.fate).toBe('written')
    expect(engine.count('frames.page')).toBe(3)
  })

  it('shows notes as soon as they are known', async () => {
    await open(100)
    frames.show(0, 40)
    await flushPromises()
    const untouched = frames.entry(5)
    await engine.client.call('frames.bookmark', { logId: 'log', rowId: 4, note: 'here' })
    expect(frames.entry(4)?.row.note).toBe('here')
    expect(frames.entry(5)).toBe(untouched)
    await engine.client.call('frames.bookmark', { logId: 'log', rowId: 4, note: null })
    expect(frames.entry(4)?.row.note).toBeNull()
    expect(engine.count('frames.page')).toBe(1)
  })

  it('follows a view of bookmarks that loses one', async () => {
    await open(100)
    for (const rowId of [2, 40, 60])
      await engine.client.call('frames.bookmark', { logId: 'log', rowId, note: '' })
    filter.value = { ...everything(), bookmarked: true }
    await flushPromises()
    frames.show(0, 40)
    await flushPromises()
    expect([0, 1, 2].map((position) => frames.entry(position)?.row.id)).toEqual([2, 40, 60])
    await engine.client.call('frames.bookmark', { logId: 'log', rowId: 2, note: null })
    await flushPromises()
    expect(frames.total.value).toBe(2)
    expect([0, 1, 2].map((position) => frames.entry(position)?.row.id)).toEqual([40, 60, undefined])
    expect(frames.entry(0)?.previousTime).toBeNull()
  })

  it('closes its view with the component', async () => {
    await open(10)
    scope.stop()
    await flushPromises()
    expect(engine.openViews()).toEqual([])
  })

  it('closes a view that opened after the component was gone', async () => {
    await open(10)
    engine.hold('frames.openView')
    filter.value = everything()
    engine.forgetViews()
    await flushPromises()
    scope.stop()
    engine.release('frames.openView')
    await flushPromises()
    expect(engine.openViews()).toEqual([])
  })

  it('opens a new view when the engine is back', async () => {
    await open(10)
    engine.setConnected(true)
    await flushPromises()
    expect(engine.count('frames.openView')).toBe(1)
    engine.setConnected(false)
    engine.forgetViews()
    engine.setConnected(true)
    await flushPromises()
    expect(engine.count('frames.openView')).toBe(2)
    engine.append(textRow(10))
    expect(frames.total.value).toBe(11)
  })

  it('opens a new view when the engine has forgotten the old one', async () => {
    await open(500)
    engine.forgetViews()
    frames.show(0, 40)
    await flushPromises()
    frames.show(0, 41)
    await flushPromises()
    expect(frames.entry(3)?.row.id).toBe(3)
    expect(frames.error.value).toBeNull()
  })

  it('tells where a row stands under the filter', async () => {
    await open(500, { query: 'message 49' })
    expect(await frames.locate(490)).toEqual({ position: 1, exact: true })
    expect(await frames.locate(50)).toEqual({ position: 1, exact: false })
  })

  it('searches without hiding anything', async () => {
    await open(500)
    await frames.setFind('message 49')
    expect(frames.total.value).toBe(500)
    expect(frames.state.value?.find).toEqual({ query: 'message 49', total: 11, scanned: 500 })
  })

  it('does not answer what was asked about an earlier filter', async () => {
    await open(500)
    engine.hold('frames.locate')
    const place = frames.locate(490)
    filter.value = { ...everything(), query: 'message 49' }
    await flushPromises()
    engine.release('frames.locate')
    expect(await place).toBeNull()
  })
})
