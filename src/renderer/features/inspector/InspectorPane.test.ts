import { h } from 'vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Row } from '@shared/model/frame'
import { putEngine } from '../../../../test/support/fake-engine-module'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../../test/support/fake-frame-engine'
import { useInspectorStore } from '../../stores/inspector'
import InspectorPane from './InspectorPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

let engine: FakeFrameEngine
let wrapper: VueWrapper
const encode = (text: string) => new TextEncoder().encode(text)

beforeEach(() => {
  setActivePinia(createPinia())
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400)
})
afterEach(() => {
  wrapper.unmount()
  vi.restoreAllMocks()
})

/** As in the app, where what has a tooltip stands within its provider. */
const Inspector = (props: { logId: string; rowId: number | null; query?: string }) =>
  h(TooltipProvider, null, { default: () => h(InspectorPane, props) })
Inspector.props = ['logId', 'rowId', 'query']

/** Shows the first of some rows. */
async function show(...rows: { part?: Partial<Row>; payload: Uint8Array }[]) {
  engine = putEngine(
    createFakeFrameEngine(
      rows.map(({ part, payload }, id) => textRow(id, { size: payload.byteLength, ...part })),
    ),
  )
  rows.forEach(({ payload }, id) => engine.payloads.set(id, payload))
  wrapper = mount(Inspector, { props: { logId: 'log', rowId: 0 }, attachTo: document.body })
  await flushPromises()
}

async function openTab(name: string) {
  const tab = wrapper.findAll('[role="tab"]').find((item) => item.text() === name)
  await tab?.trigger('mousedown', { button: 0 })
  await flushPromises()
}
const panel = () => wrapper.get('[role="tabpanel"][data-state="active"]')

describe('the inspector', () => {
  it('is a region with four views', async () => {
    await show({ payload: encode('hello') })
    expect(wrapper.get('section').attributes('aria-label')).toBe('Inspector')
    expect(wrapper.findAll('[role="tab"]').map((tab) => tab.text())).toEqual([
      'Pretty',
      'Raw',
      'Hex',
      'Frame',
    ])
  })

  it('says what to do when nothing is selected', async () => {
    await show({ payload: encode('hello') })
    await wrapper.setProps({ rowId: null })
    await flushPromises()
    expect(wrapper.text()).toContain('No row selected')
  })

  it('shows JSON as it was written and laid out, and raw as it came', async () => {
    await show({ payload: encode('{"a":12345678901234567890,"a":1.0}') })
    expect(panel().text()).toContain('"a": 12345678901234567890')
    expect(panel().text()).toContain('"a": 1.0')
    await openTab('Raw')
    expect(panel().text()).toContain('{"a":12345678901234567890,"a":1.0}')
  })

  it('makes characters visible that hide or turn text', async () => {
    await show({ payload: encode('a\r\n\u202eb\u0007') })
    await openTab('Raw')
    expect(panel().text()).toContain('a\\r')
    expect(panel().text()).toContain('\\u{202e}b\\u{7}')
  })

  it('shows bytes that are no text as hex, also under Pretty', async () => {
    await show({
      part: { kind: 'binary' },
      payload: new Uint8Array([0xde, 0xad, 0xbe, 0xef, 0x41]),
    })
    expect(panel().text()).toContain('binary, not UTF-8 text')
    expect(panel().text()).toMatch(/0000\s+de ad be ef 41\s+\.\.\.\.A/)
    await openTab('Raw')
    expect(panel().text()).toContain('These bytes are not UTF-8 text')
  })

  it('reads a binary frame as text where it is text', async () => {
    await show({ part: { kind: 'binary' }, payload: encode('[true]') })
    expect(panel().text()).toContain('binary frame that holds UTF-8 text')
    expect(panel().text()).toContain('[true]')
  })

  it('shows as hex what is text by accident alone', async () => {
    await show({ part: { kind: 'binary' }, payload: new Uint8Array(20_000).fill(7) })
    expect(panel().text()).toContain('mostly control characters')
    expect(panel().text()).toContain('07 07 07')
    await openTab('Raw')
    expect(panel().text()).toContain('These bytes are mostly control characters')
  })

  it('explains a close frame', async () => {
    const payload = new Uint8Array([0x03, 0xf3, ...encode('maintenance')])
    await show({ part: { kind: 'close', closeCode: 1011 }, payload })
    expect(panel().text()).toContain('1011 Internal error')
    expect(panel().text()).toContain('The server met a condition it did not expect.')
    expect(panel().text()).toContain('maintenance')
  })

  it('sets out both heads of the handshake', async () => {
    const heads = 'GET /chat HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n'
    await show({ part: { kind: 'open', direction: 'none' }, payload: encode(heads) })
    expect(
      panel()
        .findAll('h3')
        .map((head) => head.text()),
    ).toEqual(['Request', 'Response'])
    expect(panel().get('dt').text()).toBe('Host')
  })

  it('marks what the filter looks for', async () => {
    await show({ payload: encode('{"symbol":"BTC","px":1}') })
    await wrapper.setProps({ query: 'btc' })
    await flushPromises()
    const marked = () =>
      panel()
        .findAll('.cm-sought')
        .map((mark) => mark.text())
    expect(marked()).toEqual(['BTC'])
    await openTab('Raw')
    expect(marked()).toEqual(['BTC'])
    await wrapper.setProps({ query: '' })
    await flushPromises()
    expect(marked()).toEqual([])
  })

  it('fetches only the start of a long payload, and more when asked', async () => {
    const payload = encode('x'.repeat(1_000_000))
    await show({ payload })
    expect(panel().text()).toContain('First 262 kB of 1.0 MB')
    expect(engine.count('frames.payload')).toBe(1)
    const more = panel()
      .findAll('button')
      .find((item) => item.text() === 'Show more')
    await more?.trigger('click')
    await flushPromises()
    expect(panel().text()).not.toContain('First')
  })

  it('shows a long payload as it came in parts, and cuts no character at their borders', async () => {
    const text = `a${'é'.repeat(1_600_000)}`
    await show({ payload: encode(text) })
    await openTab('Raw')
    const code = () => panel().findComponent({ name: 'CodeView' }).props('text') as string
    const pager = () => panel().get('nav[aria-label="Parts of the payload"]')
    const button = (name: string) => pager().get(`[aria-label="${name}"]`)
    expect(pager().text()).toContain('Bytes 0 to 1,048,574 of 3.2 MB')
    expect(engine.lastInput('frames.payload')).toMatchObject({ offset: 0 })
    let whole = code()
    for (let part = 1; part < 4; part += 1) {
      await button('Next part').trigger('click')
      await flushPromises()
      whole += code()
    }
    expect(whole === text).toBe(true)
    expect(button('Next part').attributes('disabled')).toBeDefined()

    const field = pager().get<HTMLInputElement>('[aria-label="Part"]')
    await field.setValue('2')
    await flushPromises()
    expect(pager().text()).toContain('Bytes 1,048,575 to 2,097,150')
    await field.setValue('9')
    expect(field.element.value).toBe('2')
    expect(code().startsWith('é')).toBe(true)
  })

  it('fetches only the block of the hex view that is in sight', async () => {
    await show({ part: { kind: 'binary' }, payload: new Uint8Array(20_000_000).fill(0xff) })
    await openTab('Hex')
    expect(panel().text()).toContain('ff ff ff')
    expect(engine.lastInput('frames.payload')).toMatchObject({ offset: 0, length: 65_536 })
  })

  it('copies chosen bytes from the hex view', async () => {
    const writeText = vi.fn(() => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, platform: 'Linux', clipboard: { writeText } })
    await show({ payload: encode('hello') })
    await openTab('Hex')
    const bytes = panel().get('[aria-label="Bytes"]')
    await panel().get('[data-as="hex"][data-byte="1"]').trigger('mousedown', { button: 0 })
    await bytes.trigger('keydown', { key: 'ArrowRight', shiftKey: true })
    await bytes.trigger('keydown', { key: 'c', ctrlKey: true })
    await flushPromises()
    expect(writeText).toHaveBeenCalledWith('65 6c')
    vi.unstubAllGlobals()
  })

  it('keeps the view one chose for the next row', async () => {
    await show({ payload: encode('one') }, { payload: encode('two') })
    await openTab('Frame')
    expect(useInspectorStore().tab).toBe('frame')
    await wrapper.setProps({ rowId: 1 })
    await flushPromises()
    expect(panel().text()).toContain('Direction')
  })

  it('says so when the row was evicted', async () => {
    await show({ payload: encode('one') }, { payload: encode('two') })
    engine.evictBefore(1)
    await wrapper.setProps({ rowId: 1 })
    await flushPromises()
    await wrapper.setProps({ rowId: 0 })
    await flushPromises()
    expect(wrapper.text()).toContain('This row was evicted.')
  })

  it('never shows the payload of a row one has moved on from', async () => {
    await show({ payload: encode('the first') }, { payload: encode('the second') })
    engine.hold('frames.payload')
    await wrapper.setProps({ rowId: 1 })
    await flushPromises()
    await wrapper.setProps({ rowId: 0 })
    await flushPromises()
    engine.release('frames.payload')
    await flushPromises()
    expect(panel().text()).toContain('the first')
    expect(panel().text()).not.toContain('the second')
  })

  it('asks again while a frame has not left', async () => {
    vi.useFakeTimers()
    await show({ part: { direction: 'out', fate: 'queued' }, payload: encode('x') })
    await openTab('Frame')
    expect(panel().text()).toContain('queued')
    engine.rows[0] = textRow(0, { direction: 'out', fate: 'written', size: 1 })
    await vi.advanceTimersByTimeAsync(600)
    expect(panel().text()).toContain('written to the socket')
    vi.useRealTimers()
  })
})
