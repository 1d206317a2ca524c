import { h } from 'vue'
import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { beforeEach, expect, it, vi } from 'vitest'
import type { Capture } from '@shared/model/capture'
import { createFakeEngine } from '../../../../test/fakes/fake-engine'
import { useAppStore } from '../../stores/app'
import { useCapturesStore } from '../../stores/captures'
import { useNavigationStore } from '../../stores/navigation'
import NoticeBar from './NoticeBar.vue'

const engine = vi.hoisted(() => ({ current: null as unknown }))
vi.mock('../../api/engine', () => ({
  get engine() {
    return engine.current
  },
}))
const fake = createFakeEngine()

const recovered = (id: string): Capture => ({
  id,
  name: `Feed ${id}`,
  kind: 'left',
  recovered: true,
  origin: 'Feed',
  from: null,
  to: null,
  rows: null,
  bytes: 1_000,
  savedAt: 0,
  problem: null,
})

function show(message: string, captures: Capture[]) {
  useAppStore()
  useCapturesStore()
  fake.emit('captures.changed', captures)
  const captureIds = captures.map(({ id }) => id)
  fake.emit('notices.changed', [{ id: 'n1', level: 'info', message, captureIds }])
  return mount({ render: () => h(TooltipProvider, null, { default: () => h(NoticeBar) }) })
}

beforeEach(() => {
  fake.reset()
  engine.current = fake
  fake.answers['captures.open'] = () => ({ logId: 'log' })
  fake.answers['app.dismissNotice'] = () => undefined
  window.sessionStorage.clear()
  setActivePinia(createPinia())
})

it('opens the one capture that was recovered', async () => {
  const wrapper = show('1 capture was recovered.', [recovered('a')])
  const button = wrapper.findAll('button').find((item) => item.text() === 'Open')
  await button?.trigger('click')
  await flushPromises()
  expect(useNavigationStore().section).toBe('captures')
  expect(useCapturesStore().activeId).toBe('a')
  expect(fake.inputs('app.dismissNotice')).toEqual([{ noticeId: 'n1' }])
})

it('leads to the list where several were recovered, and nowhere for other notices', async () => {
  const wrapper = show('2 captures were recovered.', [recovered('a'), recovered('b')])
  expect(wrapper.text()).toContain('Show captures')
  fake.emit('notices.changed', [
    { id: 'n2', level: 'warning', message: 'The disk is full.', captureIds: [] },
  ])
  await flushPromises()
  expect(wrapper.text()).not.toContain('Show captures')
})

it('opens what is left of several, and shows what could hide or turn text', async () => {
  const wrapper = show('The traffic of “a\u202eb” was recovered.', [recovered('a'), recovered('b')])
  expect(wrapper.text()).toContain('“a\\u{202e}b”')
  fake.emit('captures.changed', [recovered('b')])
  await flushPromises()
  await wrapper.get('button').trigger('click')
  await flushPromises()
  expect(useCapturesStore().activeId).toBe('b')
})
