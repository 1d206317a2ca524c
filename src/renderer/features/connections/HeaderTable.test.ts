import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import type { Header } from '@shared/model/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import HeaderTable from './HeaderTable.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

beforeEach(() => {
  engine.reset()
  setActivePinia(createPinia())
})

function mountTable(headers: Header[]) {
  const updates: Header[][] = []
  const wrapper = mount(() =>
    h(TooltipProvider, () =>
      h(HeaderTable, { headers, onUpdate: (changed: Header[]) => updates.push(changed) }),
    ),
  )
  const control = (name: string) => wrapper.get(`[aria-label="${name}"]`)
  return { wrapper, updates, control }
}

const plain: Header = { secret: false, enabled: true, name: 'Authorization', value: 'Bearer abc' }
const secret: Header = { secret: true, enabled: true, name: 'Authorization', secretRef: 'r1' }

describe('HeaderTable', () => {
  it('adds an empty header and removes one', async () => {
    const { wrapper, updates, control } = mountTable([plain])
    await wrapper
      .findAll('button')
      .find((button) => button.text() === 'Add header')
      ?.trigger('click')
    await control('Remove header 1').trigger('click')
    expect(updates).toEqual([[plain, { secret: false, enabled: true, name: '', value: '' }], []])
  })

  it('gives a value that becomes secret to the engine and keeps the reference', async () => {
    engine.answers['secrets.put'] = () => ({ secretRef: 'r9' })
    const { updates, control } = mountTable([plain])
    await control('Keep the value of header 1 secret').trigger('click')
    await flushPromises()
    expect(engine.inputs('secrets.put')).toEqual([{ value: 'Bearer abc' }])
    expect(updates).toEqual([
      [{ secret: true, enabled: true, name: 'Authorization', secretRef: 'r9' }],
    ])
  })

  it('never shows a secret, and replaces it by what is typed', async () => {
    engine.answers['secrets.put'] = () => ({ secretRef: 'r2' })
    const { updates, control } = mountTable([secret])
    const value = control('Value of header 1')
    expect((value.element as HTMLInputElement).value).toBe('')
    expect(value.attributes('type')).toBe('password')
    await value.setValue('Bearer new')
    await flushPromises()
    expect(engine.inputs('secrets.put')).toEqual([{ value: 'Bearer new' }])
    expect(updates).toEqual([[{ ...secret, secretRef: 'r2' }]])
  })

  it('asks for the value again when a secret becomes plain', async () => {
    const { updates, control } = mountTable([secret])
    await control('Keep the value of header 1 secret').trigger('click')
    expect(updates).toEqual([[{ ...plain, value: '' }]])
  })
})
