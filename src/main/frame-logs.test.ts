import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { LogState } from '@shared/model/capture'
import type { Captures } from './engine/captures/captures'
import type { FrameLog } from './engine/frame-log/frame-log'
import { FrameLogs } from './frame-logs'

/** A log whose state is what it is told to be. */
function toldLog() {
  let listener = (): void => {}
  const state = { logId: 'log', storage: 'disk', problem: null } as LogState
  const log = {
    id: 'log',
    state,
    onStateChange(told: () => void) {
      listener = told
      return () => (listener = () => {})
    },
  }
  return {
    log: log as unknown as FrameLog,
    become(change: Partial<LogState>) {
      Object.assign(state, change)
      listener()
    },
  }
}

describe('FrameLogs', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function known() {
    const { log, become } = toldLog()
    const told: string[] = []
    const captures = { create: () => log } as unknown as Captures
    const logs = new FrameLogs(captures, ({ storage }) => told.push(storage))
    logs.create(() => 'a log')
    return { logs, log, become, told, seen: () => logs.stateOf(log).storage }
  }

  it('tells of a pause of reading only when it lasts', () => {
    const { become, told, seen } = known()
    for (let count = 0; count < 20; count += 1) {
      become({ storage: 'held' })
      vi.advanceTimersByTime(50)
      expect(seen()).toBe('disk')
      become({ storage: 'disk' })
      vi.advanceTimersByTime(5)
    }
    expect(told).toEqual([])
    become({ storage: 'held' })
    vi.advanceTimersByTime(300)
    expect(seen()).toBe('held')
    become({ storage: 'disk' })
    expect(told).toEqual(['held', 'disk'])
  })

  it('tells at once that the disk fails, also during a pause', () => {
    const { become, told, seen } = known()
    become({ storage: 'held' })
    become({ storage: 'memory', problem: 'The disk is full.' })
    expect(seen()).toBe('memory')
    become({ storage: 'disk', problem: null })
    vi.advanceTimersByTime(1000)
    expect(told).toEqual(['memory', 'disk'])
  })

  it('tells nothing of a log that was forgotten', () => {
    const { logs, become, told } = known()
    become({ storage: 'held' })
    logs.forget('log')
    vi.advanceTimersByTime(1000)
    become({ storage: 'memory' })
    expect(told).toEqual([])
  })
})
