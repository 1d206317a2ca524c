import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { noLatency, type LatencyStats } from '@shared/model/latency'
import { openConnection } from '../../../../test/fakes/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { must } from '../../../../test/fakes/must'
import { useConnectionsStore } from '../../stores/connections'
import LineChart from '../../components/LineChart.vue'
import LatencyPanel from './LatencyPanel.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

const measured: LatencyStats = {
  count: 3,
  last: 12.44,
  min: 0.9,
  median: 10,
  p95: 18,
  max: 120,
  jitter: 1.6,
  lost: 2,
  skipped: 1,
  pending: 0,
  samples: [
    { time: 1000, rtt: 12 },
    { time: 2000, rtt: null },
  ],
}

beforeEach(() => {
  engine.reset()
  setActivePinia(createPinia())
})

async function mountPanel(stats: LatencyStats, connection = openConnection()) {
  engine.answers['connections.latency'] = () => stats
  engine.answers['connections.update'] = ({ config }) => openConnection({ config: must(config) })
  useConnectionsStore()
  engine.emit('connections.changed', connection)
  // A canvas is more than this test's page has.
  const wrapper = mount(LatencyPanel, {
    props: { connection },
    global: { stubs: { LineChart: true } },
  })
  await flushPromises()
  return wrapper
}

const numbers = (wrapper: Awaited<ReturnType<typeof mountPanel>>) =>
  Object.fromEntries(
    wrapper.findAll('dl > div').map((item) => [item.get('dt').text(), item.get('dd').text()]),
  )

describe('LatencyPanel', () => {
  it('is a region that says which pings its numbers cover', async () => {
    const wrapper = await mountPanel(measured)
    expect(wrapper.get('section').attributes('aria-label')).toBe('Latency')
    expect(wrapper.text()).toContain('over the connection’s life')
    expect(numbers(wrapper)).toEqual({
      last: '12.4',
      min: '0.900',
      median: '10.0',
      p95: '18.0',
      max: '120',
      jitter: '1.60',
      lost: '2',
      skipped: '1',
    })
  })

  it('follows its own connection only', async () => {
    const wrapper = await mountPanel(measured)
    engine.emit('latency.changed', { connectionId: 'other', stats: { ...measured, lost: 99 } })
    engine.emit('latency.changed', { connectionId: 'c1', stats: { ...measured, last: 5 } })
    await flushPromises()
    expect(numbers(wrapper)).toMatchObject({ last: '5.00', lost: '2' })
  })

  it('draws lost pings as points without a value', async () => {
    const wrapper = await mountPanel(measured)
    expect(wrapper.getComponent(LineChart).props('points')).toEqual([
      { time: 1000, value: 12 },
      { time: 2000, value: null },
    ])
  })

  it('says that there are no pings yet, and why', async () => {
    const off = openConnection()
    const wrapper = await mountPanel(noLatency(), {
      ...off,
      config: { ...off.config, pingInterval: 0 },
    })
    expect(wrapper.text()).toContain('No pings yet')
    expect(wrapper.text()).toContain('Keep-alive pings are off.')
    expect(numbers(wrapper)['last']).toBe('–')
  })

  it('changes the interval of the connection and nothing else', async () => {
    const connection = openConnection()
    const wrapper = await mountPanel(measured, connection)
    await wrapper.get('select').setValue('30000')
    await flushPromises()
    expect(engine.inputs('connections.update')).toEqual([
      { connectionId: 'c1', config: { ...connection.config, pingInterval: 30_000 } },
    ])
  })

  it('offers an interval that is not among the usual ones', async () => {
    const odd = openConnection()
    const wrapper = await mountPanel(measured, {
      ...odd,
      config: { ...odd.config, pingInterval: 7000 },
    })
    expect(wrapper.get('select').element.value).toBe('7000')
  })
})
