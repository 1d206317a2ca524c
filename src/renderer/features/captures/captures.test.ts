import { h } from 'vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Capture } from '@shared/model/capture'
import { AppError } from '@shared/errors'
import { createFakeEngine } from '../../../../test/fakes/fake-engine'
import { must } from '../../../../test/fakes/must'
import { useCapturesStore } from '../../stores/captures'
import { useNavigationStore } from '../../stores/navigation'
import { useToastsStore } from '../../stores/toasts'
import CaptureList from './CaptureList.vue'
import CaptureTabs from './CaptureTabs.vue'
import SaveCapture from './SaveCapture.vue'

const engine = vi.hoisted(() => ({ current: null as unknown }))
vi.mock('../../api/engine', () => ({
  get engine() {
    return engine.current
  },
}))
const fake = createFakeEngine()

const capture = (id: string, part: Partial<Capture> = {}): Capture => ({
  id,
  name: `Capture ${id}`,
  kind: 'saved',
  recovered: false,
  origin: 'wss://feed.example/v2',
  from: Date.UTC(2026, 10, 22, 12),
  to: Date.UTC(2026, 10, 22, 12, 2),
  rows: 1_284_019,
  bytes: 241_300_000,
  savedAt: Date.UTC(2026, 10, 22, 13),
  problem: null,
  ...part,
})

let wrapper: VueWrapper
let captures: Capture[]

function show(component: typeof CaptureList | typeof CaptureTabs | typeof SaveCapture, props = {}) {
  wrapper = mount(
    { render: () => h(TooltipProvider, null, { default: () => h(component as never, props) }) },
    { attachTo: document.body },
  )
}
const rows = () => wrapper.findAll('tbody tr')
const body = () => document.body
const button = (name: string) =>
  must(
    [...body().querySelectorAll('button')].find(
      (item) => (item.getAttribute('aria-label') ?? item.textContent.trim()) === name,
    ),
  )
async function press(name: string) {
  button(name).click()
  await flushPromises()
}
async function type(label: string, text: string) {
  const name = must(
    [...body().querySelectorAll('label')].find((item) => item.textContent === label),
  )
  const input = must(body().querySelector<HTMLInputElement>(`[id="${name.htmlFor}"]`))
  input.value = text
  input.dispatchEvent(new Event('input'))
  await flushPromises()
}

beforeEach(async () => {
  fake.reset()
  engine.current = fake
  window.sessionStorage.clear()
  setActivePinia(createPinia())
  captures = [
    capture('saved'),
    capture('left', { kind: 'left', recovered: true, rows: null, savedAt: Date.UTC(2026, 10, 23) }),
  ]
  const changed = () => fake.emit('captures.changed', captures)
  fake.answers = {
    'captures.list': () => captures,
    'captures.open': ({ captureId }) => ({ logId: `log of ${captureId}` }),
    'captures.close': () => undefined,
    'captures.delete': ({ captureId }) => {
      captures = captures.filter(({ id }) => id !== captureId)
      changed()
    },
    'captures.restore': ({ captureId }) => {
      captures = [...captures, capture(captureId)]
      changed()
    },
    'captures.rename': ({ captureId, name }) => {
      const renamed = { ...must(captures.find(({ id }) => id === captureId)), name }
      captures = captures.map((old) =>
        old.id === captureId ? { ...renamed, kind: 'saved' as const } : old,
      )
      changed()
      return renamed
    },
  }
  await useCapturesStore().load()
})
afterEach(() => {
  wrapper.unmount()
})

describe('the list of captures', () => {
  it('says what each capture is, latest first, in words as well as by shape', () => {
    show(CaptureList)
    const [first, second] = rows().map((row) => row.text())
    expect(first).toContain('Unsaved')
    expect(first).toContain('Recovered')
    expect(first).toContain('Kept until')
    expect(second).toContain('1,284,019')
    expect(second).toContain('241 MB')
    expect(second).toContain('2.00 min')
    expect(second).not.toContain('Unsaved')
    expect(wrapper.get('table').attributes('aria-label')).toBe('Captures')
  })

  it('opens a capture in a tab of its own', async () => {
    show(CaptureList)
    await press('Open Capture saved')
    expect(useCapturesStore().active).toMatchObject({ logId: 'log of saved' })
  })

  it('saves what was left by giving it a name', async () => {
    show(CaptureList)
    await press('Save Capture left')
    await type('Name', ' The outage ')
    await press('Save')
    expect(fake.inputs('captures.rename')).toEqual([{ captureId: 'left', name: 'The outage' }])
    expect(rows()[0]?.text()).not.toContain('Unsaved')
  })

  it('does not take an empty name', async () => {
    show(CaptureList)
    await press('Rename Capture saved')
    await type('Name', '  ')
    await press('Rename')
    expect(body().textContent).toContain('A capture needs a name.')
    expect(fake.inputs('captures.rename')).toEqual([])
  })

  it('brings a deleted capture back', async () => {
    show(CaptureList)
    await press('Delete Capture saved')
    expect(rows()).toHaveLength(1)
    const toasts = useToastsStore()
    toasts.act(must(toasts.toasts[0]).id)
    await flushPromises()
    expect(fake.inputs('captures.restore')).toEqual([{ captureId: 'saved' }])
    expect(rows()).toHaveLength(2)
  })

  it('says why a capture cannot be opened', async () => {
    fake.emit('captures.changed', [capture('newer', { problem: 'It was written by a newer one.' })])
    show(CaptureList)
    expect(rows()[0]?.text()).toContain('It was written by a newer one.')
    expect(button('Open Capture newer').disabled).toBe(true)
  })

  it('teaches what a capture is when there is none', async () => {
    fake.emit('captures.changed', [])
    show(CaptureList)
    expect(wrapper.text()).toContain('No captures')
    await press('Import…')
    expect(useNavigationStore().importOpen).toBe(true)
  })
})

describe('importing', () => {
  const file = new File(['{}'], 'recorded.har')

  async function drop(...files: File[]) {
    show(CaptureList)
    const drop = new Event('drop', { bubbles: true, cancelable: true })
    Object.assign(drop, { dataTransfer: { files: [...files, file] } })
    wrapper.get('section').element.dispatchEvent(drop)
    await vi.waitFor(() => expect(fake.inputs('files.release')).toHaveLength(files.length + 1))
    await flushPromises()
  }

  beforeEach(() => {
    fake.answers['files.create'] = ({ name }) => ({ fileId: `id of ${name}` })
    fake.answers['files.append'] = () => undefined
    fake.answers['files.release'] = () => undefined
  })

  it('lists what was left out of the file before the capture is opened', async () => {
    fake.answers['captures.import'] = () => ({
      capture: capture('new', { name: 'recorded.har' }),
      skipped: ['Entry 12: its messages are in another file.'],
      skippedCount: 31,
    })
    await drop()
    const words = must(body().querySelector('[role="dialog"]')).textContent
    expect(words).toContain('31 parts of the file were left out')
    expect(words).toContain('Entry 12: its messages are in another file.')
    expect(words).toContain('and 30 more')
    await press('Open capture')
    expect(useCapturesStore().activeId).toBe('new')
  })

  it('opens a file that was read whole at once', async () => {
    fake.answers['captures.import'] = () => ({
      capture: capture('new'),
      skipped: [],
      skippedCount: 0,
    })
    await drop()
    expect(useCapturesStore().activeId).toBe('new')
    expect(useNavigationStore().importOpen).toBe(false)
  })

  it('takes the files that a HAR names along with it', async () => {
    fake.answers['captures.import'] = () => ({
      capture: capture('new'),
      skipped: [],
      skippedCount: 0,
    })
    await drop(new File(['{}'], 'messages.jsonl'))
    expect(fake.inputs('captures.import')).toEqual([
      { fileId: 'id of recorded.har', attachments: ['id of messages.jsonl'] },
    ])
  })

  it('can be cancelled while the file is read, and tells how far it is', async () => {
    let end = (_: null) => {}
    fake.answers['captures.import'] = () => new Promise<null>((resolve) => (end = resolve))
    fake.answers['captures.cancelImport'] = () => end(null)
    show(CaptureList)
    const event = new Event('drop', { bubbles: true, cancelable: true })
    Object.assign(event, { dataTransfer: { files: [file] } })
    wrapper.get('section').element.dispatchEvent(event)
    await vi.waitFor(() => expect(fake.inputs('captures.import')).toHaveLength(1))
    fake.emit('captures.importProgress', { fileId: 'another', rows: 7 })
    fake.emit('captures.importProgress', { fileId: 'id of recorded.har', rows: 12_345 })
    await flushPromises()
    const dialog = must(body().querySelector('[role="dialog"]'))
    expect(dialog.textContent).toContain('Reading the file: 12,345 rows')
    expect(must(dialog.querySelector('[role="progressbar"]')).hasAttribute('aria-valuenow')).toBe(
      false,
    )
    await press('Cancel')
    await flushPromises()
    expect(fake.inputs('captures.cancelImport')).toEqual([{ fileId: 'id of recorded.har' }])
    expect(button('Import').disabled).toBe(false)
    expect(dialog.querySelector('[role="alert"]')).toBeNull()
    expect(useCapturesStore().activeId).toBeNull()
  })

  it('says why a file could not be read, and lets another be chosen', async () => {
    fake.answers['captures.import'] = () => {
      throw new AppError('IMPORT_FAILED', 'This is neither HAR nor JSON Lines.')
    }
    await drop()
    expect(must(body().querySelector('[role="alert"]')).textContent).toBe(
      'This is neither HAR nor JSON Lines.',
    )
    expect(button('Choose another…').disabled).toBe(false)
  })
})

describe('open captures', () => {
  it('are tabs beside the list of all, and lead back to it', async () => {
    const store = useCapturesStore()
    await store.show('saved')
    await store.show('left')
    show(CaptureTabs)
    const tabs = () => wrapper.findAll('[role="tab"]')
    expect(tabs().map((tab) => tab.text())).toEqual([
      'All captures',
      'Capture saved',
      'Capture left',
    ])
    await must(tabs()[2]).trigger('keydown', { key: 'Delete' })
    await flushPromises()
    expect(fake.inputs('captures.close')).toEqual([{ captureId: 'left' }])
    expect(store.activeId).toBe('saved')
    await must(tabs()[0]).trigger('click')
    expect(store.activeId).toBeNull()
  })

  it('are open again after a reload', async () => {
    await useCapturesStore().show('saved')
    setActivePinia(createPinia())
    await useCapturesStore().load()
    expect(useCapturesStore().open).toEqual([{ captureId: 'saved', logId: 'log of saved' }])
    show(CaptureTabs)
  })

  it('lose their tab when they are deleted elsewhere', async () => {
    await useCapturesStore().show('saved')
    fake.emit('captures.changed', [])
    expect(useCapturesStore().open).toEqual([])
    expect(useCapturesStore().activeId).toBeNull()
    show(CaptureTabs)
  })
})

describe('saving live traffic', () => {
  it('suggests a name from the connection and the time, and offers to open it', async () => {
    const { useCommandsStore } = await import('../../stores/commands')
    fake.answers['captures.save'] = ({ name }) => capture('new', { name })
    show(SaveCapture, { logId: 'l1', origin: 'Order book' })
    useCommandsStore().run('capture.save')
    await flushPromises()
    await press('Save')
    expect(fake.inputs('captures.save')[0]).toMatchObject({
      logId: 'l1',
      name: expect.stringMatching(/^Order book \d{4}-\d\d-\d\d \d\d:\d\d$/) as string,
    })
    expect(must(useToastsStore().toasts[0])).toMatchObject({ action: 'Open' })
  })
})
