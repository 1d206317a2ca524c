import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h } from 'vue'
import { AppError } from '@shared/errors'
import { defaultServerConfig, type ServerState } from '@shared/model/local-server'
import { openConnection } from '../../../../test/fakes/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { runningServer, stoppedServer } from '../../../../test/fakes/local-server'
import { must } from '../../../../test/fakes/must'
import { useNavigationStore } from '../../stores/navigation'
import { useServerStore } from '../../stores/server'
import ServerBar from './ServerBar.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

let unmount = () => {}
beforeEach(() => {
  engine.reset()
  setActivePinia(createPinia())
})
afterEach(() => unmount())

async function mountBar(state: ServerState) {
  const server = useServerStore()
  server.state = state
  const wrapper = mount(
    () => h(TooltipProvider, () => h(ServerBar, { state: server.state ?? state })),
    { attachTo: document.body },
  )
  unmount = () => wrapper.unmount()
  await flushPromises()
  const button = (name: string) => {
    const found = wrapper
      .findAll('button')
      .find((item) => (item.attributes('aria-label') ?? item.text()) === name)
    if (!found) throw new Error(`There is no button ${name}.`)
    return found
  }
  const labelled = (name: string) => {
    const label = wrapper.findAll('label').find((item) => item.text() === name)
    return wrapper.get(`#${label?.attributes('for')}`)
  }
  const submit = async () => {
    await wrapper.get('form').trigger('submit')
    await flushPromises()
  }
  return { wrapper, button, labelled, submit }
}

describe('ServerBar', () => {
  it('starts with what the form says', async () => {
    engine.answers['server.start'] = (config) => {
      engine.emit('server.changed', runningServer({ config }))
      return runningServer({ config })
    }
    const { wrapper, labelled, submit } = await mountBar(stoppedServer())
    await labelled('Preset').setValue('relay')
    await labelled('Port').setValue(9000)
    await labelled('Listen on all interfaces').trigger('click')
    expect(wrapper.text()).toContain('Any machine that reaches this one will be able to connect.')
    await submit()
    expect(engine.inputs('server.start')).toEqual([
      { ...defaultServerConfig(), preset: 'relay', port: 9000, allInterfaces: true },
    ])
    expect(wrapper.get('[role=status]').attributes('aria-label')).toBe('Server state')
    expect(wrapper.get('[role=status]').text()).toBe('Running')
  })

  it('believes the last event rather than an answer that comes after it', async () => {
    engine.answers['server.start'] = (config) => {
      engine.emit('server.changed', runningServer({ config }))
      engine.emit('server.changed', stoppedServer({ config }))
      return runningServer({ config })
    }
    const { wrapper, submit } = await mountBar(stoppedServer())
    await submit()
    expect(wrapper.get('[role=status]').text()).toBe('Stopped')
  })

  it('offers the next free port when the port is taken', async () => {
    engine.answers['server.start'] = (config) => {
      if (config.port === 8766) return runningServer({ config, port: 8766 })
      throw new AppError('PORT_IN_USE', 'Port 8765 is taken.', { details: { nextFree: 8766 } })
    }
    const { wrapper, button, submit } = await mountBar(stoppedServer())
    await submit()
    expect(wrapper.get('[role=alert]').text()).toContain('Port 8765 is taken.')
    await button('Use port 8766').trigger('click')
    await flushPromises()
    expect(engine.inputs('server.start').map(({ port }) => port)).toEqual([8765, 8766])
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })

  it.each(['', '-1', '65536', '80.5'])('does not start on port %j', async (port) => {
    const { labelled, button, submit } = await mountBar(stoppedServer())
    await labelled('Port').setValue(port)
    expect(button('Start server').attributes('disabled')).toBeDefined()
    await submit()
    expect(engine.inputs('server.start')).toEqual([])
  })

  it('changes the preset of a running server', async () => {
    engine.answers['server.setPreset'] = ({ preset }) =>
      runningServer({ config: { ...defaultServerConfig(), preset } })
    const { wrapper, labelled } = await mountBar(runningServer())
    await labelled('Preset').setValue('broadcast')
    await flushPromises()
    expect(engine.inputs('server.setPreset')).toEqual([{ preset: 'broadcast' }])
    expect(wrapper.text()).toContain('Every message goes to all clients, the sender included.')
  })

  it('says what each preset does', async () => {
    const { wrapper, labelled } = await mountBar(stoppedServer())
    const names = labelled('Preset')
      .findAll('option')
      .map((option) => option.text())
    expect(names).toEqual([
      'Echo',
      'Broadcast (to all)',
      'Relay (to all but the sender)',
      'Ticker',
      'HTTP + WebSocket',
      'Two endpoints, one port',
    ])
    expect(wrapper.text()).toContain('Every message goes back to the client that sent it.')
  })

  it('connects to the running server in a new tab', async () => {
    engine.answers['connections.create'] = ({ config }) =>
      openConnection({ id: 'c9', config: must(config) })
    engine.answers['connections.connect'] = () => undefined
    const { button } = await mountBar(runningServer())
    await button('Connect to it').trigger('click')
    await flushPromises()
    expect(engine.inputs('connections.create')[0]?.config?.url).toBe('ws://127.0.0.1:8765')
    expect(engine.inputs('connections.connect')).toEqual([{ connectionId: 'c9' }])
    expect(useNavigationStore().section).toBe('connections')
  })

  it('shows the port that was picked while it runs, and the wish for any again', async () => {
    engine.answers['server.stop'] = () => undefined
    const config = { ...defaultServerConfig(), port: 0 }
    const { wrapper, labelled } = await mountBar(runningServer({ config, port: 41234 }))
    expect((labelled('Port').element as HTMLInputElement).value).toBe('41234')
    useServerStore().state = stoppedServer({ config })
    await flushPromises()
    expect((labelled('Port').element as HTMLInputElement).value).toBe('0')
    expect(wrapper.text()).toContain('Port 0 takes any free one.')
  })

  it('stops', async () => {
    engine.answers['server.stop'] = () => undefined
    const { button } = await mountBar(runningServer())
    await button('Stop server').trigger('click')
    expect(engine.inputs('server.stop')).toHaveLength(1)
  })

  it('keeps the running clock out of what is announced', async () => {
    const { wrapper } = await mountBar(runningServer({ since: Date.now() - 61_000 }))
    expect(wrapper.text()).toContain('00:01:01')
    expect(wrapper.get('[role=status]').text()).toBe('Running')
  })
})
