import { describe, expect, it } from 'vitest'
import { createPingPayloads } from './ping-payloads'

describe('createPingPayloads', () => {
  it('never makes the same eight bytes twice', () => {
    const [first, second] = [createPingPayloads(), createPingPayloads()]
    const made = Array.from({ length: 1000 }, (_, index) => (index % 2 ? first() : second()))
    expect(made.every((payload) => payload.byteLength === 8)).toBe(true)
    expect(new Set(made.map((payload) => Buffer.from(payload).toString('hex'))).size).toBe(1000)
  })
})
