import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { ServerClient } from '@shared/model/local-server'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { answerClients, serverClient } from '../../../../test/fakes/local-server'
import { must } from '../../../../test/fakes/must'
import CloseDialog from '../../components/CloseDialog.vue'
import { useClientList } from '../../composables/useClientList'
import { useClientTarget } from '../../composables/useClientTarget'
import ClientTable from './ClientTable.vue'

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

const two = [
  serverClient(1, { rtt: 0.41 }),
  serverClient(2, {
    path: '/a\u202eb',
    protocol: 'book.v2',
    extensions: 'permessage-deflate',
    userAgent: 'node/24',
    bufferedAmount: 120_000,
    pressed: true,
    faults: 2,
  }),
]

async function mountTable(clients: readonly ServerClient[] = two) {
  answerClients(engine, () => clients)
  const heard = ref<Record<string, unknown[]>>({})
  const hear =
    (name: string) =>
    (...parts: unknown[]) =>
      (heard.value[name] = parts)
  const Page = defineComponent(() => {
    const list = useClientList('s1')
    const { selected, shown, target, addressOf } = useClientTarget(list.page, list.idsBetween)
    return () =>
      h(TooltipProvider, () => [
        h(ClientTable, {
          serverId: 's1',
          list,
          running: true,
          addressOf,
          selected: selected.value,
          shown: shown.value,
          'onUpdate:selected': (ids: readonly number[]) => (selected.value = ids),
          'onUpdate:shown': (id: number | null) => (shown.value = id),
          onSendTo: hear('sendTo'),
          onFaults: hear('faults'),
          onHandshake: hear('handshake'),
        }),
        h('output', JSON.stringify(target.value)),
      ])
  })
  const wrapper = mount(Page, { attachTo: document.body })
  unmount = () => wrapper.unmount()
  await flushPromises()
  const named = (name: string) => wrapper.get(`[aria-label="${name}"]`)
  const row = (position: number) => wrapper.get(`[data-position="${position}"]`)
  const press = async (position: number, init: MouseEventInit = {}) => {
    await row(position).trigger('mousedown', { button: 0, ...init })
    await flushPromises()
  }
  const key = async (name: string, init: KeyboardEventInit = {}) => {
    await named('Clients').trigger('keydown', { key: name, ...init })
    await flushPromises()
  }
  const target = () => JSON.parse(wrapper.get('output').text()) as number[] | null
  const action = (text: string) =>
    must(
      wrapper.findAll('[aria-label="Selected clients"] button').find((one) => one.text() === text),
    )
  return { wrapper, named, row, press, key, target, action, heard }
}

describe('ClientTable', () => {
  it('is a table named Clients with a row for each', async () => {
    const { wrapper, named, row } = await mountTable()
    expect(named('Clients').attributes()).toMatchObject({ role: 'table', 'aria-rowcount': '2' })
    const cells = (position: number) =>
      row(position)
        .findAll('[role=cell]')
        .map((cell) => cell.text())
    expect(cells(0).slice(1, -1)).toEqual([
      expect.stringMatching(/^#1\s*127.0.0.1:50001$/),
      '/chat',
      '*',
      expect.stringMatching(/\d\d:\d\d:\d\d$/),
      '12 5.1 kB',
      '8,412 1.3 MB',
      '410 µs',
      '0 B',
      '–',
      '–',
      '–',
      '–',
    ])
    expect(cells(1)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^120/),
        '2 faults',
        'book.v2',
        'permessage-deflate',
        'node/24',
      ]),
    )
    expect(wrapper.findAll('[aria-label=Backpressure]')).toHaveLength(1)
  })

  it('shows what a peer sent without letting it turn the text', async () => {
    const { wrapper } = await mountTable()
    expect(wrapper.text()).toContain('/a\\u{202e}b')
    expect(wrapper.text()).not.toContain('\u202e')
  })

  it('selects by its boxes, all at once too', async () => {
    const { named, target } = await mountTable()
    await named('Select 127.0.0.1:50002').trigger('change')
    expect(target()).toEqual([2])
    await named('Select all clients').trigger('change')
    await flushPromises()
    expect(target()).toEqual([1, 2])
    await named('Select all clients').trigger('change')
    expect(target()).toBeNull()
  })

  it('selects rows by mouse and keyboard', async () => {
    const { press, key, target } = await mountTable([1, 2, 3, 4, 5].map((id) => serverClient(id)))
    await press(1)
    expect(target()).toEqual([2])
    await press(3, { ctrlKey: true })
    expect(target()).toEqual([2, 4])
    await press(4, { shiftKey: true })
    expect(target()).toEqual([4, 5])
    await press(1)
    await key('ArrowDown', { shiftKey: true })
    await key('ArrowDown', { shiftKey: true })
    expect(target()).toEqual([2, 3, 4])
    await key('a', { ctrlKey: true })
    expect(target()).toEqual([1, 2, 3, 4, 5])
    await key('Escape')
    expect(target()).toBeNull()
  })

  it('selects many thousands without having them all', async () => {
    const { key, target, wrapper } = await mountTable(
      Array.from({ length: 3000 }, (_, index) => serverClient(index + 1)),
    )
    expect(wrapper.findAll('[data-position]').length).toBeLessThan(100)
    await key('a', { ctrlKey: true })
    expect(target()).toHaveLength(3000)
    expect(wrapper.text()).toContain('3,000 selected')
  })

  it('walks through the rows with one place for Tab', async () => {
    const { wrapper, key } = await mountTable([1, 2, 3].map((id) => serverClient(id)))
    const places = () =>
      wrapper.findAll('[role=cell] input').map((box) => box.attributes('tabindex'))
    expect(places()).toEqual(['0', '-1', '-1'])
    await key('ArrowDown')
    expect(places()).toEqual(['-1', '0', '-1'])
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Select 127.0.0.1:50002')
    await key('End')
    expect(places()).toEqual(['-1', '-1', '0'])
  })

  it('shows one client’s traffic, and all again', async () => {
    const { wrapper, named, row, key } = await mountTable()
    const address = row(1).get('button[aria-pressed]')
    await address.trigger('click')
    expect(address.attributes('aria-pressed')).toBe('true')
    expect(wrapper.text()).toContain('Traffic of 127.0.0.1:50002 only')
    await address.trigger('click')
    expect(wrapper.text()).not.toContain('only')
    await named('Select 127.0.0.1:50001').trigger('focusin')
    await key('Enter')
    expect(wrapper.text()).toContain('Traffic of 127.0.0.1:50001 only')
  })

  it('disconnects one with the code and reason that were chosen', async () => {
    engine.answers['servers.disconnectClients'] = () => undefined
    const { wrapper, named } = await mountTable()
    await named('Disconnect 127.0.0.1:50002…').trigger('click')
    const dialog = wrapper.getComponent(CloseDialog)
    expect(dialog.props()).toMatchObject({ open: true, title: 'Disconnect 127.0.0.1:50002' })
    dialog.vm.$emit('close', { code: 1012, reason: 'restart' })
    await flushPromises()
    expect(engine.inputs('servers.disconnectClients')).toEqual([
      { serverId: 's1', clientIds: [2], code: 1012, reason: 'restart' },
    ])
  })

  it('terminates one', async () => {
    engine.answers['servers.terminateClients'] = () => undefined
    const { named } = await mountTable()
    await named('Terminate 127.0.0.1:50001').trigger('click')
    expect(engine.inputs('servers.terminateClients')).toEqual([{ serverId: 's1', clientIds: [1] }])
  })

  it('does with all that are selected what it does with one', async () => {
    engine.answers['servers.terminateClients'] = () => undefined
    const { wrapper, named, press, key, action, heard } = await mountTable()
    await press(0)
    await key('a', { ctrlKey: true })
    await action('Write').trigger('click')
    expect(heard.value['sendTo']).toEqual([[1, 2]])
    await action('Faults…').trigger('click')
    expect(heard.value['faults']).toEqual([[1, 2]])
    await action('Disconnect…').trigger('click')
    expect(wrapper.getComponent(CloseDialog).props('title')).toBe('Disconnect 2 clients')
    await action('Terminate').trigger('click')
    expect(engine.inputs('servers.terminateClients')[0]?.clientIds).toEqual([1, 2])
    await named('Clear the selection').trigger('click')
    expect(wrapper.find('[aria-label="Selected clients"]').exists()).toBe(false)
  })

  it('asks to send to one', async () => {
    const { named, heard } = await mountTable()
    await named('Send to 127.0.0.1:50002').trigger('click')
    expect(heard.value['sendTo']).toEqual([[2]])
  })

  it('says that nobody is there', async () => {
    const { wrapper } = await mountTable([])
    expect(wrapper.text()).toContain('No client is connected.')
    expect(wrapper.findAll('[role=cell] input')).toHaveLength(0)
  })
})
