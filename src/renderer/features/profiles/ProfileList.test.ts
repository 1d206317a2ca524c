import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { defaultConfig, neverConnected } from '@shared/model/connection'
import type { Profile } from '@shared/model/profile'
import { openConnection } from '../../../../test/fakes/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { useConnectionsStore } from '../../stores/connections'
import { useProfilesStore } from '../../stores/profiles'
import { useToastsStore } from '../../stores/toasts'
import ProfileList from './ProfileList.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

const profile = (id: string, name: string, url: string): Profile => ({
  id,
  name,
  config: defaultConfig(url),
})
const saved = [
  profile('p1', 'Order book', 'ws://a.example/book'),
  profile('p2', 'Chat', 'ws://b.example/chat'),
]

let unmount = () => {}
beforeEach(() => {
  engine.reset()
  setActivePinia(createPinia())
  useProfilesStore().profiles = structuredClone(saved)
})
afterEach(() => unmount())

function mountList() {
  const wrapper = mount(() => h(TooltipProvider, () => h(ProfileList)), {
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  const item = (name: string) => wrapper.get(`[aria-label="Profiles"] [aria-label="${name}"]`)
  const names = () =>
    wrapper
      .findAll('[aria-label="Profiles"] [data-profile]')
      .map((found) => found.attributes('aria-label'))
  return { wrapper, item, names }
}

describe('ProfileList', () => {
  it('searches names and addresses', async () => {
    const { wrapper, names } = mountList()
    await wrapper.get('input').setValue('b.example')
    expect(names()).toEqual(['Chat'])
    await wrapper.get('input').setValue('nothing')
    expect(wrapper.text()).toContain('No profile matches “nothing”.')
  })

  it('opens and connects with Enter alone', async () => {
    const created = openConnection({ profileId: 'p2', state: neverConnected() })
    engine.answers['connections.create'] = () => created
    engine.answers['connections.connect'] = () => undefined
    const { item } = mountList()
    await item('Chat').trigger('keydown', { key: 'Enter' })
    await flushPromises()
    expect(engine.inputs('connections.create')).toEqual([{ profileId: 'p2' }])
    expect(engine.inputs('connections.connect')).toEqual([{ connectionId: 'c1' }])
  })

  it('moves a profile with Alt and an arrow, but not over the ends', async () => {
    engine.answers['profiles.move'] = () => undefined
    const { item } = mountList()
    await item('Chat').trigger('keydown', { key: 'ArrowDown', altKey: true })
    await item('Chat').trigger('keydown', { key: 'ArrowUp', altKey: true })
    await flushPromises()
    expect(engine.inputs('profiles.move')).toEqual([{ profileId: 'p2', index: 0 }])
  })

  it('deletes with an undo', async () => {
    engine.answers['profiles.delete'] = () => undefined
    engine.answers['profiles.restore'] = () => saved[0] as Profile
    const { item } = mountList()
    await item('Order book').trigger('keydown', { key: 'Delete' })
    await flushPromises()
    const toasts = useToastsStore()
    expect(toasts.toasts.map(({ text, action }) => [text, action])).toEqual([
      ['Profile “Order book” deleted', 'Undo'],
    ])
    toasts.act(toasts.toasts[0]?.id ?? 0)
    expect(engine.inputs('profiles.restore')).toEqual([{ profileId: 'p1' }])
  })

  it('marks a profile whose tab differs from it', async () => {
    useConnectionsStore().connections = [
      openConnection({ profileId: 'p1', config: defaultConfig('ws://changed.example') }),
      openConnection({ id: 'c2', profileId: 'p2', config: defaultConfig('ws://b.example/chat') }),
    ]
    const { item } = mountList()
    expect(item('Order book').text()).toContain('unsaved')
    expect(item('Chat').text()).not.toContain('unsaved')
  })
})
