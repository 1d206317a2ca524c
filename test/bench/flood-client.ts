import { monitorEventLoopDelay } from 'node:perf_hooks'
import { WebSocket } from 'ws'
import { defaultConfig } from '@shared/model/connection'
import { everything } from '@shared/model/frame-filter'
import { MemoryFrameLog } from '../../src/main/engine/frame-log/memory-frame-log'
import { FrameViews } from '../../src/main/engine/frame-view/frame-views'
import { dial } from '../../src/main/engine/session/dial'
import type { Subject, Measurement } from './measurement'

/**
 * Runs as a process of its own, once per measurement: receives one flood and reports what it took.
 * Arguments: the subject, the port, the number of messages.
 */

const [subject, port, messages] = process.argv.slice(2)
const total = Number(messages)

/** Messages before the clock starts, so that neither connect nor warming up is counted. */
const warmUp = Math.floor(total / 10)

class Clock {
  readonly #delay = monitorEventLoopDelay({ resolution: 1 })
  #received = 0
  #started = 0
  #ended = 0

  readonly tick = (): void => {
    this.#received += 1
    if (this.#received === warmUp) {
      this.#started = performance.now()
      this.#delay.enable()
    } else if (this.#received === total) {
      this.#ended = performance.now()
      this.#delay.disable()
    }
  }

  get running(): boolean {
    return this.#started > 0 && this.#ended === 0
  }

  measurement(rest: Partial<Measurement> = {}): Measurement {
    if (this.#received !== total)
      throw new Error(`${this.#received} of ${total} messages were received`)
    const seconds = (this.#ended - this.#started) / 1000
    return {
      messagesPerSecond: (total - warmUp) / seconds,
      seconds,
      loopDelayP99: this.#delay.percentile(99) / 1e6,
      loopDelayMax: this.#delay.max / 1e6,
      events: 0,
      rowsEvicted: 0,
      ...rest,
    }
  }
}

function url(): string {
  return `ws://127.0.0.1:${port}/${total}`
}

function receiveWithWs(): Promise<Measurement> {
  const clock = new Clock()
  const socket = new WebSocket(url())
  socket.on('message', clock.tick)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('close', () => settle(resolve, reject, () => clock.measurement()))
  })
}

function receiveWithSession(): Promise<Measurement> {
  const clock = new Clock()
  const log = new MemoryFrameLog('bench')
  let events = 0
  const views = new FrameViews({
    findLog: () => log,
    emit: (_, payload) => {
      // What crosses to the renderer is copied on the way.
      structuredClone(payload)
      if (clock.running) events += 1
    },
  })
  views.open(log.id, everything(), 'renderer')
  return new Promise((resolve, reject) => {
    dial({
      config: { ...defaultConfig(url()), pingInterval: 0 },
      secrets: () => undefined,
      log,
      listener: {
        onMessage: clock.tick,
        onClosed: ({ failure }) =>
          settle(resolve, reject, () => {
            if (failure) throw new Error(failure.message)
            if (log.total < total) throw new Error(`${log.total} rows for ${total} messages`)
            views.dispose()
            return clock.measurement({ events, rowsEvicted: log.firstId })
          }),
      },
    })
  })
}

function settle(
  resolve: (measurement: Measurement) => void,
  reject: (error: unknown) => void,
  result: () => Measurement,
): void {
  try {
    resolve(result())
  } catch (error) {
    reject(error)
  }
}

const subjects: Record<Subject, () => Promise<Measurement>> = {
  ws: receiveWithWs,
  framescope: receiveWithSession,
}

process.send?.(await subjects[subject as Subject]())
process.disconnect()
