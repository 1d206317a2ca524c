import type { Fault } from '@shared/model/server-fault'
import { BandwidthStage } from './bandwidth-stage'
import { DelayStage } from './delay-stage'
import { SpoilStage, StrayStage, TerminateStage } from './frame-stages'
import { MergeStage } from './merge-stage'
import type { Occasions } from './occasions'
import { PingStormStage } from './ping-storm-stage'
import { ReorderStage } from './reorder-stage'
import { isRewriteFault } from './rewrite'
import { RewriteStage } from './rewrite-stage'
import { SilenceStage } from './silence-stage'
import { HalfOpenStage, StallStage } from './silent-stages'
import { isSpoilFault, isStrayFault } from './spoil'
import type { Stage, StageLine } from './stage'

/** The stage of a fault; `null` for one that acts on the handshake and not on the connection. */
export function stageOf(fault: Fault, occasions: Occasions, line: StageLine): Stage | null {
  if (isRewriteFault(fault)) return new RewriteStage(fault, occasions, line)
  if (isSpoilFault(fault)) return new SpoilStage(fault, occasions, line)
  if (isStrayFault(fault)) return new StrayStage(fault, occasions, line)
  switch (fault.kind) {
    case 'delay':
      return new DelayStage(fault, occasions, line)
    case 'bandwidth':
      return new BandwidthStage(fault, occasions, line)
    case 'stall':
      return new StallStage(fault, occasions, line)
    case 'half-open':
      return new HalfOpenStage(fault, occasions, line)
    case 'reorder':
      return new ReorderStage(fault, occasions, line)
    case 'merge':
      return new MergeStage(fault, occasions, line)
    case 'terminate':
      return new TerminateStage(fault, occasions, line)
    case 'ping-storm':
      return new PingStormStage(fault, occasions, line)
    case 'ignore-ping':
    case 'ignore-close':
      return new SilenceStage(fault, occasions, line)
    default:
      return null
  }
}

const timing: ReadonlySet<Fault['kind']> = new Set(['delay', 'bandwidth', 'stall', 'half-open'])

/** Whether the fault leaves every message as it is, so that fragments need not wait for the last. */
export function isTiming({ kind }: Fault): boolean {
  return timing.has(kind)
}
