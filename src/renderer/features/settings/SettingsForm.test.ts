import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Capture } from '@shared/model/capture'
import { defaultSettings } from '@shared/model/settings'
import { createFakeEngine } from '../../../../test/fakes/fake-engine'
import { must } from '../../../../test/fakes/must'
import { useCapturesStore } from '../../stores/captures'
import { useToastsStore } from '../../stores/toasts'
import SettingsForm from './SettingsForm.vue'

const engine = vi.hoisted(() => ({ current: null as unknown }))
vi.mock('../../api/engine', () => ({
  get engine() {
    return engine.current
  },
}))
const fake = createFakeEngine()

const capture = (id: string, kind: Capture['kind']): Capture => ({
  id,
  name: id,
  kind,
  recovered: false,
  origin: '',
  from: null,
  to: null,
  rows: null,
  bytes: 1_500_000,
  savedAt: 0,
  problem: null,
})

beforeEach(() => {
  fake.reset()
  engine.current = fake
  setActivePinia(createPinia())
  useCapturesStore()
})

describe('the settings of captures', () => {
  it('keep how much a connection may take on disk', async () => {
    fake.answers['settings.update'] = (part) => ({ ...defaultSettings(), ...(part as object) })
    const wrapper = mount(SettingsForm)
    const label = must(
      wrapper.findAll('label').find((item) => item.text() === 'Disk space for each connection'),
    )
    const select = wrapper.get(`[id="${must(label.attributes('for'))}"]`)
    expect((select.element as HTMLSelectElement).selectedOptions[0]?.text).toBe('1 GiB')
    await select.setValue(String(4 * 1024 ** 3))
    expect(fake.inputs('settings.update')).toEqual([{ logBudget: 4 * 1024 ** 3 }])
  })

  it('say what is kept of unsaved traffic, and delete it with a way back', async () => {
    fake.emit('captures.changed', [
      capture('kept', 'saved'),
      capture('one', 'left'),
      capture('two', 'left'),
    ])
    fake.answers['captures.delete'] = () => undefined
    fake.answers['captures.restore'] = () => undefined
    const wrapper = mount(SettingsForm)
    expect(wrapper.text()).toMatch(/7 days .* at most 20 of them and 4 GiB together/s)
    expect(wrapper.text()).toContain('2 now, 3.0 MB.')
    const button = must(
      wrapper.findAll('button').find((item) => item.text() === 'Delete unsaved captures'),
    )
    await button.trigger('click')
    await flushPromises()
    expect(fake.inputs('captures.delete').map(({ captureId }) => captureId)).toEqual(['one', 'two'])
    const toasts = useToastsStore()
    toasts.act(must(toasts.toasts[0]).id)
    await flushPromises()
    expect(fake.inputs('captures.restore')).toHaveLength(2)
  })

  it('have nothing to delete where nothing is unsaved', () => {
    fake.emit('captures.changed', [capture('kept', 'saved')])
    const wrapper = mount(SettingsForm)
    const button = must(
      wrapper.findAll('button').find((item) => item.text() === 'Delete unsaved captures'),
    )
    expect(button.attributes('disabled')).toBeDefined()
  })
})
