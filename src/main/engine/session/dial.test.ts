import { afterEach, describe, expect, it } from 'vitest'
import { echo } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)

describe('dial', () => {
  it('opens, sends text and binary, and closes cleanly', async () => {
    const server = await serve(echo())
    const { session, log, opened, closed } = dialForTest(server.url)
    await opened
    await session.send('text', Buffer.from('hello'))
    await expect.poll(() => session.counters.messagesIn).toBe(1)
    await session.send('binary', Uint8Array.of(0, 255))
    await expect.poll(() => session.counters.messagesIn).toBe(2)
    session.close(1000, 'bye')
    const end = await closed
    expect(end).toEqual({
      close: { code: 1000, reason: 'bye', by: 'local', clean: true },
      failure: null,
      refusal: null,
    })
    expect(log.rows.map(({ direction, kind, fate }) => [direction, kind, fate])).toEqual([
      ['none', 'open', null],
      ['out', 'text', 'written'],
      ['in', 'text', null],
      ['out', 'binary', 'written'],
      ['in', 'binary', null],
      ['out', 'close', 'written'],
      ['in', 'close', null],
    ])
  })
})
