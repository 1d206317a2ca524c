import type { FaultOf } from '@shared/model/server-fault'
import { isLast, isMessage, wordsOf, type OutUnit } from './out-unit'
import { Stage } from './stage'

/** How long a message waits for others to overtake it, in milliseconds. */
const patience = 1000

/** Lets a message be overtaken by those after it. While one waits, no other is made to. */
export class ReorderStage extends Stage<FaultOf<'reorder'>> {
  #waiting: OutUnit | null = null
  #left = 0
  #timer: NodeJS.Timeout | undefined

  override get isWaiting(): boolean {
    return this.#waiting !== null
  }

  override take(unit: OutUnit): void {
    if (isLast(unit)) this.release()
    if (!isMessage(unit)) return this.pass(unit)
    const { distance } = this.fault
    if (this.#waiting) {
      this.pass(unit)
      this.#left -= 1
      if (this.#left === 0) this.release()
    } else if (this.occasions.isDue(this.fault)) {
      this.strike(`${wordsOf(unit)} waits for ${distance} after it`)
      this.#waiting = unit
      this.#left = distance
      this.#timer = setTimeout(() => this.release(), patience)
    } else this.pass(unit)
  }

  override release(): void {
    clearTimeout(this.#timer)
    const unit = this.#waiting
    this.#waiting = null
    if (unit) this.pass(unit)
  }
}
