import { formatDuration } from '@shared/format/duration'
import type { FaultOf } from '@shared/model/server-fault'
import { MomentStage } from './moment-stage'

const what = {
  out: 'nothing is sent',
  in: 'nothing is read',
  both: 'nothing is sent or read',
} as const

/** Lets nothing pass for a while. Striking again meanwhile, it begins anew. */
export class StallStage extends MomentStage<FaultOf<'stall'>> {
  #end: NodeJS.Timeout | undefined

  override release(): void {
    super.release()
    clearTimeout(this.#end)
    this.line.unblock(this)
  }

  protected override act(): void {
    const { direction, duration } = this.fault
    const length = duration === 0 ? 'from now on' : `for ${formatDuration(duration)}`
    this.strike(`${what[direction]} ${length}`)
    this.line.block(this, direction)
    clearTimeout(this.#end)
    if (duration > 0) this.#end = setTimeout(() => this.line.unblock(this), duration)
  }
}

/** Neither sends nor reads any more. */
export class HalfOpenStage extends MomentStage<FaultOf<'half-open'>> {
  override release(): void {
    super.release()
    this.line.unblock(this)
  }

  protected override act(): void {
    this.strike(`${what.both} from now on`)
    this.line.block(this, 'both')
  }
}
