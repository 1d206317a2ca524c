import { isMessage, ownUnit, wordsOf, type OutUnit } from './out-unit'
import { MomentStage } from './moment-stage'
import type { FaultOf } from '@shared/model/server-fault'
import { canSpoil, spoiled, spoiledText, spoiledWords, strayUnits } from './spoil'
import type { SpoilFault, StrayFault } from './spoil'

/**
 * Breaks RFC 6455 in a message that goes out. At other moments, or when that message has gone by, in
 * a message of its own.
 */
export class SpoilStage extends MomentStage<SpoilFault> {
  override take(unit: OutUnit): void {
    const { fault, occasions } = this
    if (fault.at !== 'sending' || fault.after > 0) return super.take(unit)
    if (!isMessage(unit) || !canSpoil(fault, unit) || !occasions.isDue(fault))
      return this.pass(unit)
    this.strike(`${wordsOf(unit)} ${spoiledWords(fault)}`)
    this.pass(spoiled(fault, unit, occasions.random))
  }

  protected override act(): void {
    const unit = spoiledText(this.fault, this.occasions.random)
    this.strike(`${wordsOf(unit)} sent`)
    this.pass(unit)
  }
}

/** Sends frames of its own: close frames, and some that RFC 6455 forbids. */
export class StrayStage extends MomentStage<StrayFault> {
  protected override act(): void {
    const { fault } = this
    const units = strayUnits(fault)
    const code = fault.kind === 'close' ? ` with ${fault.code}` : ''
    this.strike(`${units.map(wordsOf).join(' and ')}${code} sent`)
    for (const unit of units) this.pass(unit)
  }
}

/** Ends the TCP connection. */
export class TerminateStage extends MomentStage<FaultOf<'terminate'>> {
  protected override act(): void {
    const end = { ...ownUnit(), end: this.fault.how }
    this.strike(`${wordsOf(end)} sent`)
    this.pass(end)
  }
}
