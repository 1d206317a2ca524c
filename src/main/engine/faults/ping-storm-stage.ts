import { formatCount } from '@shared/format/bytes'
import type { FaultOf } from '@shared/model/server-fault'
import { opcodes } from '../wire/frame-header'
import { MomentStage } from './moment-stage'
import { bits, ownUnit } from './out-unit'

/** Milliseconds between looks at how many pings are due. */
const step = 10

/** Sends many pings. Striking again meanwhile, it begins anew. */
export class PingStormStage extends MomentStage<FaultOf<'ping-storm'>> {
  #sent = 0
  #since = 0
  #timer: NodeJS.Timeout | undefined

  override get isWaiting(): boolean {
    return super.isWaiting || this.#timer !== undefined
  }

  override release(): void {
    super.release()
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  protected override act(): void {
    const { pings, perSecond } = this.fault
    this.strike(`${formatCount(pings)} pings sent, ${formatCount(perSecond)} a second`)
    clearInterval(this.#timer)
    this.#sent = 0
    this.#since = performance.now()
    this.#timer = setInterval(() => this.#sendDue(), step)
    this.#sendDue()
  }

  #sendDue(): void {
    const { pings, perSecond } = this.fault
    const due = 1 + Math.floor(((performance.now() - this.#since) / 1000) * perSecond)
    for (; this.#sent < Math.min(due, pings); this.#sent += 1)
      this.pass(
        ownUnit({
          first: bits.fin | opcodes.ping,
          payload: Buffer.from(`fault ${this.#sent + 1}`),
        }),
      )
    if (this.#sent < pings) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
