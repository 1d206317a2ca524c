import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { HighlightReply, HighlightRequest } from './highlight-messages'
import { RegexHighlighter } from './regex-highlighter'

/** A worker that answers when the test says so. */
class FakeWorker {
  onmessage: ((event: { data: HighlightReply }) => void) | null = null
  onerror: (() => void) | null = null
  readonly requests: HighlightRequest[] = []
  terminated = false

  postMessage(request: HighlightRequest) {
    this.requests.push(request)
  }

  terminate() {
    this.terminated = true
  }

  reply(data: HighlightReply) {
    this.onmessage?.({ data })
  }
}

let workers: FakeWorker[]
let highlighter: RegexHighlighter

beforeEach(() => {
  vi.useFakeTimers()
  workers = []
  highlighter = new RegexHighlighter(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker as unknown as Worker
  })
})
afterEach(() => vi.useRealTimers())

const term = (pattern: string) => ({ kind: 'regex' as const, pattern, flags: '' })
const ask = (text: string, pattern: string) => highlighter.find(text, [term(pattern)], 10, true)
const pass = (time = 0) => vi.advanceTimersByTimeAsync(time)

describe('RegexHighlighter', () => {
  it('asks for all texts of one turn at once', async () => {
    const answers = Promise.all([ask('a', 'x'), ask('b', 'x'), ask('c', 'y')])
    await pass()
    workers[0]?.reply('ready')
    expect(workers[0]?.requests.map(({ texts }) => texts)).toEqual([['a', 'b']])
    workers[0]?.reply([[{ start: 0, end: 1 }], []])
    workers[0]?.reply([[{ start: 2, end: 3 }]])
    expect(await answers).toEqual([[{ start: 0, end: 1 }], [], [{ start: 2, end: 3 }]])
    expect(workers).toHaveLength(1)
  })

  it('ends a worker that takes too long, gives the expression up and goes on with the rest', async () => {
    const hostile = ask('aaaa', '(a+)+$')
    const other = ask('b', 'b')
    await pass()
    workers[0]?.reply('ready')
    await pass(199)
    expect(workers[0]?.terminated).toBe(false)
    await pass(1)
    expect(workers[0]?.terminated).toBe(true)
    expect(await hostile).toBeNull()
    expect(await ask('aaaa', '(a+)+$')).toBeNull()
    workers[1]?.reply('ready')
    workers[1]?.reply([[{ start: 0, end: 1 }]])
    expect(await other).toEqual([{ start: 0, end: 1 }])
    expect(workers).toHaveLength(2)
  })

  it('does without when no worker can be started', async () => {
    highlighter = new RegexHighlighter(() => {
      throw new Error('refused')
    })
    expect(await ask('a', 'a')).toBeNull()
    expect(await ask('a', 'a')).toBeNull()
  })

  it('tries a worker that failed to start again at the next question', async () => {
    const first = ask('a', 'a')
    await pass()
    workers[0]?.onerror?.()
    expect(await first).toBeNull()
    const second = ask('a', 'a')
    await pass()
    workers[1]?.reply('ready')
    workers[1]?.reply([[]])
    expect(await second).toEqual([])
  })
})
