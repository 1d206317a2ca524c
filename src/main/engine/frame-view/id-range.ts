import type { FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog } from '../frame-log/frame-log'

/**
 * The consecutive rows of a log that a filter leaves after `hiddenBefore` and `period`, times taken
 * to ascend. Once a row was in it, its first id never changes.
 */
export class IdRange {
  readonly #log: FrameLog
  readonly #hiddenBefore: number
  readonly #period: FrameFilter['period']
  #first: number | undefined
  #end: number | undefined

  constructor(log: FrameLog, filter: Pick<FrameFilter, 'hiddenBefore' | 'period'>) {
    this.#log = log
    this.#hiddenBefore = filter.hiddenBefore
    this.#period = filter.period
  }

  /** The first row of the range, which the log may not have yet. */
  get first(): number {
    if (this.#first !== undefined) return this.#first
    if (this.#period === null) return (this.#first = this.#hiddenBefore)
    const start = this.#log.firstAtOrAfter(this.#period.from)
    const first = Math.max(this.#hiddenBefore, start)
    // Where the period begins is only certain once there is a row in it or after it.
    if (start < this.#log.total) this.#first = first
    return first
  }

  /** The row after the last one the log has of the range so far; at least `first`. */
  get end(): number {
    const { first } = this
    if (this.#end !== undefined) return this.#end
    const { total } = this.#log
    if (this.#period === null) return Math.max(first, total)
    const end = this.#log.firstAtOrAfter(this.#period.to)
    if (end < total) this.#end = Math.max(first, end)
    return Math.max(first, end)
  }

  /** Whether rows to come may still be in it. */
  get open(): boolean {
    void this.end
    return this.#end === undefined
  }
}
