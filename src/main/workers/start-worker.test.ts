import { afterEach, describe, expect, it } from 'vitest'
import type { SumReply, SumRequest } from '../../../test/fixtures/workers/sum-worker'
import workerPath from '../../../test/fixtures/workers/sum-worker?modulePath'
import { childScript } from '../../../test/support/child-script'
import { startWorker, type RunningWorker } from './start-worker'

let running: RunningWorker<SumRequest> | null = null

afterEach(() => running?.stop())

function start(options: { data?: unknown; heapLimit?: number } = {}) {
  const replies: SumReply[] = []
  let heard: (() => void) | null = null
  const failures: Error[] = []
  const worker = startWorker<SumRequest, SumReply>(workerPath, {
    name: 'sum',
    ...options,
    onReply(reply) {
      replies.push(reply)
      heard?.()
    },
    onFailure(error) {
      failures.push(error)
      heard?.()
    },
  })
  running = worker
  const next = () => new Promise<void>((done) => (heard = done))
  return { worker, replies, failures, next }
}

describe('startWorker', () => {
  it('runs a module in TypeScript with what it imports', async () => {
    const { worker, replies, next } = start({ data: { factor: 2n } })

    worker.post({ kind: 'sum', bytes: new Uint8Array([1, 2, 3]) })
    await next()

    expect(replies).toEqual([
      { sum: 6, size: '3 B', bytes: new Uint8Array([1, 2, 3]), data: { factor: 2n } },
    ])
  })

  it('moves what is transferred there and back', async () => {
    const { worker, replies, next } = start()
    const bytes = new Uint8Array(1000).fill(1)

    worker.post({ kind: 'sum', bytes }, [bytes.buffer])
    expect(bytes.length).toBe(0)
    await next()

    expect(replies[0]).toMatchObject({ sum: 1000 })
    expect(replies[0]?.bytes.length).toBe(1000)
  })

  it('ends a worker that never comes back', async () => {
    const { worker, failures } = start()

    worker.post({ kind: 'hang' })
    await worker.stop()
    await worker.stop()

    expect(failures).toEqual([])
  })

  it('tells of an error that nobody caught, once', async () => {
    const { worker, failures, next } = start()

    worker.post({ kind: 'throw' })
    await next()
    await worker.stop()

    expect(failures.map((error) => error.message)).toEqual(['The sum is unknown.'])
  })

  it('tells of a worker that outgrows its memory, and outlives it', async () => {
    const { worker, failures, next } = start({ heapLimit: 32 })

    worker.post({ kind: 'fill' })
    await next()

    expect(failures).toMatchObject([{ code: 'ERR_WORKER_OUT_OF_MEMORY' }])
  })

  it('works in a script that is built for a test', async () => {
    const script = await childScript('test/fixtures/workers/start-sum.ts')
    try {
      expect(await script.run().line()).toBe('6')
    } finally {
      await script.dispose()
    }
  })
})
