import { randomUUID } from 'node:crypto'
import type { FrameLog } from './engine/frame-log/frame-log'
import { MemoryFrameLog } from './engine/frame-log/memory-frame-log'

/** The logs of every connection and of the local server, all within the same budget. */
export class FrameLogs {
  readonly #logs = new Map<string, FrameLog>()
  #budget: number

  constructor(budget: number) {
    this.#budget = budget
  }

  /** Bytes that each log may hold. */
  set budget(budget: number) {
    if (budget === this.#budget) return
    this.#budget = budget
    for (const log of this.#logs.values()) log.budget = budget
  }

  create(): FrameLog {
    const log = new MemoryFrameLog(randomUUID(), this.#budget)
    this.#logs.set(log.id, log)
    return log
  }

  find(id: string): FrameLog | undefined {
    return this.#logs.get(id)
  }

  /** Whoever had it made disposes it. */
  forget(id: string): void {
    this.#logs.delete(id)
  }
}
