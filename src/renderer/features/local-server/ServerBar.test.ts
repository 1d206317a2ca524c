import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, ref } from 'vue'
import { AppError } from '@shared/errors'
import { defaultServerConfig, type ServerState } from '@shared/model/local-server'
import { planOf } from '@shared/model/server-presets'
import { newRoute } from '@shared/model/server-route'
import { openConnection } from '../../../../test/fakes/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { answerServers, runningServer, stoppedServer } from '../../../../test/fakes/local-server'
import { must } from '../../../../test/fakes/must'
import { useNavigationStore } from '../../stores/navigation'
import { useServersStore } from '../../stores/servers'
import { useToastsStore } from '../../stores/toasts'
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
  answerServers(engine, [state])
  const servers = useServersStore()
  await servers.load()
  const planShown = ref(false)
  const wrapper = mount(
    () =>
      h(TooltipProvider, () =>
        h(ServerBar, {
          state: servers.active ?? state,
          planShown: planShown.value,
          'onUpdate:planShown': (shown: boolean) => (planShown.value = shown),
        }),
      ),
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
  const config = () => must(servers.active).config
  const submit = async () => {
    await wrapper.get('form').trigger('submit')
    await flushPromises()
  }
  return { wrapper, button, labelled, submit, config, planShown }
}

const started = (part: Partial<ServerState> = {}) => {
  const state = runningServer({ config: must(useServersStore().active).config, ...part })
  engine.emit('servers.changed', state)
  return state
}

const edited = () => {
  const plan = planOf('echo')
  return { ...plan, routes: [...plan.routes, newRoute('more', '/more')] }
}

describe('ServerBar', () => {
  it('starts with what the form says', async () => {
    engine.answers['servers.start'] = () => started()
    const { wrapper, labelled, submit, config } = await mountBar(stoppedServer())
    await labelled('Preset').setValue('relay')
    await labelled('Port').setValue(9000)
    await labelled('Listen on all interfaces').trigger('click')
    expect(wrapper.text()).toContain('Any machine that reaches this one will be able to connect.')
    await submit()
    expect(engine.inputs('servers.start')).toEqual([{ serverId: 's1' }])
    expect(config()).toEqual({
      ...defaultServerConfig(),
      plan: planOf('relay'),
      port: 9000,
      allInterfaces: true,
    })
    expect(engine.inputs('servers.update').at(-1)?.config).toEqual(config())
    expect(engine.calls.at(-1)?.name).toBe('servers.start')
    expect(wrapper.get('[role=status]').attributes('aria-label')).toBe('Server state')
    expect(wrapper.get('[role=status]').text()).toBe('Running')
  })

  it('believes the last event rather than an answer that comes after it', async () => {
    engine.answers['servers.start'] = () => {
      const state = started()
      engine.emit('servers.changed', stoppedServer())
      return state
    }
    const { wrapper, submit } = await mountBar(stoppedServer())
    await submit()
    expect(wrapper.get('[role=status]').text()).toBe('Stopped')
  })

  it('offers the next free port when the port is taken', async () => {
    engine.answers['servers.start'] = () => {
      if (must(useServersStore().active).config.port === 8766) return started({ port: 8766 })
      throw new AppError('PORT_IN_USE', 'Port 8765 is taken.', { details: { nextFree: 8766 } })
    }
    const { wrapper, button, submit, config } = await mountBar(stoppedServer())
    await submit()
    expect(wrapper.get('[role=alert]').text()).toContain('Port 8765 is taken.')
    await button('Use port 8766').trigger('click')
    await flushPromises()
    expect(config().port).toBe(8766)
    expect(engine.inputs('servers.start')).toHaveLength(2)
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })

  it.each(['', '-1', '65536', '80.5'])('neither keeps port %j nor starts on it', async (port) => {
    const { labelled, button, submit, config } = await mountBar(stoppedServer())
    await labelled('Port').setValue(port)
    expect(button('Start server').attributes('disabled')).toBeDefined()
    await submit()
    expect(engine.inputs('servers.start')).toEqual([])
    expect(config().port).toBe(8765)
  })

  it('keeps a port when typing pauses', async () => {
    const { labelled, config } = await mountBar(stoppedServer())
    vi.useFakeTimers()
    try {
      await labelled('Port').setValue(9)
      await labelled('Port').setValue(90)
      await labelled('Port').setValue(9000)
      expect(engine.inputs('servers.update')).toEqual([])
      await vi.advanceTimersByTimeAsync(1000)
      expect(engine.inputs('servers.update')).toHaveLength(1)
      expect(config().port).toBe(9000)
    } finally {
      vi.useRealTimers()
    }
  })

  it('changes the preset of a running server', async () => {
    const { wrapper, labelled, config } = await mountBar(runningServer())
    await labelled('Preset').setValue('broadcast')
    await flushPromises()
    expect(config().plan).toEqual(planOf('broadcast'))
    expect(wrapper.text()).toContain('Every message goes to all clients, the sender included.')
    expect(useToastsStore().toasts).toEqual([])
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

  it('calls an edited plan custom, and gives it back after a preset took its place', async () => {
    const config = { ...defaultServerConfig(), plan: edited() }
    const bar = await mountBar(runningServer({ config }))
    const preset = () => bar.labelled('Preset').element as HTMLSelectElement
    expect(preset().selectedOptions[0]?.text).toBe('Custom')
    expect(bar.wrapper.text()).toContain('Routes: * echo; /more silent')
    await bar.labelled('Preset').setValue('relay')
    await flushPromises()
    expect(bar.config().plan).toEqual(planOf('relay'))
    expect([...preset().options].map(({ text }) => text)).not.toContain('Custom')
    const toasts = useToastsStore()
    toasts.act(must(toasts.toasts[0]).id)
    await flushPromises()
    expect(bar.config().plan).toEqual(edited())
    expect(preset().selectedOptions[0]?.text).toBe('Custom')
  })

  it('opens the routes beside it', async () => {
    const { button, planShown } = await mountBar(stoppedServer())
    await button('Routes 1').trigger('click')
    expect(planShown.value).toBe(true)
    expect(button('Routes 1').attributes('aria-pressed')).toBe('true')
  })

  it('says what waits for a restart, and restarts', async () => {
    const config = { ...defaultServerConfig(), port: 9000 }
    engine.answers['servers.start'] = () => started({ port: 9000 })
    const { wrapper, button } = await mountBar(runningServer({ config, restartNeeded: true }))
    expect(wrapper.text()).toContain('Takes effect when the server starts again.')
    await button('Restart').trigger('click')
    await flushPromises()
    expect(engine.inputs('servers.start')).toEqual([{ serverId: 's1' }])
    expect(wrapper.text()).not.toContain('Takes effect')
  })

  it('warns as long as other machines can connect, whatever was edited since', async () => {
    const { wrapper } = await mountBar(
      runningServer({ restartNeeded: true, urls: ['ws://127.0.0.1:8765', 'ws://10.0.0.7:8765'] }),
    )
    expect(wrapper.text()).toContain('Any machine that reaches this one can connect.')
  })

  it('connects to the running server in a new tab', async () => {
    engine.answers['connections.create'] = ({ config }) =>
      openConnection({ id: 'c9', config: must(config) })
    engine.answers['connections.connect'] = () => undefined
    const { button } = await mountBar(runningServer({ name: 'Chat' }))
    await button('Connect to it').trigger('click')
    await flushPromises()
    expect(engine.inputs('connections.create')[0]).toMatchObject({
      name: 'Chat',
      config: { url: 'ws://127.0.0.1:8765' },
    })
    expect(engine.inputs('connections.connect')).toEqual([{ connectionId: 'c9' }])
    expect(useNavigationStore().section).toBe('connections')
  })

  it('shows the port that was picked while it runs, and the wish for any again', async () => {
    const config = { ...defaultServerConfig(), port: 0 }
    const { wrapper, labelled } = await mountBar(runningServer({ config, port: 41234 }))
    expect((labelled('Port').element as HTMLInputElement).value).toBe('41234')
    engine.emit('servers.changed', stoppedServer({ config }))
    await flushPromises()
    expect((labelled('Port').element as HTMLInputElement).value).toBe('0')
    expect(wrapper.text()).toContain('Port 0 takes any free one.')
  })

  it('stops', async () => {
    engine.answers['servers.stop'] = () => undefined
    const { button } = await mountBar(runningServer())
    await button('Stop server').trigger('click')
    expect(engine.inputs('servers.stop')).toEqual([{ serverId: 's1' }])
  })

  it('keeps the running clock out of what is announced', async () => {
    const { wrapper } = await mountBar(runningServer({ since: Date.now() - 61_000 }))
    expect(wrapper.text()).toContain('00:01:01')
    expect(wrapper.get('[role=status]').text()).toBe('Running')
  })
})
