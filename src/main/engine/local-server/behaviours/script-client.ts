import type { TemplateMessage } from '@shared/model/template-message'
import type { BehaviourClient } from './behaviour'
import type { RunnableStep } from './script-steps'

/** Messages of one client that may wait while the steps of an earlier one run. */
export const mostWaiting = 1000

/** Bytes of them that may wait. */
const mostBytes = 64 * 1024 * 1024

/** A message, or the opening, and what is done about it. */
export interface Occasion {
  /** `undefined` while it is not known yet. */
  steps: readonly RunnableStep[] | undefined
  readonly message: TemplateMessage | null
  /** Bytes that are kept of it. */
  readonly size: number
}

/** Runs the steps of one client one after the other, in the order of its messages. */
export class ScriptClient {
  readonly client: BehaviourClient
  readonly #waiting: Occasion[] = []
  readonly #full: () => void
  #bytes = 0
  #nextStep = 0
  #timer: NodeJS.Timeout | undefined
  #isFull = false
  #isRunning = false
  #over = false

  /** `full` is called when messages begin to be passed over. */
  constructor(client: BehaviourClient, full: () => void) {
    this.client = client
    this.#full = full
  }

  /** Whether one more message may wait; says once when it may not, until all were dealt with. */
  hasRoom(): boolean {
    if (this.#waiting.length <= mostWaiting && this.#bytes <= mostBytes) return true
    if (!this.#isFull) this.#full()
    this.#isFull = true
    return false
  }

  add(occasion: Occasion): void {
    this.#waiting.push(occasion)
    this.#bytes += occasion.size
    this.advance()
  }

  /** Goes on as far as it can, after steps became known. */
  advance(): void {
    if (this.#isRunning || this.#timer !== undefined) return
    this.#isRunning = true
    while (!this.#over && this.#step());
    this.#isRunning = false
  }

  /** Nothing is done any more. */
  cancel(): void {
    this.#over = true
    clearTimeout(this.#timer)
    this.#waiting.length = 0
  }

  /** @returns whether to go on at once. */
  #step(): boolean {
    const occasion = this.#waiting[0]
    if (occasion?.steps === undefined) return false
    const step = occasion.steps[this.#nextStep]
    if (step === undefined) {
      this.#nextStep = 0
      this.#waiting.shift()
      this.#bytes -= occasion.size
      if (this.#waiting.length === 0) this.#isFull = false
      return true
    }
    this.#nextStep += 1
    if (typeof step === 'function') {
      step(this.client, occasion.message)
      return true
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.advance()
    }, step)
    return false
  }
}
