import { mount } from '@vue/test-utils'
import { afterEach, expect, it } from 'vitest'
import { defineComponent, h, nextTick, ref, useTemplateRef } from 'vue'
import { useKeptFocus } from './useKeptFocus'

const phase = ref('stopped')

const Bar = defineComponent({
  setup() {
    const root = useTemplateRef<HTMLElement>('root')
    useKeptFocus(root, () => phase.value, '.action')
    return () =>
      h('div', { ref: 'root' }, [
        h('input', { disabled: phase.value !== 'stopped' }),
        h('button', {
          class: 'action',
          key: phase.value === 'stopped' ? 'start' : 'stop',
          disabled: phase.value === 'stopping',
        }),
      ])
  },
})

function mountBar() {
  phase.value = 'stopped'
  return mount(Bar, { attachTo: document.body })
}

let bar: ReturnType<typeof mountBar>
afterEach(() => bar.unmount())

it('goes to the action when the focused field is disabled', async () => {
  bar = mountBar()
  bar.get('input').element.focus()
  phase.value = 'running'
  await nextTick()
  expect(document.activeElement).toBe(bar.get('.action').element)
})

it('waits until the action can have the focus', async () => {
  bar = mountBar()
  bar.get('input').element.focus()
  for (const step of ['starting', 'running']) {
    phase.value = step
    await nextTick()
  }
  phase.value = 'stopping'
  await nextTick()
  phase.value = 'stopped'
  await nextTick()
  expect(document.activeElement).toBe(bar.get('.action').element)
})

it('leaves a focus alone that is elsewhere', async () => {
  bar = mountBar()
  const elsewhere = document.body.appendChild(document.createElement('button'))
  elsewhere.focus()
  phase.value = 'running'
  await nextTick()
  expect(document.activeElement).toBe(elsewhere)
  elsewhere.remove()
  await nextTick()
  phase.value = 'stopped'
  await nextTick()
  expect(document.activeElement).toBe(document.body)
})
