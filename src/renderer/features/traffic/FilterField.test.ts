import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { defineComponent, h, reactive } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ViewState } from '@shared/contract'
import { everything } from '@shared/model/frame-filter'
import FilterField from './FilterField.vue'

let wrapper: VueWrapper
const events: string[] = []

interface State {
  query: string
  only: boolean
  view: ViewState | null
  narrowed: boolean
  current: number | null
}
let state: State

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  wrapper.unmount()
  events.length = 0
  vi.useRealTimers()
})

function viewState(part: Partial<ViewState> = {}): ViewState {
  return {
    viewId: 'view',
    logId: 'log',
    filter: everything(),
    total: 8412,
    evicted: 0,
    logTotal: 1_284_019,
    logEvicted: 0,
    scanned: 1_284_019,
    problem: null,
    find: null,
    ...part,
  }
}

function show(part: Partial<State> = {}) {
  state = reactive({
    query: '',
    only: true,
    view: viewState(),
    narrowed: false,
    current: null,
    ...part,
  }) as State
  const Page = defineComponent(
    () => () =>
      h(TooltipProvider, () =>
        h(FilterField, {
          modelValue: state.query,
          'onUpdate:modelValue': (query: string) => (state.query = query),
          only: state.only,
          'onUpdate:only': (only: boolean) => (state.only = only),
          view: state.view,
          narrowed: state.narrowed,
          current: state.current,
          onLeave: () => events.push('leave'),
          onSeek: (backwards: boolean) => events.push(backwards ? 'previous' : 'next'),
        }),
      ),
  )
  wrapper = mount(Page, { attachTo: document.body })
}

const field = () => wrapper.get<HTMLInputElement>('input[aria-label="Filter"]')
const options = () => wrapper.findAll('[role="option"]').map((option) => option.text())
const status = () => wrapper.get('[role="status"]').text()
const button = (name: string) => wrapper.get(`button[aria-label="${name}"]`)
const described = () => document.getElementById(field().attributes('aria-describedby') ?? '')

async function type(text: string) {
  field().element.focus()
  await field().setValue(text)
}

async function press(key: string, part: KeyboardEventInit = {}) {
  await field().trigger('keydown', { key, ...part })
  await flushPromises()
}

async function pass(time = 60) {
  await vi.advanceTimersByTimeAsync(time)
}

describe('FilterField', () => {
  it('lets what is typed take effect when typing pauses', async () => {
    show()
    await type('pri')
    await pass(50)
    await type('price')
    await pass(50)
    expect(state.query).toBe('')
    await pass(10)
    expect(state.query).toBe('price')
  })

  it('keeps the filter before in force while the text is wrong, and says what is wrong', async () => {
    show({ query: 'price' })
    await type('price or dir:up')
    await pass()
    expect(state.query).toBe('price')
    expect(field().attributes('aria-invalid')).toBe('true')
    expect(described()?.textContent).toContain('“up” is none of the values here: in, out or none.')
    expect(wrapper.findAll('[aria-hidden="true"] .wrong').map((piece) => piece.text())).toEqual([
      'up',
    ])
    expect(status()).toBe('')
    await pass(700)
    expect(status()).toContain('in, out or none')
    await type('price or dir:out')
    await pass()
    expect(state.query).toBe('price or dir:out')
    expect(field().attributes('aria-invalid')).toBeUndefined()
    expect(described()).toBeNull()
  })

  it('says that a filter is too long rather than cutting it', async () => {
    show()
    expect(field().element.maxLength).toBeGreaterThanOrEqual(10_000)
    await type('x'.repeat(1500))
    await pass()
    expect(state.query).toBe('')
    expect(described()?.textContent).toContain('at most 1000 characters; this one has 1500')
  })

  it('underlines the place where something is missing', async () => {
    show()
    await type('$.')
    const wrong = wrapper.findAll('[aria-hidden="true"] .wrong')
    expect(wrong.map((piece) => piece.element.textContent)).toEqual([' '])
  })

  it('offers what fits as one types, and takes it by keyboard', async () => {
    show()
    await type('ty')
    expect(options()).toEqual([expect.stringContaining('type:')])
    expect(field().attributes('aria-activedescendant')).toBeUndefined()
    await press('ArrowDown')
    const active = document.getElementById(field().attributes('aria-activedescendant') ?? '')
    expect(active?.getAttribute('aria-selected')).toBe('true')
    expect(document.getElementById(field().attributes('aria-controls') ?? '')?.role).toBe('listbox')
    await press('Enter')
    expect(field().element.value).toBe('type:')
    expect(options()).toHaveLength(8)
    await press('ArrowUp')
    await press('Tab')
    expect(field().element.value).toBe('type:note')
    expect(options()).toEqual([])
    await pass()
    expect(state.query).toBe('type:note')
  })

  it('takes a suggestion by pointer', async () => {
    show()
    await type('frame:')
    await wrapper.get('[role="option"]').trigger('click')
    await flushPromises()
    expect(field().element.value).toBe('frame:fragmented')
    expect(document.activeElement).toBe(field().element)
  })

  it('does not take a suggestion that nobody chose', async () => {
    show()
    await type('t')
    expect(options()).toHaveLength(2)
    await press('Enter')
    expect(state.query).toBe('t')
    expect(events).toEqual(['leave'])
  })

  it('offers everything on demand', async () => {
    show()
    await press(' ', { ctrlKey: true })
    expect(options().length).toBeGreaterThan(10)
    await press('Escape')
    expect(options()).toEqual([])
  })

  it('closes, clears and leaves by Escape', async () => {
    show({ query: 'a' })
    await type('a t')
    await press('Escape')
    expect([options(), field().element.value, events]).toEqual([[], 'a t', []])
    await press('Escape')
    expect([field().element.value, state.query, events]).toEqual(['', '', []])
    await press('Escape')
    expect(events).toEqual(['leave'])
  })

  it('goes to the list by Enter and by the arrow down', async () => {
    show()
    await type('price')
    await press('Enter')
    expect([state.query, events]).toEqual(['price', ['leave']])
    await press('ArrowDown')
    expect(events).toEqual(['leave', 'leave'])
  })

  it('stays where it is by Enter while the text is wrong', async () => {
    show()
    await type('"open')
    await press('Enter')
    expect(events).toEqual([])
  })

  it('follows a query that is set from elsewhere', async () => {
    show({ query: 'a' })
    state.query = ''
    await flushPromises()
    expect(field().element.value).toBe('')
  })

  it('counts the rows shown, and those there are', async () => {
    show({ narrowed: true })
    expect(wrapper.text()).toContain('8,412 of 1,284,019')
    state.narrowed = false
    await flushPromises()
    expect(wrapper.text()).not.toContain('1,284,019')
  })

  it('shows how far a long scan is', async () => {
    show({ view: viewState({ scanned: 321_004 }) })
    const bar = () => wrapper.find('[role="progressbar"]')
    expect(bar().attributes()).toMatchObject({
      'aria-label': 'Filtering',
      'aria-valuenow': '24',
      'aria-valuetext': '321,004 of 1,284,019 rows',
    })
    state.view = viewState({ find: { query: 'a', total: 3, scanned: 642_010 } })
    await flushPromises()
    expect(bar().attributes()).toMatchObject({ 'aria-label': 'Searching', 'aria-valuenow': '50' })
    state.view = viewState({ scanned: 1_284_000 })
    await flushPromises()
    expect(bar().exists()).toBe(false)
  })

  it('speaks of the result once the scan is done', async () => {
    show()
    await type('price')
    await pass()
    state.view = viewState({ scanned: 0 })
    await pass(700)
    expect(status()).toBe('')
    state.view = viewState({ total: 12 })
    await flushPromises()
    expect(status()).toBe('12 matches')
    state.view = viewState({ total: 13 })
    await pass(2000)
    expect(status()).toBe('12 matches')
  })

  it('says which expression was stopped, until that is dismissed', async () => {
    const problem = 'The expression /(a+)+$/ took longer than 250 ms and was stopped.'
    show({ query: '/(a+)+$/', view: viewState({ problem }) })
    expect(described()?.textContent).toContain(problem)
    await button('Dismiss').trigger('click')
    expect(described()).toBeNull()
    state.view = viewState()
    await flushPromises()
    state.view = viewState({ problem })
    await flushPromises()
    expect(described()?.textContent).toContain(problem)
  })

  it('searches without hiding rows', async () => {
    show({ query: 'price' })
    expect(button('Show only matches').attributes('aria-pressed')).toBe('true')
    await button('Show only matches').trigger('click')
    expect(state.only).toBe(false)
    state.view = viewState({ find: { query: 'price', total: 120, scanned: 1_284_019 } })
    await flushPromises()
    expect(wrapper.text()).toContain('120 matches')
    state.current = 2
    await flushPromises()
    expect(wrapper.text()).toContain('3 of 120')
    await button('Next match').trigger('click')
    await button('Previous match').trigger('click')
    await press('Enter')
    await press('Enter', { shiftKey: true })
    await press('F3')
    await press('F3', { shiftKey: true })
    expect(events).toEqual(['next', 'previous', 'next', 'previous', 'next', 'previous'])
  })

  it('asks for the search before it goes to its next match', async () => {
    show({ only: false })
    await type('price')
    await press('Enter')
    expect([state.query, events]).toEqual(['price', ['next']])
  })

  it('has nothing to go to without matches', async () => {
    show({
      query: 'x',
      only: false,
      view: viewState({ find: { query: 'x', total: 0, scanned: 9 } }),
    })
    expect(wrapper.text()).toContain('No matches')
    expect(button('Next match').attributes('disabled')).toBeDefined()
  })

  it('shows the syntax', async () => {
    show()
    await button('Filter syntax').trigger('click')
    await flushPromises()
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('$.type == "trade"')
  })
})
