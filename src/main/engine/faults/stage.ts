import { faultWords, type Fault, type FaultDirection } from '@shared/model/server-fault'
import type { Pending } from '../wire/wire-line'
import type { Occasions } from './occasions'
import type { OutUnit } from './out-unit'

/** What a stage may do to its line. */
export interface StageLine {
  note(text: string): void
  /** A message will not be sent. */
  drop(message: Pending): void
  /** Lets nothing pass in a direction for as long as one stage wants that. */
  block(by: Stage, direction: FaultDirection): void
  unblock(by: Stage): void
  /** Lets no more than so many bytes a second pass; `null` for as many as there are. */
  limit(by: Stage, direction: FaultDirection, bytesPerSecond: number | null): void
}

/** What one fault does to what goes out, between the stages of the faults before and after it. */
export class Stage<Kind extends Fault = Fault> {
  readonly fault: Kind
  protected readonly occasions: Occasions
  protected readonly line: StageLine
  /** Takes what leaves this stage. */
  pass: (unit: OutUnit) => void = () => undefined

  constructor(fault: Kind, occasions: Occasions, line: StageLine) {
    this.fault = fault
    this.occasions = occasions
    this.line = line
  }

  /** Units it has not passed on, or does so without being given one. */
  get isWaiting(): boolean {
    return false
  }

  /** @param isFirst whether it stands in the line for the first time, also before it was changed. */
  start(_isFirst: boolean): void {
    // Most faults strike on what is sent only.
  }

  take(unit: OutUnit): void {
    this.pass(unit)
  }

  /** A message came in. */
  received(): void {
    // As for `start`.
  }

  /** Passes on what it holds, in order, and does nothing by itself any more. */
  release(): void {
    // Most hold nothing.
  }

  /** Settles what it holds with the error. */
  fail(error: Error): void {
    this.pass = ({ settle }) => settle(error)
    this.release()
  }

  /** To be called before the effect is on the wire. */
  protected strike(what: string): void {
    this.occasions.struck()
    this.line.note(struckText(this.fault, what))
  }
}

/** As `Fault: Drop struck: text message of 12 B not sent`. */
export function struckText({ kind }: Fault, what: string): string {
  return `Fault: ${faultWords[kind].label} struck: ${what}`
}
