import { expect, it, vi } from 'vitest'
import type { Envelope } from '@shared/transport'
import { PendingCalls } from './pending-calls'

const done: Envelope = { ok: true, value: 1 }
const gone: Envelope = { ok: false, error: { code: 'BACKEND_GONE', message: '', details: {} } }

it('hands on the answer of a call', async () => {
  expect(await new PendingCalls().answer(() => Promise.resolve(done))).toBe(done)
})

it('lets calls under way finish, and answers the rest at the end', async () => {
  const calls = new PendingCalls()
  let finish: (envelope: Envelope) => void = () => undefined
  const slow = calls.answer(() => new Promise((resolve) => (finish = resolve)))
  const stuck = calls.answer(() => new Promise(() => undefined))
  calls.refuse(gone)
  finish(done)
  expect(await slow).toBe(done)
  calls.end()
  expect(await stuck).toBe(gone)
})

it('makes no call once it refuses', async () => {
  const calls = new PendingCalls()
  calls.refuse(gone)
  const call = vi.fn(() => Promise.resolve(done))
  expect(await calls.answer(call)).toBe(gone)
  expect(call).not.toHaveBeenCalled()
})
