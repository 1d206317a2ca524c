import { isMessage, wordsOf, type OutUnit } from './out-unit'
import { canRewrite, rewrite, type RewriteFault } from './rewrite'
import { Stage } from './stage'

/** Sends something else instead of a message: less, more, or in other frames. */
export class RewriteStage extends Stage<RewriteFault> {
  override take(unit: OutUnit): void {
    const { fault, occasions } = this
    if (!isMessage(unit) || !canRewrite(fault, unit) || !occasions.isDue(fault)) {
      this.pass(unit)
      return
    }
    const { units, words } = rewrite(fault, unit, occasions.random)
    this.strike(`${wordsOf(unit)} ${words}`)
    for (const each of units) this.pass(each)
    if (units.length > 0) return
    if (unit.source) this.line.drop(unit.source)
    unit.settle(null)
  }
}
