import { h } from 'vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DecodeChain, DecodedInfo } from '@shared/model/decode'
import { putEngine } from '../../../../test/support/fake-engine-module'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../../test/support/fake-frame-engine'
import { useSettingsStore } from '../../stores/settings'
import InspectorPane from './InspectorPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

const encode = (text: string) => new TextEncoder().encode(text)
const payload = Uint8Array.of(0xff, 0xfe, 0xfd)
const gzipJson: DecodeChain = [{ name: 'gzip' }, { name: 'json' }]

let engine: FakeFrameEngine
let wrapper: VueWrapper
let results: Map<string, Uint8Array>
let opened = 0
/** What `decode.open` answers besides the identity. */
let outcome: (chain: DecodeChain) => Omit<DecodedInfo, 'decodedId'>

const Inspector = (props: { logId: string; rowId: number | null }) =>
  h(TooltipProvider, null, { default: () => h(InspectorPane, props) })
Inspector.props = ['logId', 'rowId']

beforeEach(async () => {
  setActivePinia(createPinia())
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400)
  const rows = [0, 1, 2].map((id) => textRow(id, { kind: 'binary', size: payload.byteLength }))
  engine = putEngine(createFakeFrameEngine([...rows, textRow(3, { size: 5 })]))
  rows.forEach(({ id }) => engine.payloads.set(id, payload))
  engine.payloads.set(3, encode('plain'))
  results = new Map()
  outcome = (chain) => ({
    media: 'json',
    size: 14,
    steps: chain.map(({ name }) => ({ name, size: 14 })),
    problem: null,
  })
  engine.answers['decode.suggest'] = () => ({ chains: [gzipJson] })
  engine.answers['decode.open'] = ({ chain, rowId }: { chain: DecodeChain; rowId: number }) => {
    const decodedId = `decoded ${opened++}`
    results.set(decodedId, encode(`{"from":"row${rowId}"}`.slice(0, 15)))
    return { decodedId, ...outcome(chain), size: 15 }
  }
  engine.answers['decode.read'] = (input: {
    decodedId: string
    offset: number
    length: number
  }) => ({
    bytes: results.get(input.decodedId)?.slice(input.offset, input.offset + input.length),
  })
  engine.answers['decode.close'] = ({ decodedId }: { decodedId: string }) =>
    void results.delete(decodedId)
  wrapper = mount(Inspector, { props: { logId: 'log', rowId: 0 }, attachTo: document.body })
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  vi.restoreAllMocks()
})

const panel = () => wrapper.get('[role="tabpanel"][data-state="active"]')
const button = (name: string) =>
  wrapper.findAll('button').find((item) => (item.attributes('aria-label') ?? item.text()) === name)
const steps = () => wrapper.findAll('ol button').map((chip) => chip.text())

async function press(name: string) {
  await button(name)?.trigger('click')
  await flushPromises()
}
async function showRow(rowId: number) {
  await wrapper.setProps({ rowId })
  await flushPromises()
}

describe('decoders in the inspector', () => {
  it('offers chains that fit, and shows what the chosen one gives', async () => {
    expect(panel().text()).toContain('ff fe fd')
    await press('gzip → JSON')
    expect(steps()).toEqual(['gzip', 'JSON'])
    expect(panel().text()).toContain('"from": "row0"')
    expect(button('gzip → JSON')).toBeUndefined()
  })

  it('applies to the rows that follow, until None', async () => {
    await press('gzip → JSON')
    await showRow(1)
    expect(panel().text()).toContain('"from": "row1"')
    await press('None')
    expect(steps()).toEqual([])
    expect(panel().text()).toContain('ff fe fd')
    await showRow(2)
    expect(panel().text()).toContain('ff fe fd')
  })

  it('remembers the chain for the type and the address, without what may be secret in it', async () => {
    await press('gzip → JSON')
    expect(useSettingsStore().settings.decoders).toEqual({
      'binary client ws://127.0.0.1:8765/chat': gzipJson,
    })
    await showRow(3)
    expect(steps()).toEqual([])
    expect(panel().text()).toContain('plain')
  })

  it('lets go of each result when another takes its place', async () => {
    await press('gzip → JSON')
    await showRow(1)
    await showRow(2)
    expect(results.size).toBe(1)
    wrapper.unmount()
    await flushPromises()
    expect(results.size).toBe(0)
  })

  it('moves and removes steps by keyboard', async () => {
    await press('gzip → JSON')
    await wrapper.get('ol button').trigger('keydown', { key: 'ArrowRight', altKey: true })
    await flushPromises()
    expect(steps()).toEqual(['JSON', 'gzip'])
    expect(document.activeElement?.textContent).toContain('gzip')
    await wrapper.get('ol button').trigger('keydown', { key: 'Delete' })
    await flushPromises()
    expect(steps()).toEqual(['gzip'])
    expect(engine.lastInput('decode.open')).toMatchObject({ chain: [{ name: 'gzip' }] })
  })

  it('says at which step a chain failed and where, and shows what it had reached', async () => {
    outcome = () => ({
      media: 'bytes',
      size: 15,
      steps: [{ name: 'gzip', size: 15 }],
      problem: { step: 1, message: 'Expected a value here.', offset: 2_048 },
    })
    await press('gzip → JSON')
    const words = wrapper.get('[role="alert"]').text()
    expect(words).toContain('JSON: Expected a value here.')
    expect(words).toContain('At byte 2,048 (0x800)')
    expect(words).toContain('Shown is what gzip gave.')
    expect(button('JSON, step 2 of 2, failed')).toBeDefined()
    expect(panel().text()).toContain('"from": "row0"')
  })

  it('says why nothing could be decoded at all', async () => {
    engine.answers['decode.open'] = () => {
      throw new Error('The payload is gone.')
    }
    await press('gzip → JSON')
    expect(wrapper.get('[role="alert"]').text()).toBe('The payload is gone.')
    await press('None')
    expect(panel().text()).toContain('ff fe fd')
  })

  it('never shows what came of a row one has moved on from', async () => {
    await press('gzip → JSON')
    engine.hold('decode.open')
    await showRow(1)
    expect(panel().text()).not.toContain('row0')
    await showRow(2)
    engine.release('decode.open')
    await flushPromises()
    expect(panel().text()).toContain('"from": "row2"')
    expect(results.size).toBe(1)
  })

  it('offers no decoders in the view of the frame', async () => {
    const tab = wrapper.findAll('[role="tab"]').find((item) => item.text() === 'Frame')
    await tab?.trigger('mousedown', { button: 0 })
    await flushPromises()
    expect(wrapper.text()).not.toContain('Decode')
  })
})
