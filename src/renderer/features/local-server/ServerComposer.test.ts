import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { emptyDraft } from '@shared/model/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import ServerComposer from './ServerComposer.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

let unmount = () => {}
beforeEach(() => {
  engine.reset()
  engine.answers['servers.send'] = ({ clientIds }) => ({ sent: clientIds?.length ?? 2 })
  setActivePinia(createPinia())
  window.sessionStorage.setItem('server-draft', JSON.stringify({ ...emptyDraft(), text: 'hi\r\n' }))
})
afterEach(() => unmount())

function mountComposer(props: Partial<InstanceType<typeof ServerComposer>['$props']> = {}) {
  const wrapper = mount(ServerComposer, {
    props: { serverId: 's1', total: 2, target: null, ...props },
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  const send = async () => {
    await wrapper.get('button[aria-label=Send]').trigger('click')
    await flushPromises()
  }
  return { wrapper, send }
}

describe('ServerComposer', () => {
  it('sends to all', async () => {
    const { wrapper, send } = mountComposer()
    expect(wrapper.text()).toContain('To all 2 clients')
    await send()
    expect(engine.inputs('servers.send')).toMatchObject([
      {
        serverId: 's1',
        clientIds: null,
        message: { opcode: 'text', payload: new TextEncoder().encode('hi\r\n') },
      },
    ])
  })

  it('sends to those selected, and names a single one', async () => {
    const { wrapper, send } = mountComposer({
      target: [2],
      address: '127.0.0.1:50002',
    })
    expect(wrapper.text()).toContain('To 127.0.0.1:50002')
    await send()
    expect(engine.inputs('servers.send')[0]?.clientIds).toEqual([2])
  })

  it('says that nobody is there instead of sending to nobody', async () => {
    const { wrapper, send } = mountComposer({ total: 0 })
    await send()
    expect(wrapper.get('[role=alert]').text()).toBe('Not sent: no client is connected.')
    expect(engine.inputs('servers.send')).toEqual([])
    await wrapper.setProps({ total: 1 })
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })
})
