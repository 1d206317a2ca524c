import type { Fault, FaultMoment } from '@shared/model/server-fault'
import { isMessage, type OutUnit } from './out-unit'
import { Stage } from './stage'

export type MomentFault = Extract<Fault, { at: FaultMoment }>

/** Strikes at a moment of its own, and `after` milliseconds later. */
export abstract class MomentStage<Kind extends MomentFault = MomentFault> extends Stage<Kind> {
  readonly #timers = new Set<NodeJS.Timeout>()

  override get isWaiting(): boolean {
    return this.#timers.size > 0
  }

  override start(isFirst: boolean): void {
    if (this.fault.at === 'open' && isFirst) this.#occasion()
  }

  override received(): void {
    if (this.fault.at === 'received') this.#occasion()
  }

  override take(unit: OutUnit): void {
    if (this.fault.at === 'sending' && isMessage(unit)) this.#occasion()
    this.pass(unit)
  }

  override release(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  protected abstract act(): void

  #occasion(): void {
    const { fault, occasions } = this
    if (!occasions.isDue(fault)) return
    if (fault.after === 0) return this.act()
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      // Others may have struck meanwhile.
      if (occasions.isLeft(fault)) this.act()
    }, fault.after)
    this.#timers.add(timer)
  }
}
