import { h, ref } from 'vue'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import { createFakeEngine } from '../../../../test/fakes/fake-engine'
import { must } from '../../../../test/fakes/must'
import type { ExportRequest } from '../../composables/export-request'
import ExportDialog from './ExportDialog.vue'

const engine = vi.hoisted(() => ({ current: null as unknown }))
vi.mock('../../api/engine', () => ({
  get engine() {
    return engine.current
  },
}))
const fake = createFakeEngine()

const asked: ExportRequest = {
  viewId: 'view-1',
  logId: 'log',
  name: 'Feed',
  logRows: 1000,
  viewRows: 1000,
  viewEnd: null,
  narrowed: false,
  selectedRows: 0,
  ranges: [],
}

const request = ref<ExportRequest | null>(null)
let wrapper: VueWrapper

const dialog = () => document.querySelector('[role="dialog"]')
const field = <E extends HTMLElement>(label: string): E => {
  const found = [...document.querySelectorAll('label')].find((item) =>
    item.textContent.trim().startsWith(label),
  )
  return must(document.getElementById(must(found).htmlFor)) as E
}
const button = (name: string) =>
  must([...document.querySelectorAll('button')].find((item) => item.textContent.trim() === name))
async function type(label: string, text: string) {
  const input = field<HTMLTextAreaElement>(label)
  input.value = text
  input.dispatchEvent(new Event('input'))
  await flushPromises()
}
async function choose(label: string, option: string) {
  const select = field<HTMLSelectElement>(label)
  const chosen = [...select.options].find(({ text }) => text.startsWith(option))
  select.value = must(chosen).value
  select.dispatchEvent(new Event('change'))
  await flushPromises()
}

beforeEach(async () => {
  setActivePinia(createPinia())
  engine.current = fake
  fake.answers['frames.export'] = () => ({ outcome: 'saved', name: 'feed.har' })
  fake.answers['exports.cancel'] = () => undefined
  request.value = null
  wrapper = mount(
    {
      render: () =>
        h(ExportDialog, {
          modelValue: request.value,
          'onUpdate:modelValue': (now: ExportRequest | null) => (request.value = now),
        }),
    },
    { attachTo: document.body },
  )
  request.value = asked
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  fake.reset()
})

describe('ExportDialog', () => {
  it('exports everything as JSON Lines with credentials hidden, and closes', async () => {
    button('Export').click()
    await flushPromises()
    expect(fake.inputs('frames.export')).toEqual([
      {
        exportId: expect.any(String) as string,
        viewId: 'view-1',
        scope: { rows: 'all' },
        format: { name: 'jsonl' },
        redaction: { credentials: true, urlSecrets: true, headers: [], jsonPaths: [] },
      },
    ])
    expect(dialog()).toBeNull()
  })

  it.each<[string, Partial<ExportRequest>, object, string]>([
    [
      'a filtered list',
      { narrowed: true, viewRows: 7 },
      { rows: 'view', until: null },
      'Shown rows, 7 rows',
    ],
    [
      'a selection',
      { selectedRows: 3, ranges: [[4, 7]] },
      { rows: 'positions', ranges: [[4, 7]] },
      'Selected rows, 3 rows',
    ],
  ])('means the rows of %s first', async (_, part, scope, label) => {
    request.value = { ...asked, ...part }
    await flushPromises()
    const rows = field<HTMLSelectElement>('Rows')
    expect(rows.selectedOptions[0]?.text).toBe(label)
    button('Export').click()
    await flushPromises()
    expect(fake.inputs('frames.export')[0]).toMatchObject({ scope })
  })

  it('hides more headers and values on request, and remembers its choices', async () => {
    await choose('Format', 'HAR, extended')
    await type('More headers', 'X-One, X-Two\nX-Three')
    await type('Values in JSON messages', '$.token\n$..password')
    button('Export').click()
    await flushPromises()
    const expected = {
      format: { name: 'har', mode: 'extended' },
      redaction: {
        headers: ['X-One', 'X-Two', 'X-Three'],
        jsonPaths: ['$.token', '$..password'],
      },
    }
    expect(fake.inputs('frames.export')[0]).toMatchObject(expected)
    request.value = asked
    await flushPromises()
    button('Export').click()
    await flushPromises()
    expect(fake.inputs('frames.export')[1]).toMatchObject(expected)
  })

  it.each([
    ['More headers', 'X One', '“X One” is not a header name.'],
    ['Values in JSON messages', 'token', '“token”: A path begins with $'],
  ])('says what is wrong with %s', async (label, text, problem) => {
    await type(label, text)
    const input = field(label)
    expect(input.getAttribute('aria-invalid')).toBe('true')
    const note = document.getElementById(input.getAttribute('aria-describedby') ?? '')
    expect(note?.textContent).toContain(problem)
    expect(button('Export').disabled).toBe(true)
    await type(label, '')
    expect(button('Export').disabled).toBe(false)
  })

  it('tells how far it is, and cancels', async () => {
    let end: (outcome: { outcome: 'cancelled' }) => void = () => undefined
    fake.answers['frames.export'] = () => new Promise((resolve) => (end = resolve))
    button('Export').click()
    await flushPromises()
    const { exportId } = must(fake.inputs('frames.export')[0])
    fake.emit('exports.progress', { exportId: 'another', rows: 900, total: 1000, bytes: 1 })
    fake.emit('exports.progress', { exportId, rows: 250, total: 1000, bytes: 25_000 })
    await flushPromises()
    const bar = must(document.querySelector('[role="progressbar"]'))
    expect(bar.getAttribute('aria-valuenow')).toBe('25')
    expect(dialog()?.textContent).toContain('250 of 1,000 rows, 25.0 kB')
    button('Cancel').click()
    await flushPromises()
    expect(fake.inputs('exports.cancel')).toEqual([{ exportId }])
    end({ outcome: 'cancelled' })
    await flushPromises()
    expect(dialog()).not.toBeNull()
    expect(document.querySelector('[role="progressbar"]')).toBeNull()
  })

  it('keeps what was chosen when it fails, and says why', async () => {
    fake.answers['frames.export'] = () => {
      throw new AppError('EXPORT_FAILED', 'The file could not be written: the disk is full.')
    }
    await choose('Format', 'CSV')
    button('Export').click()
    await flushPromises()
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('the disk is full')
    expect(field<HTMLSelectElement>('Format').value).toBe('csv')
  })
})
