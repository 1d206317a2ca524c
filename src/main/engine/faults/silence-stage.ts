import type { FaultOf } from '@shared/model/server-fault'
import { opcodes } from '../wire/frame-header'
import { opcodeOf, wordsOf, type OutUnit } from './out-unit'
import { Stage } from './stage'

/** Leaves pings, or the close frame, of the client without an answer. */
export class SilenceStage extends Stage<FaultOf<'ignore-ping' | 'ignore-close'>> {
  override take(unit: OutUnit): void {
    const answersPing = opcodeOf(unit) === opcodes.pong && !unit.end
    if (this.fault.kind !== 'ignore-ping' || !answersPing || !this.occasions.isDue(this.fault))
      return this.pass(unit)
    this.strike(`${wordsOf(unit)} not sent`)
    unit.settle(null)
  }

  /** A close frame came in that asks for an answer. @returns whether it gets none. */
  takesClose(): boolean {
    if (this.fault.kind !== 'ignore-close' || !this.occasions.isDue(this.fault)) return false
    this.strike('close frame not answered')
    return true
  }
}
