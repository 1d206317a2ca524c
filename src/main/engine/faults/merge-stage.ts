import type { FaultOf } from '@shared/model/server-fault'
import {
  isCompressed,
  isLast,
  isMessage,
  opcodeOf,
  payloadOf,
  wordsOf,
  type OutUnit,
} from './out-unit'
import { withPayload } from './rewrite'
import { Stage } from './stage'

/** How long a message waits for those to be joined with, in milliseconds. */
const patience = 200

/** Joins messages of one type. Compressed ones cannot be joined and go as they are. */
export class MergeStage extends Stage<FaultOf<'merge'>> {
  #waiting: OutUnit[] = []
  #timer: NodeJS.Timeout | undefined

  override get isWaiting(): boolean {
    return this.#waiting.length > 0
  }

  override take(unit: OutUnit): void {
    const [first] = this.#waiting
    const canJoin = isMessage(unit) && !isCompressed(unit) && !unit.frames.at(-1)?.filling
    if (!canJoin) {
      if (isMessage(unit) || isLast(unit)) this.release()
      return this.pass(unit)
    }
    if (first && opcodeOf(first) !== opcodeOf(unit)) this.release()
    if (!this.isWaiting && !this.occasions.isDue(this.fault)) return this.pass(unit)
    this.#waiting.push(unit)
    if (this.#waiting.length === this.fault.messages) this.release()
    else this.#timer ??= setTimeout(() => this.release(), patience)
  }

  override release(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const units = this.#waiting
    this.#waiting = []
    const [first, ...others] = units
    if (!first) return
    if (others.length === 0) return this.pass(first)
    const joined = withPayload(first, Buffer.concat(units.map(payloadOf)))
    this.strike(`${units.length} messages joined to one ${wordsOf(joined)}`)
    for (const { source } of others) if (source) this.line.drop(source)
    this.pass({
      ...joined,
      settle: (error) => {
        for (const { settle } of units) settle(error)
      },
    })
  }

  override fail(error: Error): void {
    for (const { settle } of this.#waiting.splice(0)) settle(error)
    this.release()
  }
}
