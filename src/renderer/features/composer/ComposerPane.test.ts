import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import { emptyDraft, type Connection, type Draft } from '@shared/model/connection'
import { openConnection } from '../../../../test/fakes/connection'
import type { FakeEngine } from '../../../../test/fakes/fake-engine'
import { must } from '../../../../test/fakes/must'
import { useCommandsStore } from '../../stores/commands'
import ComposerPane from './ComposerPane.vue'

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

const text = (value: string): Draft => ({ ...emptyDraft(), text: value })
const bytes = (value: string) => new TextEncoder().encode(value)

async function mountComposer(draft: Draft, part: Partial<Connection> = {}) {
  engine.answers = {
    'connections.draft': () => draft,
    'connections.setDraft': () => undefined,
    'connections.history': () => [],
    'connections.send': () => ({ fate: 'written', bufferedAmount: 0 }),
    'connections.ping': () => undefined,
    'connections.connect': () => undefined,
    'connections.startRepeat': () => undefined,
    'connections.stopRepeat': () => undefined,
    ...engine.answers,
  }
  const wrapper = mount(ComposerPane, {
    props: { connection: openConnection(part) },
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  await flushPromises()
  const button = (name: string) => {
    const found = [...document.querySelectorAll('button')].find(
      (item) => (item.getAttribute('aria-label') ?? item.textContent.trim()) === name,
    )
    if (!found) throw new Error(`There is no button ${name}.`)
    return found
  }
  const click = async (name: string) => {
    button(name).click()
    await flushPromises()
  }
  const sent = () => engine.inputs('connections.send').map(({ message }) => message)
  return { wrapper, button, click, sent }
}

describe('ComposerPane', () => {
  it('sends what the draft holds, to the byte, with the draft for the history', async () => {
    const draft = text('one\r\ntwo\rthree\n\0')
    const { click, sent } = await mountComposer(draft)
    await click('Send')
    expect(sent()).toEqual([
      { from: 'bytes', opcode: 'text', payload: bytes('one\r\ntwo\rthree\n\0'), draft },
    ])
  })

  it('offers the formats by name', async () => {
    const { wrapper } = await mountComposer(text(''))
    const group = wrapper.get('[role=radiogroup]')
    expect(group.attributes('aria-label')).toBe('Format')
    const names = group.findAll('[role=radio]').map((radio) => radio.text())
    expect(names).toEqual(['Text', 'JSON', 'Hex', 'Base64', 'File'])
  })

  it('sends hex as the frame that was chosen', async () => {
    const { click, sent, wrapper } = await mountComposer({
      ...emptyDraft(),
      format: 'hex',
      hex: 'DE AD be,ef',
    })
    expect(wrapper.text()).toContain('4 B')
    await click('Send')
    expect(sent()[0]).toMatchObject({
      opcode: 'binary',
      payload: new Uint8Array([0xde, 0xad, 0xbe, 0xef]),
    })
  })

  it.each([
    ['hex', { format: 'hex', hex: 'de a' }, 'Line 1, column 4'],
    ['base64', { format: 'base64', base64: 'AAAA*' }, 'Line 1, column 5'],
    ['JSON', { format: 'json', text: '{\n  "a": tru\n}' }, 'Line 2, column 8'],
  ] as const)('holds back %s that is not, and says where', async (_, part, place) => {
    const { wrapper, button, sent } = await mountComposer({ ...emptyDraft(), ...part })
    expect(wrapper.text()).toContain(place)
    expect(button('Send').disabled).toBe(true)
    useCommandsStore().run('message.send')
    await flushPromises()
    expect(sent()).toEqual([])
  })

  it('says how JSON that is not JSON can be sent all the same', async () => {
    const { wrapper } = await mountComposer({ ...emptyDraft(), format: 'json', text: '{' })
    expect(wrapper.text()).toContain('The Text format sends it as it is.')
    expect(wrapper.text()).toContain('1 B')
  })

  it('lays JSON out without changing a number', async () => {
    const { click, sent } = await mountComposer({
      ...emptyDraft(),
      format: 'json',
      text: '{"big":12345678901234567890,"a":1.10}',
    })
    await click('Tidy')
    await click('Send')
    expect(sent()[0]).toMatchObject({
      payload: bytes('{\n  "big": 12345678901234567890,\n  "a": 1.10\n}'),
    })
  })

  it('keeps the draft of a failed send and says why', async () => {
    engine.answers['connections.send'] = () => {
      throw new AppError('SEND_FAILED', 'The socket was destroyed.')
    }
    const { wrapper, click } = await mountComposer(text('precious'))
    await click('Send')
    expect(wrapper.get('[role=alert]').text()).toBe('The socket was destroyed.')
    expect(wrapper.get('[role=textbox]').text()).toContain('precious')
  })

  it('says that the connection is not open, and connects', async () => {
    const { wrapper, click, sent } = await mountComposer(text('hello'), {
      state: { ...openConnection().state, phase: 'closed' },
    })
    await click('Send')
    expect(wrapper.get('[role=alert]').text()).toBe('Not sent: the connection is closed.')
    expect(sent()).toEqual([])
    await click('Connect…')
    expect(engine.inputs('connections.connect')).toEqual([{ connectionId: 'c1' }])
    await wrapper.setProps({ connection: openConnection() })
    expect(wrapper.find('[role=alert]').exists()).toBe(false)
  })

  it('pings at once, with a payload of the engine’s choice', async () => {
    const { click } = await mountComposer(text(''))
    await click('Ping')
    expect(engine.inputs('connections.ping')).toEqual([
      { connectionId: 'c1', payload: new Uint8Array() },
    ])
  })

  it('pings with a payload of at most 125 bytes', async () => {
    const { click, button } = await mountComposer(text(''))
    await click('Ping with payload…')
    const field = must(document.querySelector<HTMLInputElement>('form input'))
    const type = async (value: string) => {
      field.value = value
      field.dispatchEvent(new Event('input'))
      await flushPromises()
    }
    await type('é'.repeat(63))
    expect(document.body.textContent).toContain('126 bytes; a ping carries at most 125.')
    expect(button('Send ping').disabled).toBe(true)
    await type('é'.repeat(62) + 'x')
    expect(document.body.textContent).toContain('125 of 125 bytes')
    must(document.querySelector('form')).dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
    expect(engine.inputs('connections.ping')).toEqual([
      { connectionId: 'c1', payload: bytes('é'.repeat(62) + 'x') },
    ])
  })

  it('says that Send leaves a template as it is typed', async () => {
    const { wrapper, click, sent } = await mountComposer(text('at {{time}}'))
    expect(wrapper.text()).toContain('Send sends {{…}} as typed')
    await click('Send')
    expect(sent()[0]).toMatchObject({ payload: bytes('at {{time}}') })
  })

  it('starts a repeat with the text as it stands', async () => {
    const { click } = await mountComposer(text('at {{time}}'))
    await click('Repeat')
    must(document.querySelector('form')).dispatchEvent(new Event('submit', { cancelable: true }))
    await flushPromises()
    expect(engine.inputs('connections.startRepeat')).toEqual([
      {
        connectionId: 'c1',
        opcode: 'text',
        format: 'text',
        content: 'at {{time}}',
        interval: 5000,
        total: null,
      },
    ])
  })

  it('shows how far a repeat is, and stops it', async () => {
    const { wrapper, click } = await mountComposer(text('tick'), {
      repeat: { sent: 1200, total: 5000, interval: 250 },
    })
    expect(wrapper.text()).toContain('Repeating every 250 ms: 1,200 of 5,000 sent')
    await click('Stop repeating')
    expect(engine.inputs('connections.stopRepeat')).toEqual([{ connectionId: 'c1' }])
  })

  it('recalls what was sent', async () => {
    engine.answers['connections.history'] = () => [
      { time: 1, format: 'base64', content: 'AAECAw==', opcode: 'text' },
    ]
    const { wrapper, click, sent } = await mountComposer(text('unsent'))
    await wrapper
      .get('[role=textbox]')
      .trigger('keydown', { key: 'ArrowUp', altKey: true, keyCode: 38 })
    await flushPromises()
    await click('Send')
    expect(sent()[0]).toMatchObject({ opcode: 'text', payload: new Uint8Array([0, 1, 2, 3]) })
  })

  it('hands a file over in chunks and sends it by its handle', async () => {
    engine.answers['files.create'] = () => ({ fileId: 'f7' })
    engine.answers['files.append'] = () => undefined
    engine.answers['files.release'] = () => undefined
    const { wrapper, click, button, sent } = await mountComposer({
      ...emptyDraft(),
      format: 'file',
    })
    expect(button('Send').disabled).toBe(true)
    expect(wrapper.text()).toContain('No file chosen.')
    const input = wrapper.get<HTMLInputElement>('input[type=file]')
    const file = new File([new Uint8Array(1_500_000)], 'dump.bin')
    Object.defineProperty(input.element, 'files', { value: [file] })
    await input.trigger('change')
    expect(wrapper.text()).toContain('dump.bin')
    expect(wrapper.text()).toContain('1.5 MB')
    await click('Send')
    await vi.waitFor(() => expect(sent()).toHaveLength(1))
    const chunks = engine.inputs('files.append')
    expect(chunks.map(({ offset }) => offset)).toEqual([0, 1024 * 1024])
    expect(sent()).toEqual([{ from: 'file', opcode: 'binary', fileId: 'f7' }])
    await vi.waitFor(() => expect(engine.inputs('files.release')).toEqual([{ fileId: 'f7' }]))
  })
})
