import { mount, type VueWrapper } from '@vue/test-utils'
import { h, nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import VirtualList from './VirtualList.vue'

/** Ten rows of 20 px fit into it. */
const viewport = 200

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(viewport)
})
afterEach(() => vi.restoreAllMocks())

async function mountList(props: {
  first: number
  end: number
  following?: boolean
  recycle?: boolean
}) {
  const wrapper = mount(VirtualList, {
    props: {
      rowHeight: 20,
      overscan: 2,
      following: false,
      ...props,
      'onUpdate:following': (following: boolean) => wrapper.setProps({ following }),
    },
    slots: { default: ({ position }: { position: number }) => h('i', `<${position}>`) },
    attachTo: document.body,
  })
  await nextTick()
  return wrapper
}

function drawn(wrapper: VueWrapper): number[] {
  return [...wrapper.text().matchAll(/<(\d+)>/g)].map((match) => Number(match[1]))
}

async function scroll(wrapper: VueWrapper, top: number) {
  wrapper.element.scrollTop = top
  await wrapper.trigger('scroll')
}

describe('VirtualList', () => {
  it('draws the rows in sight and a few around them, however many there are', async () => {
    const wrapper = await mountList({ first: 0, end: 5_000_000 })
    expect(drawn(wrapper)).toEqual(Array.from({ length: 12 }, (_, index) => index))
  })

  it('says which rows it draws', async () => {
    const wrapper = await mountList({ first: 0, end: 1_000 })
    await scroll(wrapper, 2_000)
    expect(wrapper.emitted('range')?.at(-1)).toEqual([98, 112])
  })

  it('stays at its end while it follows', async () => {
    const wrapper = await mountList({ first: 0, end: 100, following: true })
    expect(drawn(wrapper).at(-1)).toBe(99)
    await wrapper.setProps({ end: 150 })
    expect(drawn(wrapper).at(-1)).toBe(149)
    expect(wrapper.element.scrollTop).toBe(150 * 20 - viewport)
  })

  it('stops following when one scrolls up, and follows again at the end', async () => {
    const wrapper = await mountList({ first: 0, end: 100, following: true })
    await scroll(wrapper, 500)
    expect(wrapper.props('following')).toBe(false)
    await wrapper.setProps({ end: 200 })
    expect(wrapper.element.scrollTop).toBe(500)
    await scroll(wrapper, 200 * 20 - viewport)
    expect(wrapper.props('following')).toBe(true)
  })

  it('stops following at the first turn of the wheel, before the scroll itself is known', async () => {
    const wrapper = await mountList({ first: 0, end: 100, following: true })
    await wrapper.trigger('wheel', { deltaY: -40 })
    expect(wrapper.props('following')).toBe(false)
  })

  it('goes on following when it becomes taller and the browser moves it for that', async () => {
    const wrapper = await mountList({ first: 0, end: 100, following: true })
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(viewport + 100)
    await scroll(wrapper, 100 * 20 - viewport - 100)
    expect(wrapper.props('following')).toBe(true)
    expect(drawn(wrapper)).toContain(85)
    expect(drawn(wrapper).at(-1)).toBe(99)
  })

  it('keeps the rows in sight where they are when the front is evicted', async () => {
    const wrapper = await mountList({ first: 0, end: 1_000 })
    await scroll(wrapper, 4_000)
    const before = drawn(wrapper)
    await wrapper.setProps({ first: 50, end: 1_050 })
    expect(drawn(wrapper)).toEqual(before)
    expect(wrapper.element.scrollTop).toBe(3_000)
  })

  it('shows the oldest row that is left when those in sight are evicted', async () => {
    const wrapper = await mountList({ first: 0, end: 1_000 })
    await scroll(wrapper, 200)
    await wrapper.setProps({ first: 500, end: 1_500 })
    expect(drawn(wrapper)[0]).toBe(500)
  })

  it('moves by rows with the wheel where the list is taller than an element may be', async () => {
    const wrapper = await mountList({ first: 0, end: 5_000_000 })
    await scroll(wrapper, 4_000_000)
    const before = drawn(wrapper)[0] ?? NaN
    expect(before).toBeGreaterThan(2_000_000)
    await wrapper.trigger('wheel', { deltaY: 40, deltaMode: 0 })
    await wrapper.trigger('wheel', { deltaY: 60, deltaMode: 0 })
    await new Promise(requestAnimationFrame)
    await nextTick()
    expect(drawn(wrapper)[0]).toBe(before + 5)
  })

  it('gives elements that go out of sight to rows that come into it', async () => {
    const wrapper = await mountList({ first: 0, end: 5_000, recycle: true })
    await scroll(wrapper, 2_000)
    const elements = new Set([...wrapper.element.querySelectorAll('i')])
    await scroll(wrapper, 60_000)
    expect(drawn(wrapper)[0]).toBe(2_998)
    const kept = [...wrapper.element.querySelectorAll('i')].filter((row) => elements.has(row))
    expect(kept.length).toBeGreaterThanOrEqual(elements.size - 1)
    await scroll(wrapper, 60_020)
    expect(drawn(wrapper)).toEqual(Array.from({ length: 14 }, (_, index) => 2_999 + index))
  })

  it('reaches the very last row of such a list', async () => {
    const wrapper = await mountList({ first: 0, end: 5_000_000 })
    ;(wrapper.vm as unknown as { scrollTo(position: number): void }).scrollTo(4_999_999)
    await nextTick()
    expect(drawn(wrapper).at(-1)).toBe(4_999_999)
  })
})
