import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { LogState } from '@shared/model/capture'
import { openConnection } from '../../../../test/fakes/connection'
import { createFakeEngine } from '../../../../test/fakes/fake-engine'
import { useCommandsStore } from '../../stores/commands'
import { useConnectionsStore } from '../../stores/connections'
import StatusBar from './StatusBar.vue'

const engine = vi.hoisted(() => ({ current: null as unknown }))
vi.mock('../../api/engine', () => ({
  get engine() {
    return engine.current
  },
}))
const fake = createFakeEngine()
let wrapper: VueWrapper

const disk: LogState = {
  logId: 'l1',
  storage: 'disk',
  problem: null,
  lost: 0,
  bytes: 241_000_000,
  budget: 1_073_741_824,
}

beforeEach(async () => {
  vi.useFakeTimers()
  fake.reset()
  engine.current = fake
  window.sessionStorage.clear()
  setActivePinia(createPinia())
  fake.answers['connections.list'] = () => [openConnection()]
  fake.answers['frames.logState'] = () => disk
  await useConnectionsStore().load()
  wrapper = mount(StatusBar)
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  vi.useRealTimers()
})

it('says how much of its disk space a connection has taken, and keeps it current', async () => {
  expect(wrapper.text()).toContain('Capture on disk, 241 MB of 1 GiB')
  fake.answers['frames.logState'] = () => ({ ...disk, bytes: 300_000_000 })
  await vi.advanceTimersByTimeAsync(1_100)
  expect(wrapper.text()).toContain('Capture on disk, 300 MB of 1 GiB')
})

it('says at once that the disk does not keep up, or failed', async () => {
  fake.emit('frames.logChanged', { ...disk, storage: 'held' })
  await flushPromises()
  expect(wrapper.text()).toContain('The disk is slower than the wire')
  fake.emit('frames.logChanged', { ...disk, storage: 'memory', problem: 'Full', lost: 1_200 })
  await flushPromises()
  expect(wrapper.text()).toContain('Kept in memory, 241 MB')
  expect(wrapper.text()).toContain('1,200 rows lost')
})

it('offers to save while there is something to save', async () => {
  expect(wrapper.find('button').exists()).toBe(false)
  const run = vi.fn()
  useCommandsStore().register([{ id: 'capture.save', title: 'Save', group: 'Captures', run }])
  await flushPromises()
  await wrapper.get('button').trigger('click')
  expect(run).toHaveBeenCalledOnce()
})
