import { afterEach, describe, expect, it, vi } from 'vitest'
import { everything } from '@shared/model/frame-filter'
import { conditionOf } from './filter-condition'
import type { ScanCondition } from './scan-messages'
import type { ScanUser } from './scan-thread'
import { ScanThreads } from './scan-threads'

const condition = conditionOf(
  { ...everything(), query: 'a' },
  { now: 0, today: 0 },
) as ScanCondition
const opened: ScanThreads[] = []

afterEach(() => Promise.all(opened.splice(0).map((threads) => threads.dispose())))

function open(): ScanThreads {
  const threads = new ScanThreads()
  opened.push(threads)
  return threads
}

function user() {
  return {
    sizeOf: () => 0,
    matched: vi.fn(),
    unreadable: vi.fn(),
    stopped: vi.fn(),
  } satisfies ScanUser
}

describe('ScanThreads', () => {
  it('uses a thread again that was given back', () => {
    const threads = open()
    const first = threads.take()
    threads.release(first)
    expect(threads.take()).toBe(first)
    expect(threads.take()).not.toBe(first)
  })

  it('uses a busy thread again when it is free, and tells nobody what was under way', async () => {
    const threads = open()
    const thread = threads.take()
    const hears = user()
    thread.begin(condition, hears)
    const source = { path: '/nowhere', start: 0, end: 8 }
    thread.scan({ firstId: 0, endId: 1, source }, 1)
    threads.release(thread)
    const other = threads.take()
    expect(other).not.toBe(thread)
    await vi.waitFor(() => expect(thread.outstanding + thread.waiting).toBe(0), 10_000)
    expect(threads.take()).toBe(thread)
    expect(hears.unreadable).not.toHaveBeenCalled()
  })

  it('keeps no more than two threads without work', () => {
    const threads = open()
    const taken = [threads.take(), threads.take(), threads.take()]
    for (const thread of taken) threads.release(thread)
    const again = [threads.take(), threads.take(), threads.take()]
    expect(again.filter((thread) => taken.includes(thread))).toHaveLength(2)
  })
})
