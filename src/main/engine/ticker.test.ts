import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createTicker } from './ticker'

describe('createTicker', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('fires at once on the first change', () => {
    const fire = vi.fn()
    createTicker(50, fire).touch()
    expect(fire).toHaveBeenCalledTimes(1)
  })

  it('fires once per interval however often it is touched, and once for the last change', () => {
    const fire = vi.fn()
    const ticker = createTicker(50, fire)
    for (let elapsed = 0; elapsed < 200; elapsed += 1) {
      ticker.touch()
      vi.advanceTimersByTime(1)
    }
    expect(fire).toHaveBeenCalledTimes(5)
    vi.advanceTimersByTime(1000)
    expect(fire).toHaveBeenCalledTimes(5)
  })

  it('does not lose the last change of a burst', () => {
    const fire = vi.fn()
    const ticker = createTicker(50, fire)
    ticker.touch()
    ticker.touch()
    vi.advanceTimersByTime(49)
    expect(fire).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    expect(fire).toHaveBeenCalledTimes(2)
  })

  it('fires at once again after a quiet interval', () => {
    const fire = vi.fn()
    const ticker = createTicker(50, fire)
    ticker.touch()
    vi.advanceTimersByTime(50)
    ticker.touch()
    expect(fire).toHaveBeenCalledTimes(2)
  })

  it('flushes only a waiting change', () => {
    const fire = vi.fn()
    const ticker = createTicker(50, fire)
    ticker.flush()
    expect(fire).not.toHaveBeenCalled()
    ticker.touch()
    ticker.touch()
    ticker.flush()
    expect(fire).toHaveBeenCalledTimes(2)
    vi.advanceTimersByTime(1000)
    expect(fire).toHaveBeenCalledTimes(2)
  })

  it('lets the callback touch it without recursion', () => {
    let calls = 0
    const ticker = createTicker(50, () => {
      calls += 1
      ticker.touch()
    })
    ticker.touch()
    expect(calls).toBe(1)
    vi.advanceTimersByTime(100)
    expect(calls).toBe(3)
    ticker.stop()
  })

  it('is silent after stop', () => {
    const fire = vi.fn()
    const ticker = createTicker(50, fire)
    ticker.touch()
    ticker.touch()
    ticker.stop()
    ticker.touch()
    ticker.flush()
    vi.advanceTimersByTime(1000)
    expect(fire).toHaveBeenCalledTimes(1)
  })
})
