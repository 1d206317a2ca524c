import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { rowKinds } from '@shared/model/frame'
import { textRow } from '../../../../test/support/fake-frame-engine'
import { trafficPage } from '../../../../test/support/traffic-page'
import { useToastsStore } from '../../stores/toasts'
import TrafficPane from './TrafficPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

const page = trafficPage(TrafficPane)
const { show, grid, rows, cells, button, key, filter, manyRows, selected } = page

beforeEach(() => {
  setActivePinia(createPinia())
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(480)
})
afterEach(() => {
  page.unmount()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

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
    expect(page.wrapper.text()).toContain('11 of 200')
    expect(rows()[0]?.find('mark').exists()).toBe(true)
  })

  it('offers to show everything when nothing matches', async () => {
    await show(manyRows(5))
    await filter('nowhere')
    expect(page.wrapper.text()).toContain('Nothing matches the filter')
    await button('Show everything').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('5')
  })

  it('empties the filter with Escape, and returns to the list with the next one', async () => {
    await show(manyRows(5))
    await filter('nowhere')
    const field = page.wrapper.get<HTMLInputElement>('[aria-label="Filter"]')
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
    expect(page.engine.lastInput('frames.copy')).toMatchObject({ ranges: [[2, 5]] })
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

  it('asks for an export of what is shown, with what is selected', async () => {
    await show(manyRows(10))
    await button('Export').trigger('click')
    expect(page.exported.value).toEqual({
      viewId: 'view 1',
      logId: 'log',
      name: 'Feed',
      logRows: 10,
      viewRows: 10,
      viewEnd: null,
      narrowed: false,
      selectedRows: 0,
      ranges: [],
    })
    await page.press(7)
    await page.press(9, { ctrlKey: true })
    await button('Pause').trigger('click')
    await flushPromises()
    await button('Export').trigger('click')
    expect(page.exported.value).toMatchObject({
      viewEnd: 10,
      selectedRows: 2,
      ranges: [
        [7, 8],
        [9, 10],
      ],
    })
  })

  it('freezes on Pause, says how many rows came meanwhile, and catches up on Resume', async () => {
    await show(manyRows(10))
    await button('Pause').trigger('click')
    page.engine.append(textRow(10), textRow(11))
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('10')
    expect(page.wrapper.text()).toContain('Paused, 2 new')
    await button('Resume').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('12')
  })

  it('clears without deleting, and takes it back', async () => {
    await show(manyRows(10))
    await button('Clear').trigger('click')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('0')
    page.engine.append(textRow(10))
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
    page.engine.append(...Array.from({ length: 238 }, (_, index) => textRow(500 + index)))
    await flushPromises()
    await button('238 new').trigger('click')
    await flushPromises()
    expect(rows().at(-1)?.attributes('aria-rowindex')).toBe('738')
    expect(page.wrapper.findAll('button').some((item) => item.text().endsWith('new'))).toBe(false)
  })

  it('takes the keyboard when a control that had it has done what it is for', async () => {
    await show(manyRows(500))
    const use = async (name: string) => {
      button(name).element.focus()
      await button(name).trigger('click')
      await flushPromises()
      expect(document.activeElement, name).toBe(grid().element)
    }
    await key('PageUp')
    await key('PageUp')
    page.engine.append(...Array.from({ length: 238 }, (_, index) => textRow(500 + index)))
    await flushPromises()
    await use('238 new')
    await button('Clear').trigger('click')
    await flushPromises()
    await use('Show everything')
    await filter('nothing has it')
    await use('Show everything')
  })

  it('says how many rows were evicted, and counts those that are left', async () => {
    await show(manyRows(100))
    page.engine.evictBefore(40)
    await flushPromises()
    expect(page.wrapper.text()).toContain('40 evicted')
    expect(grid().attributes('aria-rowcount')).toBe('60')
    expect(rows().at(-1)?.attributes('aria-rowindex')).toBe('60')
  })

  it('is as it was when one comes back to it', async () => {
    await show(manyRows(200))
    await filter('message 19')
    await button('Pause').trigger('click')
    page.engine.append(textRow(200, { preview: 'message 1900' }))
    await page.remount()
    expect(page.wrapper.get<HTMLInputElement>('[aria-label="Filter"]').element.value).toBe(
      'message 19',
    )
    expect(button('Resume').exists()).toBe(true)
    expect(grid().attributes('aria-rowcount')).toBe('11')
  })

  it('shows the session where a log has several at a time', async () => {
    await show([textRow(0, { session: 3 })], { sessionLabel: 'Client' })
    expect(page.wrapper.text()).toContain('Client')
    expect(cells(0)).toContain('#3')
  })

  it('starts with every type shown', async () => {
    await show(manyRows(1))
    expect(page.engine.lastInput('frames.openView')).toMatchObject({
      filter: { kinds: [...rowKinds] },
    })
    expect(page.wrapper.text()).not.toContain('/8')
  })
})
