import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { answerServers, runningServer, stoppedServer } from '../../../../test/fakes/local-server'
import { must } from '../../../../test/fakes/must'
import { useCommandsStore } from '../../stores/commands'
import { useServersStore } from '../../stores/servers'
import { useToastsStore } from '../../stores/toasts'
import ServerTabs from './ServerTabs.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

let unmount = () => {}
beforeEach(() => {
  engine.reset()
  window.sessionStorage.clear()
  setActivePinia(createPinia())
})
afterEach(() => unmount())

async function mountTabs() {
  answerServers(engine, [
    runningServer({ id: 's1', name: 'Echo', port: 8765 }),
    stoppedServer({ id: 's2', name: 'Chat', config: { ...stoppedServer().config, port: 0 } }),
  ])
  const servers = useServersStore()
  await servers.load()
  const wrapper = mount(() => h(TooltipProvider, () => h(ServerTabs)), {
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  const labels = () => wrapper.findAll('[role=tab]').map((tab) => tab.attributes('aria-label'))
  const tab = (index: number) => must(wrapper.findAll('[role=tab]')[index])
  const key = async (name: string) => {
    await wrapper.get('[aria-selected=true]').trigger('keydown', { key: name })
    await flushPromises()
  }
  return { wrapper, servers, labels, tab, key }
}

describe('ServerTabs', () => {
  it('names each server with its state and port', async () => {
    const { wrapper, labels } = await mountTabs()
    expect(wrapper.get('[role=tablist]').attributes('aria-label')).toBe('Servers')
    expect(labels()).toEqual(['Echo, Running, port 8765', 'Chat, Stopped, any port'])
  })

  it('shows one at a time, by mouse and arrow keys', async () => {
    const { servers, tab, key } = await mountTabs()
    await tab(1).trigger('click')
    expect(servers.activeId).toBe('s2')
    await key('ArrowRight')
    expect(servers.activeId).toBe('s1')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Echo, Running, port 8765')
  })

  it('makes a new one and shows it', async () => {
    const { wrapper, servers } = await mountTabs()
    await wrapper.get('[aria-label="New server"]').trigger('click')
    await flushPromises()
    expect(servers.active?.name).toBe('Local server 2')
  })

  it('renames by keyboard, unless Escape takes it back', async () => {
    const { wrapper, labels, key } = await mountTabs()
    await key('F2')
    await wrapper.get('[aria-label="Server name"]').setValue(' Feed ')
    await wrapper.get('form').trigger('submit')
    await flushPromises()
    expect(labels()[0]).toBe('Feed, Running, port 8765')
    await key('F2')
    const field = wrapper.get('[aria-label="Server name"]')
    await field.setValue('Another')
    await field.trigger('keydown', { key: 'Escape' })
    await flushPromises()
    expect(labels()[0]).toBe('Feed, Running, port 8765')
    expect(engine.inputs('servers.update')).toHaveLength(1)
  })

  it('duplicates and shows the copy', async () => {
    const { labels, servers } = await mountTabs()
    await useCommandsStore().run('server.duplicate')
    await flushPromises()
    expect(labels()).toHaveLength(3)
    expect(servers.active?.name).toBe('Echo copy')
  })

  it('removes without asking, and brings back what was removed, stopped', async () => {
    const { labels, servers, key } = await mountTabs()
    await key('Delete')
    expect(labels()).toEqual(['Chat, Stopped, any port'])
    expect(servers.activeId).toBe('s2')
    const toasts = useToastsStore()
    expect(toasts.toasts[0]?.text).toBe('Server “Echo” removed')
    toasts.act(must(toasts.toasts[0]).id)
    await flushPromises()
    expect(servers.active).toMatchObject({ id: 's1', phase: 'stopped' })
  })
})
