import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, ref, type Component } from 'vue'
import { useShortcuts } from '../../src/renderer/composables/useShortcuts'
import { putEngine } from './fake-engine-module'
import { createFakeFrameEngine, textRow, type FakeFrameEngine } from './fake-frame-engine'

/** A traffic pane over a fake engine as a page shows it, and what tests ask of it. */
export function trafficPage(pane: Component) {
  let engine: FakeFrameEngine
  let wrapper: VueWrapper
  const selected = ref<number | null | undefined>()
  const exported = ref<unknown>()

  function mountPane(props = {}) {
    const Page = defineComponent(() => {
      useShortcuts()
      return () =>
        h(TooltipProvider, () =>
          h(pane, {
            logId: 'log',
            name: 'Feed',
            selected: selected.value,
            'onUpdate:selected': (id: number | null | undefined) => (selected.value = id),
            onExport: (request: unknown) => (exported.value = request),
            ...props,
          }),
        )
    })
    wrapper = mount(Page, { attachTo: document.body })
  }

  const grid = () => wrapper.get('[role="grid"]')
  const rows = () => grid().findAll('[role="row"]').slice(1)

  return {
    selected,
    exported,
    grid,
    rows,
    manyRows: (count: number) => Array.from({ length: count }, (_, id) => textRow(id)),
    get engine() {
      return engine
    },
    get wrapper() {
      return wrapper
    },
    async show(log: Parameters<typeof createFakeFrameEngine>[0], props = {}) {
      engine = putEngine(createFakeFrameEngine(log))
      mountPane(props)
      await flushPromises()
    },
    async remount() {
      wrapper.unmount()
      mountPane()
      await flushPromises()
    },
    unmount() {
      wrapper.unmount()
      selected.value = undefined
      exported.value = undefined
    },
    cells: (row: number) =>
      (rows()[row]?.findAll('[role="gridcell"]') ?? []).map((cell) => cell.text()),
    heads: () =>
      grid()
        .findAll('[role="columnheader"]')
        .map((head) => head.text()),
    /** The rows that are marked as selected. */
    marked: () => rows().filter((row) => row.attributes('aria-selected') === 'true'),
    button(name: string) {
      const found = wrapper
        .findAll('button')
        .find((item) => (item.attributes('aria-label') ?? item.text()) === name)
      if (!found) throw new Error(`There is no button ${name}.`)
      return found
    },
    key: (name: string, options = {}) => grid().trigger('keydown', { key: name, ...options }),
    press: (row: number, options = {}) =>
      rows()[row]?.trigger('mousedown', { button: 0, ...options }),
    async filter(text: string) {
      await wrapper.get('[aria-label="Filter"]').setValue(text)
      await wrapper.get('[aria-label="Filter"]').trigger('keydown', { key: 'Enter' })
      await flushPromises()
    },
    /** What floats above the page is not inside of it. */
    floating: (selector: string) => [...document.body.querySelectorAll<HTMLElement>(selector)],
  }
}
