import { describe, expect, it, vi } from 'vitest'
import { createEventOutbox } from './event-outbox'

function slowSink() {
  const sent: unknown[] = []
  return {
    bufferedAmount: 0,
    sent,
    send: (name: string, payload: unknown) => sent.push([name, payload]),
  }
}

describe('createEventOutbox', () => {
  it('sends at once while the page reads', () => {
    const sink = slowSink()
    createEventOutbox(sink).push('servers.clientsChanged', { serverId: 's', total: 1 })
    expect(sink.sent).toEqual([['servers.clientsChanged', { serverId: 's', total: 1 }]])
  })

  it('keeps only the latest of each subject while the page does not read', () => {
    vi.useFakeTimers()
    const sink = slowSink()
    const outbox = createEventOutbox(sink)
    sink.bufferedAmount = 9 * 1024 * 1024
    for (let total = 0; total < 1000; total++) {
      outbox.push('connections.changed', { id: 'a', total })
      outbox.push('connections.changed', { id: 'b', total })
    }
    vi.advanceTimersByTime(1000)
    expect(sink.sent).toEqual([])
    sink.bufferedAmount = 0
    vi.advanceTimersByTime(100)
    expect(sink.sent).toEqual([
      ['connections.changed', { id: 'a', total: 999 }],
      ['connections.changed', { id: 'b', total: 999 }],
    ])
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })

  it('keeps the order of different events about one subject', () => {
    vi.useFakeTimers()
    const sink = slowSink()
    const outbox = createEventOutbox(sink)
    sink.bufferedAmount = 9 * 1024 * 1024
    outbox.push('connections.changed', { id: 'a' })
    outbox.push('servers.clientsChanged', { serverId: 's', total: 1 })
    outbox.push('connections.changed', { id: 'a' })
    outbox.push('connections.removed', { connectionId: 'a' })
    sink.bufferedAmount = 0
    outbox.push('settings.changed', {})
    vi.advanceTimersByTime(100)
    expect(sink.sent.map((item) => (item as unknown[])[0])).toEqual([
      'servers.clientsChanged',
      'connections.changed',
      'connections.removed',
      'settings.changed',
    ])
    vi.useRealTimers()
  })

  it('forgets what waits when the page is gone', () => {
    vi.useFakeTimers()
    const sink = slowSink()
    const outbox = createEventOutbox(sink)
    sink.bufferedAmount = 9 * 1024 * 1024
    outbox.push('settings.changed', {})
    outbox.dispose()
    sink.bufferedAmount = 0
    vi.advanceTimersByTime(1000)
    expect(sink.sent).toEqual([])
    vi.useRealTimers()
  })
})
