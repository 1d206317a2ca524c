import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { openConnection } from '../../../test/fakes/connection'
import type { FakeEngine } from '../../../test/fakes/fake-engine'
import { must } from '../../../test/fakes/must'
import { useConnectionsStore } from './connections'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../api/engine', () => ({ engine }))

beforeEach(() => {
  engine.reset()
  engine.answers['connections.update'] = ({ config }) => openConnection({ config: must(config) })
  engine.answers['connections.connect'] = () => undefined
  setActivePinia(createPinia())
})

describe('the connections store', () => {
  it('lets no change of a configuration take back another one', async () => {
    const store = useConnectionsStore()
    engine.emit('connections.changed', openConnection())
    await Promise.all([
      store.configure('c1', { url: 'ws://new.example' }),
      store.configure('c1', { pingInterval: 0 }),
    ])
    expect(store.find('c1')?.config).toMatchObject({ url: 'ws://new.example', pingInterval: 0 })
  })

  it('shows a change at once, and no older answer takes it back', async () => {
    const store = useConnectionsStore()
    engine.emit('connections.changed', openConnection())
    const typed = store.configure('c1', { url: 'ws://new.example' })
    expect(store.find('c1')?.config.url).toBe('ws://new.example')
    engine.emit('connections.changed', openConnection({ name: 'Renamed meanwhile' }))
    expect(store.find('c1')).toMatchObject({
      name: 'Renamed meanwhile',
      config: { url: 'ws://new.example' },
    })
    await typed
    engine.emit('connections.changed', openConnection())
    expect(store.find('c1')?.config.url).toBe('ws://127.0.0.1:8765')
  })

  it('shows again what the engine has when it refuses a change', async () => {
    const store = useConnectionsStore()
    engine.emit('connections.changed', openConnection())
    engine.answers['connections.list'] = () => [openConnection()]
    delete engine.answers['connections.update']
    await expect(store.configure('c1', { origin: 'x' })).rejects.toThrow('no answer')
    expect(store.find('c1')?.config.origin).toBe('')
  })

  it('connects with what was changed just before', async () => {
    const store = useConnectionsStore()
    engine.emit('connections.changed', openConnection())
    void store.configure('c1', { url: 'ws://first.example' })
    void store.configure('c1', { url: 'ws://second.example' })
    await store.connect('c1')
    expect(engine.calls.map(({ name }) => name)).toEqual([
      'connections.update',
      'connections.update',
      'connections.connect',
    ])
    expect(engine.inputs('connections.update')[1]?.config?.url).toBe('ws://second.example')
  })

  it('goes on after a change that failed', async () => {
    const store = useConnectionsStore()
    engine.emit('connections.changed', openConnection())
    const { 'connections.update': answer } = engine.answers
    delete engine.answers['connections.update']
    await expect(store.configure('c1', { origin: 'x' })).rejects.toThrow()
    if (answer) engine.answers['connections.update'] = answer
    await store.configure('c1', { pingInterval: 0 })
    expect(store.find('c1')?.config.pingInterval).toBe(0)
  })
})
