import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import TrafficEmpty from './TrafficEmpty.vue'

const nothing = {
  error: null,
  narrowed: false,
  scanning: false,
  incomplete: false,
  cleared: false,
  paused: false,
  title: 'No rows',
  text: '',
}

function wordsOf(change: Partial<typeof nothing>): string {
  return mount(TrafficEmpty, { props: { ...nothing, ...change } }).text()
}

it('says that nothing matches only of rows that were looked at', () => {
  expect(wordsOf({ narrowed: true })).toContain('Nothing matches the filter')
  expect(wordsOf({ narrowed: true, scanning: true })).toContain('Nothing matches so far')
  const incomplete = wordsOf({ narrowed: true, incomplete: true })
  expect(incomplete).toContain('Nothing matches so far')
  expect(incomplete).toContain('Not every row could be looked at')
})

it('says when what comes next appears in a cleared list', () => {
  expect(wordsOf({ cleared: true })).toContain('appears here. ')
  expect(wordsOf({ cleared: true, paused: true })).toContain('appears here after Resume. ')
})
