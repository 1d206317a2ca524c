import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { afterEach, describe, expect, it } from 'vitest'
import { h, ref } from 'vue'
import type { Fault } from '@shared/model/server-fault'
import { must } from '../../../../../test/fakes/must'
import ClientFaultsDialog from './ClientFaultsDialog.vue'
import { newFault } from './fault-defaults'

let wrapper: VueWrapper
afterEach(() => wrapper.unmount())

async function show(faults: Fault[]) {
  const open = ref(true)
  const saved: Fault[][] = []
  wrapper = mount(
    () =>
      h(TooltipProvider, () =>
        h(ClientFaultsDialog, {
          open: open.value,
          title: 'Faults of 127.0.0.1:50000',
          faults,
          'onUpdate:open': (next: boolean) => (open.value = next),
          onSave: (next: Fault[]) => saved.push(next),
        }),
      ),
    { attachTo: document.body },
  )
  await flushPromises()
  return { open, saved }
}

const button = (name: string) =>
  must(
    [...document.querySelectorAll<HTMLButtonElement>('button')].find(
      (item) => (item.getAttribute('aria-label') ?? item.textContent?.trim()) === name,
    ),
  )

describe('the faults of a client', () => {
  it('are kept when they are saved, and not before', async () => {
    const { open, saved } = await show([newFault('delay', 'f1'), newFault('drop', 'f2')])
    button('Enable fault 1, Delay').click()
    await flushPromises()
    button('Remove fault 2, Drop').click()
    await flushPromises()
    expect(saved).toEqual([])
    button('Save').click()
    await flushPromises()
    expect(saved).toEqual([[{ ...newFault('delay', 'f1'), enabled: false }]])
    expect(open.value).toBe(false)
  })

  it('are left as they were by Cancel', async () => {
    const { open, saved } = await show([newFault('delay', 'f1')])
    button('Remove fault 1, Delay').click()
    await flushPromises()
    button('Cancel').click()
    await flushPromises()
    expect(saved).toEqual([])
    expect(open.value).toBe(false)
  })

  it('cannot be saved while a number is none', async () => {
    await show([{ ...newFault('drop', 'f1'), probability: 2 }])
    expect(button('Save').disabled).toBe(true)
    expect(document.querySelector('[role=status]')?.textContent).toContain('Correct')
  })
})
