import { afterEach, expect, it, vi } from 'vitest'
import { createLineLogger } from './logging/logger'
import { patiently } from './patiently'

afterEach(() => void vi.useRealTimers())

it('goes on when everything is done, and logs what failed', async () => {
  const lines: string[] = []
  const log = createLineLogger((line) => lines.push(line))
  await patiently('files', [Promise.resolve(), Promise.reject(new Error('stuck'))], log)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('stuck')
})

it('goes on without what takes too long, and logs that', async () => {
  vi.useFakeTimers()
  const lines: string[] = []
  const log = createLineLogger((line) => lines.push(line))
  const waited = patiently('peers', [new Promise(() => undefined)], log)
  await vi.runAllTimersAsync()
  await waited
  expect(lines[0]).toContain('does not wait any longer for peers')
})
