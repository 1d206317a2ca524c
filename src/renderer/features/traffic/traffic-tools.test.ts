import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { textRow } from '../../../../test/support/fake-frame-engine'
import { trafficPage } from '../../../../test/support/traffic-page'
import { useCommandsStore } from '../../stores/commands'
import { useSettingsStore } from '../../stores/settings'
import { useToastsStore } from '../../stores/toasts'
import TrafficPane from './TrafficPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

const page = trafficPage(TrafficPane)
const { show, grid, rows, cells, heads, button, key, press, marked, manyRows, selected } = page

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ shouldAdvanceTime: true })
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(480)
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(900)
})
afterEach(() => {
  page.unmount()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Lets debounced questions be asked and answered. */
async function settle() {
  await vi.advanceTimersByTimeAsync(500)
  await flushPromises()
}
async function openMenu(name: string) {
  button(name).element.dispatchEvent(
    new PointerEvent('pointerdown', { bubbles: true, button: 0, pointerType: 'mouse' }),
  )
  await button(name).trigger('click')
  await flushPromises()
}
const lastToast = () => useToastsStore().toasts.at(-1)

describe('columns', () => {
  it('are shown and hidden by the menu, and kept', async () => {
    await show([textRow(0, { compressed: true, size: 460, wireSize: 100 })])
    await openMenu('Columns')
    const items = page.floating('[role="menuitemcheckbox"]')
    expect(items.map((item) => item.getAttribute('aria-checked'))).toContain('true')
    items.find((item) => item.textContent?.trim() === 'Ratio')?.click()
    await flushPromises()
    expect(heads()).toEqual(['Time', 'Delta', 'Direction', 'Type', 'Size', 'Ratio', 'Preview'])
    expect(cells(0).at(-2)).toBe('4.6')
    expect(grid().attributes('aria-colcount')).toBe('7')
    expect(page.engine.lastInput('settings.update')).toMatchObject({
      columns: expect.arrayContaining([{ id: 'ratio', width: 44, shown: true }]),
    })
  })

  it('can say which row it is and in how many fragments it came', async () => {
    await show([textRow(0, { fragments: 3 }), textRow(1, { kind: 'note', direction: 'none' })])
    await openMenu('Columns')
    for (const name of ['Row', 'Fragments'])
      page
        .floating('[role="menuitemcheckbox"]')
        .find((item) => item.textContent?.trim() === name)
        ?.click()
    await flushPromises()
    expect([heads().at(0), heads().at(-2)]).toEqual(['Row', 'Fragments'])
    expect([cells(0).at(0), cells(0).at(-2)]).toEqual(['0', '3'])
    expect([cells(1).at(0), cells(1).at(-2)]).toEqual(['1', ''])
  })

  it('are resized with the arrow keys and never below what can be read', async () => {
    await show(manyRows(3))
    const edge = () => grid().get('[role="separator"][aria-label="Width of Time"]')
    expect(edge().attributes('aria-valuenow')).toBe('108')
    await edge().trigger('keydown', { key: 'ArrowRight' })
    expect(edge().attributes('aria-valuenow')).toBe('116')
    for (let count = 0; count < 20; count += 1)
      await edge().trigger('keydown', { key: 'ArrowLeft' })
    expect(edge().attributes('aria-valuenow')).toBe(edge().attributes('aria-valuemin'))
    expect(selected.value).toBeUndefined()
  })

  it('are resized by dragging an edge, and kept when it is let go', async () => {
    await show(manyRows(3))
    const edge = grid().get('[role="separator"][aria-label="Width of Size"]')
    await edge.trigger('pointerdown', { button: 0, clientX: 300 })
    window.dispatchEvent(new PointerEvent('pointermove', { clientX: 330 }))
    expect(page.engine.count('settings.update')).toBe(0)
    window.dispatchEvent(new PointerEvent('pointerup', { clientX: 340 }))
    await flushPromises()
    expect(edge.attributes('aria-valuenow')).toBe('106')
    expect(page.engine.count('settings.update')).toBe(1)
  })

  it('are moved from the menu with Alt and an arrow, and reset', async () => {
    await show(manyRows(3))
    await openMenu('Columns')
    const item = page
      .floating('[role="menuitemcheckbox"]')
      .find((candidate) => candidate.textContent?.trim() === 'Size')
    item?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'ArrowUp', altKey: true, bubbles: true }),
    )
    await flushPromises()
    expect(heads()).toEqual(['Time', 'Delta', 'Direction', 'Size', 'Type', 'Preview'])
    page
      .floating('[role="menuitem"]')
      .find((candidate) => candidate.textContent?.trim() === 'Reset columns')
      ?.click()
    await flushPromises()
    expect(heads()).toEqual(['Time', 'Delta', 'Direction', 'Type', 'Size', 'Preview'])
  })
})

describe('bookmarks', () => {
  it('are set and taken away with B, and brought back when there was a note', async () => {
    await show([textRow(0), textRow(1, { note: 'first wrong price' })])
    await press(0)
    await key('b')
    await flushPromises()
    expect(cells(0).at(-1)).toContain('Bookmarked')
    await press(1)
    expect(cells(1).at(-1)).toContain('Note: first wrong price')
    await key('b')
    await flushPromises()
    expect(cells(1).at(-1)).not.toContain('Note')
    useToastsStore().act(lastToast()?.id ?? NaN)
    await flushPromises()
    expect(cells(1).at(-1)).toContain('Note: first wrong price')
  })

  it('say how to select a row when none is', async () => {
    await show(manyRows(3))
    await key('b')
    expect(lastToast()?.text).toMatch(/^No row is selected/)
  })

  it('take a note, and give the keyboard back to the list', async () => {
    await show(manyRows(3))
    ;(grid().element as HTMLElement).focus()
    await press(1)
    await key('n')
    await flushPromises()
    const area = page.floating('textarea')[0] as HTMLTextAreaElement
    expect(document.activeElement).toBe(area)
    area.value = 'look here'
    area.dispatchEvent(new Event('input', { bubbles: true }))
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await settle()
    expect(page.engine.lastInput('frames.bookmark')).toEqual({
      logId: 'log',
      rowId: 1,
      note: 'look here',
    })
    expect(cells(1).at(-1)).toContain('look here')
    expect(page.floating('textarea')).toEqual([])
    expect(document.activeElement).toBe(grid().element)
  })

  it('are gone through with F2, round the end, past those that are hidden', async () => {
    const log = manyRows(300).map((row) =>
      [5, 150, 299].includes(row.id) ? { ...row, note: '' } : row,
    )
    await show(log)
    await page.filter('message 1')
    const steps: (number | null | undefined)[] = []
    for (const shiftKey of [false, false, true]) {
      await key('F2', { shiftKey })
      await flushPromises()
      steps.push(selected.value)
    }
    expect(steps).toEqual([150, 150, 150])
    useCommandsStore().run('traffic.bookmarksOnly')
    await flushPromises()
    expect(grid().attributes('aria-rowcount')).toBe('1')
  })

  it('leave the same row selected when another one goes from a list of bookmarks', async () => {
    await show(manyRows(20).map((row) => (row.id % 5 === 0 ? { ...row, note: '' } : row)))
    useCommandsStore().run('traffic.bookmarksOnly')
    await flushPromises()
    await press(2)
    await flushPromises()
    expect(selected.value).toBe(10)
    await page.engine.client.call('frames.bookmark', { logId: 'log', rowId: 5, note: null })
    await settle()
    expect(selected.value).toBe(10)
    expect(marked().map((row) => row.text())).toEqual([expect.stringContaining('message 10')])
    expect(grid().attributes('aria-rowcount')).toBe('3')
  })

  it('are listed, and gone to from there', async () => {
    await show(manyRows(300).map((row) => (row.id === 7 ? { ...row, note: 'here' } : row)))
    await openMenu('Bookmarks')
    await settle()
    const entry = page.floating('[aria-label="Bookmarked rows"] button')[0]
    expect(entry?.textContent).toContain('here')
    entry?.click()
    await settle()
    expect(selected.value).toBe(7)
    expect(marked().map((row) => row.text())).toEqual([expect.stringContaining('message 7')])
  })
})

describe('a selection of several rows', () => {
  it('is added up, and leads to its longest gap', async () => {
    await show(
      manyRows(200).map((row) => (row.id >= 90 ? { ...row, time: row.time + 5_000 } : row)),
    )
    await key('a', { ctrlKey: true })
    await settle()
    const group = page.wrapper.get('[aria-label="Selected rows"]')
    expect(group.text()).toContain('200 selected')
    expect(group.text()).toContain('200, 1.6 kB, 2.0 kB on the wire')
    await button('Go to the longest gap, 5.01 s').trigger('click')
    await settle()
    expect(selected.value).toBe(90)
    expect(group.text()).toContain('200 selected')
  })

  it('is one range when it is everything', async () => {
    await show(manyRows(2_000))
    await key('a', { ctrlKey: true })
    await settle()
    expect(page.engine.lastInput('frames.statistics')).toMatchObject({ ranges: [[0, 2_000]] })
  })
})

describe('going to a time', () => {
  async function goTo(text: string) {
    await key('t')
    await flushPromises()
    const field = page.floating('[role="dialog"] input')[0] as HTMLInputElement
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
    await nextTick()
    page.floating('[role="dialog"] form')[0]?.dispatchEvent(new Event('submit'))
    await settle()
  }

  it('selects the first row from there on', async () => {
    await show(manyRows(1_000))
    await goTo('+5s')
    expect(selected.value).toBe(500)
    expect(marked()).toHaveLength(1)
    expect(page.floating('[role="dialog"]')).toEqual([])
  })

  it('says why it cannot', async () => {
    await show(manyRows(10))
    await goTo('noon')
    expect(page.floating('[role="dialog"]')[0]?.textContent).toContain('“noon” is not a time')
  })
})

describe('the timeline', () => {
  const end = (name: string) => page.wrapper.get(`[role="slider"][aria-label="${name}"]`)

  it('says in words what it draws', async () => {
    await show(manyRows(1_001))
    await settle()
    expect(page.wrapper.get('[aria-label="Rate over time"]').text()).toContain('1,001 rows from')
    expect(page.engine.lastInput('frames.timeline')).toMatchObject({ period: null, parts: 300 })
  })

  it('zooms into a period by keyboard, and shows all times again with Escape', async () => {
    await show(manyRows(1_001))
    await settle()
    await end('Start of the period').trigger('keydown', { key: 'PageUp' })
    expect(page.engine.count('frames.setFilter')).toBe(0)
    await end('Start of the period').trigger('keydown', { key: 'Enter' })
    await settle()
    expect(Number(grid().attributes('aria-rowcount'))).toBe(967)
    await end('End of the period').trigger('keydown', { key: 'Escape' })
    await settle()
    expect(grid().attributes('aria-rowcount')).toBe('1001')
  })

  it('asks at most a few times a second while rows come in, and not at all when hidden', async () => {
    await show(manyRows(10))
    await settle()
    const before = page.engine.count('frames.timeline')
    for (let id = 10; id < 40; id += 1) {
      page.engine.append(textRow(id))
      await vi.advanceTimersByTimeAsync(50)
    }
    const asked = page.engine.count('frames.timeline') - before
    expect(asked).toBeGreaterThan(1)
    expect(asked).toBeLessThan(6)
    await button('Timeline').trigger('click')
    page.engine.append(textRow(40))
    await settle()
    expect(page.engine.count('frames.timeline') - before).toBe(asked)
    expect(useSettingsStore().settings.timeline).toBe(false)
  })
})

describe('a capture that is only read', () => {
  it('has neither Pause nor Clear, starts at its first row, and says how far it is read', async () => {
    await show(manyRows(500), { readOnly: true })
    page.engine.setLogState({ storage: 'reading' })
    await flushPromises()
    expect(() => button('Pause')).toThrow()
    expect(() => button('Clear')).toThrow()
    expect(rows()[0]?.text()).toContain('message 0')
    expect(page.wrapper.text()).toContain('Reading, 500 rows so far')
    page.engine.setLogState({ storage: 'closed' })
    await flushPromises()
    expect(page.wrapper.text()).not.toContain('Reading')
  })

  it('stays at its first row while more of it is read', async () => {
    await show([], { readOnly: true })
    page.engine.append(textRow(0))
    await settle()
    page.engine.append(...Array.from({ length: 400 }, (_, index) => textRow(index + 1)))
    await settle()
    expect(rows()[0]?.text()).toContain('message 0')
    expect(page.wrapper.text()).not.toContain(' new')
  })
})
