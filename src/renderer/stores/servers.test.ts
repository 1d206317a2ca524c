import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import type { ServerState } from '@shared/model/local-server'
import type { FakeEngine } from '../../../test/fakes/fake-engine'
import { answerServers, runningServer, stoppedServer } from '../../../test/fakes/local-server'
import { must } from '../../../test/fakes/must'
import { useServersStore } from './servers'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../api/engine', () => ({ engine }))

beforeEach(() => {
  engine.reset()
  window.sessionStorage.clear()
  setActivePinia(createPinia())
})

async function storeOf(...initial: ServerState[]) {
  answerServers(engine, initial)
  engine.answers['servers.start'] = ({ serverId }) => runningServer({ id: serverId })
  const servers = useServersStore()
  await servers.load()
  return servers
}

const onPort = (id: string, port: number, part: Partial<ServerState> = {}) =>
  stoppedServer({ id, name: id, config: { ...stoppedServer().config, port }, ...part })

describe('useServersStore', () => {
  it('shows what is edited at once, whatever the answers to earlier edits say', async () => {
    const servers = await storeOf(onPort('a', 1000))
    const first = servers.configure('a', { port: 2000 })
    const second = servers.configure('a', { allInterfaces: true })
    expect(servers.active?.config).toMatchObject({ port: 2000, allInterfaces: true })
    await first
    expect(servers.active?.config).toMatchObject({ port: 2000, allInterfaces: true })
    await second
    expect(engine.inputs('servers.update').at(-1)?.config).toMatchObject({
      port: 2000,
      allInterfaces: true,
    })
  })

  it('takes back what the engine has refused', async () => {
    const servers = await storeOf(onPort('a', 1000))
    engine.answers['servers.update'] = () => {
      throw new AppError('PLAN_INVALID', 'No.')
    }
    await expect(servers.configure('a', { port: 2000 })).rejects.toThrow('No.')
    expect(servers.active?.config.port).toBe(1000)
  })

  it('remembers over a reload which one is shown', async () => {
    const servers = await storeOf(onPort('a', 1000), onPort('b', 1001))
    servers.activate('b')
    setActivePinia(createPinia())
    const again = useServersStore()
    await again.load()
    expect(again.activeId).toBe('b')
  })

  it('goes on to a neighbour when the one shown is removed', async () => {
    const servers = await storeOf(onPort('a', 1), onPort('b', 2), onPort('c', 3))
    servers.activate('b')
    engine.emit('servers.removed', { serverId: 'b' })
    expect(servers.activeId).toBe('c')
    engine.emit('servers.removed', { serverId: 'c' })
    expect(servers.activeId).toBe('a')
  })

  describe('starting on a port', () => {
    it('starts the server that has it', async () => {
      const servers = await storeOf(onPort('a', 1000), onPort('b', 2000))
      await servers.startOn(2000)
      expect(engine.inputs('servers.start')).toEqual([{ serverId: 'b' }])
      expect(engine.inputs('servers.update')).toEqual([])
    })

    it('gives it to the only one, if that was never used', async () => {
      const servers = await storeOf(onPort('a', 1000))
      await servers.startOn(3000)
      expect(must(engine.inputs('servers.update')[0]).config?.port).toBe(3000)
      expect(engine.inputs('servers.start')).toEqual([{ serverId: 'a' }])
    })

    it('leaves those that were used alone', async () => {
      const servers = await storeOf(onPort('a', 1000, { since: 1 }))
      await servers.startOn(3000)
      expect(engine.inputs('servers.update')).toEqual([])
      expect(engine.inputs('servers.create')[0]?.config?.port).toBe(3000)
      expect(engine.inputs('servers.start')).toEqual([{ serverId: 's2' }])
    })
  })
})
