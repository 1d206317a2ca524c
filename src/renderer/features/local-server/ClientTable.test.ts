import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { serverClient } from '../../../../test/fakes/local-server'
import { must } from '../../../../test/fakes/must'
import CloseDialog from '../../components/CloseDialog.vue'
import ClientTable from './ClientTable.vue'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../../api/engine', () => ({ engine }))

beforeEach(() => {
  engine.reset()
  setActivePinia(createPinia())
})

function mountTable(props: Partial<InstanceType<typeof ClientTable>['$props']> = {}) {
  const clients = [
    serverClient(1, { rtt: 0.41 }),
    serverClient(2, { path: '/a\u202eb', protocol: 'book.v2', bufferedAmount: 120_000 }),
  ]
  const wrapper = mount(ClientTable, {
    props: { clients, total: 2, running: true, selected: [], shown: null, ...props },
  })
  const named = (name: string) => wrapper.get(`[aria-label="${name}"]`)
  return { wrapper, named }
}

describe('ClientTable', () => {
  it('is a table named Clients with a row for each', () => {
    const { wrapper, named } = mountTable()
    expect(named('Clients').element.tagName).toBe('TABLE')
    const cells = must(wrapper.findAll('tbody tr')[0])
      .findAll('td')
      .map((cell) => cell.text())
    expect(cells).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^#1\s*127.0.0.1:50001$/),
        '/chat',
        '12 5.1 kB',
        '8,412 1.3 MB',
        '410 µs',
      ]),
    )
  })

  it('shows what a peer sent without letting it turn the text', () => {
    const { wrapper } = mountTable()
    expect(wrapper.text()).toContain('/a\\u{202e}b')
    expect(wrapper.text()).not.toContain('\u202e')
  })

  it('selects clients, all at once too', async () => {
    const { wrapper, named } = mountTable({ selected: [1] })
    await named('Select 127.0.0.1:50002').trigger('change')
    await named('Select 127.0.0.1:50001').trigger('change')
    await named('Select all clients').trigger('change')
    expect(wrapper.emitted('update:selected')).toEqual([[[1, 2]], [[2]], [[1, 2]]])
  })

  it('shows one client’s traffic, and all again', async () => {
    const { wrapper } = mountTable()
    const address = must(wrapper.findAll('tbody button[aria-pressed]')[1])
    await address.trigger('click')
    expect(wrapper.emitted('update:shown')).toEqual([[2]])
    await wrapper.setProps({ shown: 2 })
    expect(address.attributes('aria-pressed')).toBe('true')
    expect(wrapper.text()).toContain('Traffic of 127.0.0.1:50002 only')
    await address.trigger('click')
    expect(wrapper.emitted('update:shown')).toEqual([[2], [null]])
  })

  it('disconnects one with the code and reason that were chosen', async () => {
    engine.answers['server.disconnectClient'] = () => undefined
    const { wrapper, named } = mountTable()
    await named('Disconnect 127.0.0.1:50002…').trigger('click')
    const dialog = wrapper.getComponent(CloseDialog)
    expect(dialog.props()).toMatchObject({ open: true, title: 'Disconnect 127.0.0.1:50002' })
    dialog.vm.$emit('close', { code: 1012, reason: 'restart' })
    await flushPromises()
    expect(engine.inputs('server.disconnectClient')).toEqual([
      { clientId: 2, code: 1012, reason: 'restart' },
    ])
  })

  it('terminates one', async () => {
    engine.answers['server.terminateClient'] = () => undefined
    const { named } = mountTable()
    await named('Terminate 127.0.0.1:50001').trigger('click')
    expect(engine.inputs('server.terminateClient')).toEqual([{ clientId: 1 }])
  })

  it('asks to send to one', async () => {
    const { wrapper, named } = mountTable()
    await named('Send to 127.0.0.1:50002').trigger('click')
    expect(wrapper.emitted('sendTo')).toEqual([[2]])
  })

  it('says how many are not in the list', () => {
    const { wrapper } = mountTable({ total: 1234 })
    expect(wrapper.text()).toContain('1,234 , the first 2 shown')
  })

  it('says that nobody is there', () => {
    const { wrapper } = mountTable({ clients: [], total: 0 })
    expect(wrapper.text()).toContain('No client is connected.')
    expect(wrapper.findAll('tbody input')).toHaveLength(0)
  })
})
