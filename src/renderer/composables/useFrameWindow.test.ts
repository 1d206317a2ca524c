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
    filter.value = { ...everything(), text: 'message 49' }
    await flushPromises()
    engine.release('frames.page')
    await flushPromises()
    expect(frames.total.value).toBe(11)
    frames.show(0, 11)
    await flushPromises()
    expect(frames.entry(0)?.row.id).toBe(49)
    expect(frames.entry(1)?.row.id).toBe(490)
  })

  it('ignores growth that an earlier filter saw', async () => {
    await open(500)
    const viewId = engine.openViews()[0] ?? ''
    const before = engine.state(viewId)
    filter.value = { ...everything(), text: 'message 49' }
    await flushPromises()
    engine.emit('frames.grew', { state: { ...before, total: 501 }, tail: null })
    expect(frames.total.value).toBe(11)
  })

  it('asks again for a row on screen whose fate was open and is not in the tail', async () => {
    await open(0)
    frames.show(0, 200)
    engine.append(textRow(0, { fate: 'queued', direction: 'out' }))
    expect(frames.entry(0)?.row.fate).toBe('queued')
    engine.rows[0] = textRow(0, { fate: 'written', direction: 'out' })
    engine.append(...Array.from({ length: 60 }, (_, index) => textRow(index + 1)))
    await flushPromises()
    expect(frames.entry(0)?.row.fate).toBe('written')
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
    await open(500, { text: 'message 49' })
    expect(await frames.locate(490)).toEqual({ position: 1, exact: true })
    expect(await frames.locate(50)).toEqual({ position: 1, exact: false })
  })

  it('reads rows that are not on screen, page by page', async () => {
    await open(1_000)
    const rows = await frames.readRows(90, 310)
    expect(rows.map((row) => row.id)).toEqual(Array.from({ length: 220 }, (_, index) => index + 90))
    expect(engine.count('frames.page')).toBe(3)
  })
})
