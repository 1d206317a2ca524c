import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import type { FakeEngine } from '../../../test/fakes/fake-engine'
import { answerClients, serverClient } from '../../../test/fakes/local-server'
import { useClientList } from './useClientList'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../api/engine', () => ({ engine }))

let scope = effectScope()
beforeEach(() => {
  scope = effectScope()
  vi.useFakeTimers()
  engine.reset()
  setActivePinia(createPinia())
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

async function listOf(count: number) {
  const clients = Array.from({ length: count }, (_, index) => serverClient(index + 1))
  answerClients(engine, () => clients)
  const list = scope.run(() => useClientList('s1'))
  if (!list) throw new Error('The scope has ended.')
  await flushPromises()
  return { list, clients }
}

describe('useClientList', () => {
  it('fetches what is in sight, with a margin, and never all', async () => {
    const { list } = await listOf(5000)
    expect(list.total.value).toBe(5000)
    list.show(4000, 4040)
    await flushPromises()
    expect(list.at(4000)?.id).toBe(4001)
    expect(list.at(0)).toBeUndefined()
    for (const { limit } of engine.inputs('servers.clients')) expect(limit).toBeLessThanOrEqual(100)
  })

  it('fetches again when the list changed, at most once in a while', async () => {
    const { list, clients } = await listOf(2)
    const before = engine.inputs('servers.clients').length
    clients.shift()
    for (let count = 0; count < 5; count += 1)
      engine.emit('servers.clientsChanged', { serverId: 's1', total: 1 })
    engine.emit('servers.clientsChanged', { serverId: 'another', total: 7 })
    expect(list.total.value).toBe(1)
    await vi.advanceTimersByTimeAsync(1000)
    expect(list.at(0)?.id).toBe(2)
    expect(engine.inputs('servers.clients').length - before).toBeLessThanOrEqual(2)
  })

  it('names the clients of a range by pages', async () => {
    const { list } = await listOf(1200)
    const ids = await list.idsBetween(100, 1150)
    expect(ids).toHaveLength(1050)
    expect([ids[0], ids.at(-1)]).toEqual([101, 1150])
    expect(Math.max(...engine.inputs('servers.clients').map(({ limit }) => limit))).toBe(500)
  })
})
