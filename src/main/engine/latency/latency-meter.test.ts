import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { noLatency } from '@shared/model/latency'
import { LatencyMeter } from './latency-meter'

const payload = (text: string) => new TextEncoder().encode(text)

describe('LatencyMeter', () => {
  let meter: LatencyMeter

  beforeEach(() => {
    meter = new LatencyMeter(1000)
  })

  /** One ping that is answered after `rtt` ms. */
  function ping(time: number, rtt: number): void {
    meter.sent(payload(String(time)), time)
    expect(meter.received(payload(String(time)), time + rtt)).toBe(rtt)
  }

  it('knows nothing before the first pong', () => {
    expect(meter.stats()).toEqual(noLatency())
  })

  it('computes every figure from the round-trip times', () => {
    for (const [index, rtt] of [10, 30, 20, 40].entries()) ping(index * 100, rtt)
    expect(meter.stats()).toMatchObject({
      count: 4,
      last: 40,
      min: 10,
      median: 25,
      p95: 40,
      max: 40,
      jitter: (20 + 10 + 20) / 3,
      lost: 0,
      skipped: 0,
      pending: 0,
    })
  })

  it('has no jitter before the second pong', () => {
    ping(0, 10)
    expect(meter.stats()).toMatchObject({ last: 10, median: 10, p95: 10, jitter: null })
  })

  it('matches pongs to pings by payload', () => {
    meter.sent(payload('a'), 0)
    expect(meter.received(payload('b'), 5)).toBeNull()
    expect(meter.received(payload('a'), 7)).toBe(7)
    expect(meter.received(payload('a'), 8)).toBeNull()
    expect(meter.stats()).toMatchObject({ count: 1, pending: 0 })
  })

  it('answers pings with the same payload first in, first out', () => {
    meter.sent(payload(''), 0)
    meter.sent(payload(''), 10)
    expect(meter.received(payload(''), 15)).toBe(15)
    expect(meter.received(payload(''), 16)).toBe(6)
    expect(meter.stats()).toMatchObject({ count: 2, skipped: 0 })
  })

  it('counts older pings as skipped, not lost, when a later one is answered', () => {
    for (const [name, time] of [
      ['a', 0],
      ['b', 10],
      ['c', 20],
      ['d', 30],
    ] as const)
      meter.sent(payload(name), time)
    expect(meter.received(payload('c'), 40)).toBe(20)
    expect(meter.stats()).toMatchObject({ count: 1, skipped: 2, lost: 0, pending: 1 })
    meter.expire(10_000)
    expect(meter.stats()).toMatchObject({ skipped: 2, lost: 1, pending: 0 })
  })

  it('loses a ping once its timeout has passed, and not before', () => {
    meter.sent(payload('a'), 100)
    expect(meter.deadline).toBe(1100)
    expect(meter.expire(1100)).toBe(0)
    expect(meter.expire(1100.1)).toBe(1)
    expect(meter.deadline).toBeNull()
    expect(meter.stats()).toMatchObject({ lost: 1, pending: 0, count: 0 })
  })

  it('takes the timeout that is set when it looks', () => {
    meter.sent(payload('a'), 0)
    meter.pongTimeout = 50
    expect(meter.expire(60)).toBe(1)
  })

  it('returns the time of a pong that comes after its ping was lost, and keeps it lost', () => {
    meter.sent(payload('a'), 0)
    expect(meter.received(payload('a'), 1500)).toBe(1500)
    expect(meter.stats()).toMatchObject({ lost: 1, count: 0, last: null })
  })

  it('forgets waiting pings when the session is over, and keeps the figures', () => {
    ping(0, 10)
    meter.sent(payload('a'), 20)
    meter.abandon()
    expect(meter.received(payload('a'), 30)).toBeNull()
    expect(meter.stats()).toMatchObject({ count: 1, last: 10, pending: 0, lost: 0, skipped: 0 })
  })

  it('takes no difference between the times of two sessions', () => {
    ping(0, 10)
    meter.abandon()
    ping(100, 500)
    expect(meter.stats().jitter).toBeNull()
  })

  it('keeps the latest 200 samples for the chart, lost ones among them', () => {
    for (let index = 0; index < 250; index += 1) ping(index * 10, 1)
    meter.sent(payload('lost'), 2600)
    meter.expire(4000)
    const { samples } = meter.stats()
    expect(samples).toHaveLength(200)
    expect(samples.at(-1)).toEqual({ time: performance.timeOrigin + 3600, rtt: null })
    expect(samples.at(-2)).toEqual({ time: performance.timeOrigin + 2491, rtt: 1 })
  })

  it('waits for a bounded number of pongs', () => {
    for (let index = 0; index < 10_005; index += 1) meter.sent(payload(`p${index}`), 0)
    expect(meter.stats()).toMatchObject({ pending: 10_000, lost: 5 })
  })

  it('accounts for every ping exactly once', () => {
    const step = fc.record({
      action: fc.constantFrom('sent', 'received', 'expire'),
      name: fc.constantFrom('', 'a', 'b', 'c'),
      wait: fc.nat(600),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const subject = new LatencyMeter(1000)
        let now = 0
        let sent = 0
        for (const { action, name, wait } of steps) {
          now += wait
          if (action === 'sent') subject.sent(payload(name), now)
          if (action === 'sent') sent += 1
          if (action === 'received') subject.received(payload(name), now)
          if (action === 'expire') subject.expire(now)
        }
        const stats = subject.stats()
        expect(stats.count + stats.lost + stats.skipped + stats.pending).toBe(sent)
        expect(stats.max ?? 0).toBeLessThanOrEqual(1000)
      }),
    )
  })
})
