import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, ref, type Component, type Ref } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rowKinds } from '@shared/model/frame'
import { putEngine } from '../../../../test/support/fake-engine-module'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../../test/support/fake-frame-engine'
import { useToastsStore } from '../../stores/toasts'
import TrafficPane from './TrafficPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

let engine: FakeFrameEngine
let wrapper: VueWrapper
let selected: Ref<number | null | undefined>

beforeEach(() => {
  setActivePinia(createPinia())
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(480)
  selected = ref(undefined)
})
afterEach(() => {
  wrapper.unmount()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

async function show(rows: Parameters<typeof createFakeFrameEngine>[0], props = {}) {
  engine = putEngine(createFakeFrameEngine(rows))
  wrapper = mountPane(props)
  await flushPromises()
}

function mountPane(props = {}) {
  const Page = defineComponent(
    () => () =>
      h(TooltipProvider, () =>
        h(TrafficPane as Component, {
          logId: 'log',
          name: 'Feed',
          selected: selected.value,
          'onUpdate:selected': (id: number | null | undefined) => (selected.value = id),
          ...props,
        }),
      ),
  )
  return mount(Page, { attachTo: document.body })
}

const manyRows = (count: number) => Array.from({ length: count }, (_, id) => textRow(id))
const grid = () => wrapper.get('[role="grid"]')
const rows = () => grid().findAll('[role="row"]').slice(1)
const cells = (row: number) =>
  (rows()[row]?.findAll('[role="gridcell"]') ?? []).map((cell) => cell.text())
const button = (name: string) => {
  const found = wrapper
    .findAll('button')
    .find((item) => (item.attributes('aria-label') ?? item.text()) === name)
  if (!found) throw new Error(`There is no button ${name}.`)
  return found
}
const key = (name: string, options = {}) => grid().trigger('keydown', { key: name, ...options })
async function filter(text: string) {
  await wrapper.get('[aria-label="Filter"]').setValue(text)
  await wrapper.get('[aria-label="Filter"]').trigger('keydown', { key: 'Enter' })
  await flushPromises()
}

describe('the traffic list', () => {
  it('is a grid with the columns people look for and the number of its rows', async () => {
    await show(manyRows(1_000))
    expect(grid().attributes('aria-label')).toBe('Traffic')
    expect(grid().attributes('aria-rowcount')).toBe('1000')
    expect(
      grid()
        .findAll('[role="columnheader"]')
        .map((head) => head.text()),
    ).toEqual(['Time', 'Delta', 'Direction', 'Type', 'Size', 'Preview'])
    expect(rows().length).toBeLessThan(60)
    expect(rows().at(-1)?.attributes('aria-rowindex')).toBe('1000')
  })

  it('names direction, close codes, broken rules, fates and fragments in its rows', async () => {
    await show([
      textRow(0, { direction: 'out', fate: 'failed', preview: 'lost' }),
      textRow(1, { kind: 'close', closeCode: 1011, preview: 'boom', size: 6 }),
      textRow(2, {
        kind: 'ping',
        broken: { rule: 'A control frame must not be fragmented', section: 'RFC 6455 section 5.5' },
      }),
      textRow(3, { fragments: 3, preview: 'a\r\n\u202eb', previewCut: true }),
      textRow(4, { kind: 'pong', rtt: 12.4, preview: '00 01', direction: 'in' }),
      textRow(5, { kind: 'note', direction: 'none', preview: 'Reading paused' }),
    ])
    expect(cells(0).slice(2)).toEqual(['Out', 'text', '8 B', 'not sentlost'])
    expect(cells(1).at(-1)).toBe('1011 Internal error boom')
    expect(cells(2).at(-1)).toContain(
      'A control frame must not be fragmented (RFC 6455 section 5.5)',
    )
    expect(cells(3).at(-1)).toBe('3 fragmentsa\\r\\n\\u{202e}b…')
    expect(cells(4).at(-1)).toBe('00 01 12.4 ms')
    expect(cells(5).slice(2)).toEqual(['', 'note', '', 'Reading paused'])
  })

  it('shows only rows with the filter’s text, marks it, and says how many of how many', async () => {
    await show(manyRows(200))
    await filter('MESSAGE 19')
    expect(grid().attributes('aria-rowcount')).toBe('11')
    expect(wrapper.text()).toContain('11 of 200')
    expect(rows()[0]?.get('mark').text()).toBe('message 19')
  })

  it('offers to show everything when nothing matches', async () => {
    await show(manyRows(5))
    await filter('nowhere')
    expect(wrapper.text()).toContain('Nothing matches the filter')
    await button('Show everything').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('5')
  })

  it('empties the filter with Escape, and returns to the list with the next one', async () => {
    await show(manyRows(5))
    await filter('nowhere')
    const field = wrapper.get<HTMLInputElement>('[aria-label="Filter"]')
    field.element.focus()
    await field.trigger('keydown', { key: 'Escape' })
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('5')
    expect(document.activeElement).toBe(field.element)
    await field.trigger('keydown', { key: 'Escape' })
    expect(document.activeElement).toBe(grid().element)
  })

  it('hides a direction and keeps events', async () => {
    await show([
      textRow(0, { direction: 'in' }),
      textRow(1, { direction: 'out' }),
      textRow(2, { direction: 'none', kind: 'note' }),
    ])
    await button('In').trigger('click')
    await flushPromises()
    expect(button('In').attributes('aria-pressed')).toBe('false')
    expect(rows().map((row) => row.findAll('[role="gridcell"]')[2]?.text())).toEqual(['Out', ''])
  })

  it('selects by keyboard and tells which row the inspector shows', async () => {
    await show(manyRows(100))
    await key('ArrowUp')
    expect(selected.value).toBe(99)
    await key('ArrowUp')
    expect(selected.value).toBe(98)
    await key('Home')
    await flushPromises()
    expect(selected.value).toBe(0)
    const active = grid().attributes('aria-activedescendant') ?? ''
    expect(document.getElementById(active)?.getAttribute('aria-selected')).toBe('true')
    await key('ArrowDown', { shiftKey: true })
    expect(rows().filter((row) => row.attributes('aria-selected') === 'true')).toHaveLength(2)
    await key('Escape')
    expect(rows().filter((row) => row.attributes('aria-selected') === 'true')).toHaveLength(1)
  })

  it('selects a range by mouse and copies it as JSON Lines', async () => {
    const writeText = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, platform: 'Linux', clipboard: { writeText } })
    await show(manyRows(10))
    await rows()[2]?.trigger('mousedown', { button: 0 })
    await rows()[4]?.trigger('mousedown', { button: 0, shiftKey: true })
    await key('c', { ctrlKey: true })
    await flushPromises()
    expect(engine.lastInput('frames.copy')).toMatchObject({ rowIds: [2, 3, 4] })
    expect(writeText).toHaveBeenCalledWith(expect.stringContaining('"id":4'))
    vi.unstubAllGlobals()
  })

  it('keeps the same row selected under another filter', async () => {
    await show(manyRows(200))
    selected.value = 190
    await flushPromises()
    await filter('message 19')
    const marked = rows().filter((row) => row.attributes('aria-selected') === 'true')
    expect(marked.map((row) => row.text())).toEqual([expect.stringContaining('message 190')])
  })

  it('exports the selection when several rows are selected, else the whole view', async () => {
    await show(manyRows(10))
    await button('Export').trigger('click')
    await flushPromises()
    expect(engine.lastInput('frames.export')).toMatchObject({ rowIds: null })
    await rows()[7]?.trigger('mousedown', { button: 0 })
    await rows()[9]?.trigger('mousedown', { button: 0, ctrlKey: true })
    await button('Export').trigger('click')
    await flushPromises()
    expect(engine.lastInput('frames.export')).toMatchObject({ rowIds: [7, 9] })
  })

  it('freezes on Pause, says how many rows came meanwhile, and catches up on Resume', async () => {
    await show(manyRows(10))
    await button('Pause').trigger('click')
    engine.append(textRow(10), textRow(11))
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('10')
    expect(wrapper.text()).toContain('Paused, 2 new')
    await button('Resume').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('12')
  })

  it('clears without deleting, and takes it back', async () => {
    await show(manyRows(10))
    await button('Clear').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('0')
    engine.append(textRow(10))
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('1')
    const toasts = useToastsStore()
    const cleared = toasts.toasts.find((toast) => toast.action === 'Undo')
    toasts.act(cleared?.id ?? NaN)
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('11')
  })

  it('counts what comes in below while one reads further up, and jumps there', async () => {
    await show(manyRows(500))
    await key('PageUp')
    await key('PageUp')
    engine.append(...Array.from({ length: 238 }, (_, index) => textRow(500 + index)))
    await flushPromises()
    await button('238 new').trigger('click')
    await flushPromises()
    expect(rows().at(-1)?.attributes('aria-rowindex')).toBe('738')
    expect(wrapper.findAll('button').some((item) => item.text().endsWith('new'))).toBe(false)
  })

  it('says how many rows were evicted, and counts those that are left', async () => {
    await show(manyRows(100))
    engine.evictBefore(40)
    await flushPromises()
    expect(wrapper.text()).toContain('40 evicted')
    expect(grid().attributes('aria-rowcount')).toBe('60')
    expect(rows().at(-1)?.attributes('aria-rowindex')).toBe('60')
  })

  it('is as it was when one comes back to it', async () => {
    await show(manyRows(200))
    await filter('message 19')
    await button('Pause').trigger('click')
    wrapper.unmount()
    engine.append(textRow(200, { preview: 'message 1900' }))
    wrapper = mountPane()
    await flushPromises()
    expect(wrapper.get<HTMLInputElement>('[aria-label="Filter"]').element.value).toBe('message 19')
    expect(button('Resume').exists()).toBe(true)
    expect(grid().attributes('aria-rowcount')).toBe('11')
  })

  it('shows the session where a log has several at a time', async () => {
    await show([textRow(0, { session: 3 })], { sessionLabel: 'Client' })
    expect(wrapper.text()).toContain('Client')
    expect(cells(0)).toContain('#3')
  })

  it('starts with every type shown', async () => {
    await show(manyRows(1))
    expect(engine.lastInput('frames.openView')).toMatchObject({ filter: { kinds: [...rowKinds] } })
    expect(wrapper.text()).not.toContain('/8')
  })
})
