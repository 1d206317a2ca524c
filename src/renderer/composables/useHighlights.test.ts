import { flushPromises } from '@vue/test-utils'
import { effectScope, ref } from 'vue'
import { expect, it, vi } from 'vitest'
import { useHighlights } from './useHighlights'

const answers: ((ranges: { start: number; end: number }[] | null) => void)[] = []
vi.mock('../workers/regex-highlighter', () => ({
  RegexHighlighter: class {
    find = () => new Promise((resolve) => answers.push(resolve))
  },
}))

function highlights(text: string, query: string) {
  const shown = ref(text)
  const asked = ref(query)
  const { ranges } = effectScope().run(() => useHighlights(shown, asked)) ?? {}
  return {
    shown,
    asked,
    found: () => ranges?.value.map(({ start, end }) => shown.value.slice(start, end)),
  }
}

it('marks words at once and expressions when they are found', async () => {
  const { found } = highlights('price 42', 'price /\\d+/')
  expect(found()).toEqual(['price'])
  answers.shift()?.([{ start: 6, end: 8 }])
  await flushPromises()
  expect(found()).toEqual(['price', '42'])
})

it('drops what was found for an earlier text or query', async () => {
  const { shown, asked, found } = highlights('12 ab', '/\\d+/')
  shown.value = 'ab 12'
  await flushPromises()
  answers.shift()?.([{ start: 0, end: 2 }])
  await flushPromises()
  expect(found()).toEqual([])
  answers.shift()?.([{ start: 3, end: 5 }])
  await flushPromises()
  expect(found()).toEqual(['12'])
  asked.value = 'ab'
  await flushPromises()
  expect(found()).toEqual(['ab'])
})

it('marks no expression that was stopped', async () => {
  const { found } = highlights('aaa', 'a /(a+)+$/')
  answers.shift()?.(null)
  await flushPromises()
  expect(found()).toEqual(['aaa'])
})

it('looks into the beginning of a JSON text only when told that there is more', () => {
  const cut = '{"type":"trade","note":"trade'
  const found = (whole: boolean) =>
    effectScope().run(() => useHighlights(cut, '$.type == "trade"', whole))?.ranges.value
  expect(found(true)).toEqual([])
  expect(found(false)).toEqual([{ start: 9, end: 14 }])
})
