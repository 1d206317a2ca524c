import type { FaultOf } from '@shared/model/server-fault'
import { Queue } from '../wire/queue'
import { wordsOf, type OutUnit } from './out-unit'
import { normalOf } from './random'
import { Stage } from './stage'

/** Lets everything come later, in the same order. */
export class DelayStage extends Stage<FaultOf<'delay'>> {
  readonly #waiting = new Queue<{ readonly unit: OutUnit; readonly due: number }>()
  /** When the last of them is due, in `performance.now()`. */
  #last = 0
  #timer: NodeJS.Timeout | undefined

  override get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  override take(unit: OutUnit): void {
    const now = performance.now()
    let due = now
    if (this.occasions.isDue(this.fault)) {
      const delay = this.#delay()
      due += delay
      this.strike(`${wordsOf(unit)} comes ${Math.round(delay)} ms later`)
    }
    if (due <= now && !this.isWaiting) return this.pass(unit)
    this.#last = Math.max(this.#last, due)
    this.#waiting.push({ unit, due: this.#last })
    this.#arm(now)
  }

  override release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.pass(next.unit)
  }

  #delay(): number {
    const { delay, jitter, spread } = this.fault
    const { random } = this.occasions
    if (jitter === 'uniform') return delay + random() * spread
    if (jitter === 'normal') return Math.max(0, delay + normalOf(random) * spread)
    return delay
  }

  #arm(now: number): void {
    const next = this.#waiting.peek()
    if (next) this.#timer ??= setTimeout(() => this.#passDue(), Math.ceil(next.due - now))
  }

  #passDue(): void {
    this.#timer = undefined
    const now = performance.now()
    for (;;) {
      const next = this.#waiting.peek()
      if (!next || next.due > now) break
      this.#waiting.shift()
      this.pass(next.unit)
    }
    this.#arm(now)
  }
}
