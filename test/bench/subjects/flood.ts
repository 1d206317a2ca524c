import { once } from 'node:events'
import { WebSocket } from 'ws'
import { defaultConfig } from '@shared/model/connection'
import type { FrameLog } from '../../../src/main/engine/frame-log/frame-log'
import { dial } from '../../../src/main/engine/session/dial'
import { floodBytes, floodText } from '../flood-text'
import { benchClient, startEngine } from './engine'
import { FloodClock, type FloodTaken } from './flood-clock'

export interface FloodInput {
  readonly url: string
  readonly messages: number
  /** What the live view is filtered by. */
  readonly query?: string
  /** Whether every row is read back and compared afterwards. */
  readonly verify?: boolean
}

export interface EngineFlood extends FloodTaken {
  readonly eventsPerSecond: number
  /** Times that reading paused for the disk. */
  readonly pauses: number
  /** Rows the live view had not looked at when the flood ended. */
  readonly rowsBehind: number
  readonly rowsEvicted: number
}

/** A bare `ws` client. */
export async function floodBare({ url, messages }: FloodInput): Promise<FloodTaken> {
  const clock = new FloodClock(messages)
  const socket = new WebSocket(url)
  socket.on('message', clock.tick)
  await once(socket, 'close')
  return clock.taken()
}

/** Session, log on disk and one live view. */
export async function floodEngine(input: FloodInput): Promise<EngineFlood> {
  const { url, messages, query, verify = false } = input
  const engine = await startEngine(query)
  try {
    const { log } = engine
    const clock = new FloodClock(messages)
    let pauses = 0
    log.onPressure((held) => (pauses += held ? 1 : 0))
    const begun = performance.now()
    await received(url, log, clock)
    const seconds = (performance.now() - begun) / 1000
    const taken = clock.taken()
    const view = engine.views.find(engine.viewId, benchClient)
    const rowsBehind = log.total - view.state().scanned
    if (log.state.problem !== null) throw new Error(log.state.problem)
    if (log.state.lost > 0) throw new Error(`${log.state.lost} rows were lost`)
    if (verify) await verifyRows(log, messages)
    return {
      ...taken,
      eventsPerSecond: engine.events() / seconds,
      pauses,
      rowsBehind,
      rowsEvicted: log.firstId,
    }
  } finally {
    await engine.dispose()
  }
}

/** Dials and receives until the session has ended. */
export function received(url: string, log: FrameLog, clock: FloodClock): Promise<void> {
  return new Promise((resolve, reject) => {
    dial({
      config: { ...defaultConfig(url), pingInterval: 0 },
      secrets: () => undefined,
      log,
      listener: {
        onMessage: clock.tick,
        onClosed: ({ failure }) => (failure ? reject(new Error(failure.message)) : resolve()),
      },
    })
  })
}

/** Reads all rows back: every message is there, in order, byte for byte. */
export async function verifyRows(log: FrameLog, messages: number): Promise<void> {
  const portion = 5000
  let message = 0
  for (let from = log.firstId; from < log.total; from += portion) {
    const count = Math.min(portion, log.total - from)
    const rows = await log.read(Array.from({ length: count }, (_, index) => from + index))
    if (rows.length !== count) throw new Error(`${count - rows.length} rows are missing at ${from}`)
    for (const row of rows) {
      if (row.kind !== 'text') continue
      // The whole message is shorter than what a preview shows.
      if (row.preview !== floodText(message) || row.size !== floodBytes)
        throw new Error(`Message ${message} is not what was sent: ${row.preview}`)
      message += 1
    }
  }
  if (message !== messages) throw new Error(`${message} rows for ${messages} messages`)
}
