import { formatBytes } from '@shared/format/bytes'
import type { FaultOf } from '@shared/model/server-fault'
import { Stage } from './stage'

const what = { out: 'sends', in: 'reads', both: 'sends and reads' } as const

/** Limits the bytes a second in its line for as long as it stands there. It strikes once. */
export class BandwidthStage extends Stage<FaultOf<'bandwidth'>> {
  override start(): void {
    const { direction, bytesPerSecond } = this.fault
    if (!this.occasions.isDue(this.fault)) return
    this.strike(`${what[direction]} at most ${formatBytes(bytesPerSecond)} a second`)
    this.line.limit(this, direction, bytesPerSecond)
  }

  override release(): void {
    this.line.limit(this, this.fault.direction, null)
  }
}
