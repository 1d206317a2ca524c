import { h } from 'vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { putEngine } from '../../../../test/support/fake-engine-module'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../../test/support/fake-frame-engine'
import { useCommandsStore } from '../../stores/commands'
import InspectorPane from './InspectorPane.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

const encode = (text: string) => new TextEncoder().encode(text)
let engine: FakeFrameEngine
let wrapper: VueWrapper

const Inspector = (props: { logId: string; rowId: number | null }) =>
  h(TooltipProvider, null, { default: () => h(InspectorPane, props) })
Inspector.props = ['logId', 'rowId']

async function show(...payloads: Uint8Array[]) {
  setActivePinia(createPinia())
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(400)
  engine = putEngine(
    createFakeFrameEngine(payloads.map((bytes, id) => textRow(id, { size: bytes.byteLength }))),
  )
  payloads.forEach((bytes, id) => engine.payloads.set(id, bytes))
  wrapper = mount(Inspector, { props: { logId: 'log', rowId: 0 }, attachTo: document.body })
  await flushPromises()
}
afterEach(() => {
  wrapper.unmount()
  vi.restoreAllMocks()
})

async function showRow(rowId: number) {
  await wrapper.setProps({ rowId })
  await flushPromises()
}
async function run(command: string) {
  expect(useCommandsStore().run(command)).toBe(true)
  await flushPromises()
}
const panel = () => wrapper.get('[role="tabpanel"][data-state="active"]')
const tabs = () => wrapper.findAll('[role="tab"]').map((tab) => tab.text())
const button = (name: string) =>
  wrapper.findAll('button').find((item) => (item.attributes('aria-label') ?? item.text()) === name)

describe('comparing rows', () => {
  it('asks for the other row, and compares every row that is selected next', async () => {
    await show(encode('{"a":1,"b":[1,2]}'), encode('{"b":[1,3],"a":1}'), encode('{"a":1}'))
    expect(tabs()).not.toContain('Compare')
    await run('compare.from')
    expect(tabs()).toContain('Compare')
    expect(panel().text()).toContain('Select another row')
    await showRow(1)
    expect(panel().get('[aria-label="Differences"]').text()).toMatch(/changed\s*\$\.b\[1\]\s*2\s*3/)
    await showRow(2)
    expect(panel().text()).toContain('1 removed; 1 value is the same')
  })

  it('says so when both hold the same JSON', async () => {
    await show(encode('{"a":1,"b":2}'), encode('{ "b":2, "a":1 }'))
    await run('compare.from')
    await showRow(1)
    expect(panel().text()).toContain('Both hold the same JSON')
  })

  it('compares bytes that are no text one by one', async () => {
    await show(Uint8Array.of(0xff, 1, 2, 3), Uint8Array.of(0xff, 1, 9, 3, 4))
    await run('compare.from')
    await showRow(1)
    expect(panel().text()).toContain('2 bytes differ, the first at 0x0002')
    expect(panel().text()).not.toContain('Structure')
    expect(
      panel()
        .findAll('.differs[data-as="hex"]')
        .map((cell) => cell.text()),
    ).toEqual(['02', '09', '04'])
  })

  it('reads long payloads in pieces and says that they are compared byte by byte', async () => {
    const long = new Uint8Array(3_000_000).fill(0x61)
    const other = long.slice()
    other[2_500_000] = 0x62
    await show(long, other)
    await run('compare.from')
    await showRow(1)
    await vi.waitFor(() =>
      expect(panel().text()).toContain('1 byte differs, the first at 0x2625a0'),
    )
    expect(panel().text()).toContain('Above 2.1 MB payloads are compared byte by byte.')
  })

  it('compares what the decoders of the connection give', async () => {
    await show(Uint8Array.of(1), Uint8Array.of(2))
    const results = ['{"n":1}', '{"n":2}'].map(encode)
    engine.answers['decode.suggest'] = () => ({ chains: [] })
    engine.answers['decode.open'] = ({ rowId }: { rowId: number }) => ({
      decodedId: `decoded ${rowId}`,
      media: 'json',
      size: 7,
      steps: [{ name: 'msgpack', size: 7 }],
      problem: null,
    })
    engine.answers['decode.read'] = ({ decodedId }: { decodedId: string }) => ({
      bytes: results[Number(decodedId.at(-1))],
    })
    engine.answers['decode.close'] = () => undefined
    const { useSettingsStore } = await import('../../stores/settings')
    useSettingsStore().settings.decoders = {
      'text client ws://127.0.0.1:8765/chat': [{ name: 'msgpack' }],
    }
    await run('compare.from')
    await showRow(1)
    expect(panel().text()).toMatch(/\$\.n\s*1\s*2/)
  })

  it('goes on from the view one had before when it is stopped', async () => {
    await show(encode('one'), encode('two'))
    const raw = wrapper.findAll('[role="tab"]').find((tab) => tab.text() === 'Raw')
    await raw?.trigger('mousedown', { button: 0 })
    await run('compare.from')
    await showRow(1)
    await button('Stop comparing')?.trigger('click')
    await flushPromises()
    expect(tabs()).not.toContain('Compare')
    expect(panel().text()).toContain('two')
    expect(useCommandsStore().run('compare.stop')).toBe(false)
  })
})

describe('the bookmark of a row', () => {
  beforeEach(async () => {
    await show(encode('one'), encode('two'))
    engine.answers['frames.bookmark'] = ({
      rowId,
      note,
    }: {
      rowId: number
      note: string | null
    }) => {
      engine.rows[rowId] = { ...engine.rows[rowId], note } as (typeof engine.rows)[number]
      const bookmarks = engine.rows.flatMap((row) =>
        row.note === null ? [] : [{ rowId: row.id, note: row.note }],
      )
      engine.emit('frames.bookmarksChanged', { logId: 'log', bookmarks })
    }
  })
  const note = () => wrapper.find<HTMLTextAreaElement>('textarea[aria-label="Note"]')

  it('is made with a click, and ready for its note', async () => {
    expect(note().exists()).toBe(false)
    await button('Bookmark this row')?.trigger('click')
    await flushPromises()
    expect(document.activeElement).toBe(note().element)
    await note().setValue('Here it begins')
    await note().trigger('blur')
    expect(engine.lastInput('frames.bookmark')).toEqual({
      logId: 'log',
      rowId: 0,
      note: 'Here it begins',
    })
  })

  it('keeps what was typed when one moves on to another row', async () => {
    await button('Bookmark this row')?.trigger('click')
    await flushPromises()
    await note().setValue('kept')
    await showRow(1)
    expect(engine.lastInput('frames.bookmark')).toMatchObject({ rowId: 0, note: 'kept' })
    await showRow(0)
    expect(note().element.value).toBe('kept')
  })

  it('is taken away, and a note comes back with Undo', async () => {
    const { useToastsStore } = await import('../../stores/toasts')
    await button('Bookmark this row')?.trigger('click')
    await flushPromises()
    await note().setValue('precious')
    await note().trigger('blur')
    await flushPromises()
    await button('Remove bookmark')?.trigger('click')
    await flushPromises()
    expect(note().exists()).toBe(false)
    const toasts = useToastsStore()
    toasts.act(toasts.toasts[0]?.id ?? -1)
    await flushPromises()
    expect(note().element.value).toBe('precious')
  })
})
