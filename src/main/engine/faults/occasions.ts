import type { Fault } from '@shared/model/server-fault'
import { randomOf, type Random } from './random'

/** On which occasions one fault strikes one client. */
export class Occasions {
  readonly random: Random
  #strikes = 0

  constructor(seed: number, client: number, faultId: string) {
    this.random = randomOf(seed, client, faultId)
  }

  /** Whether it strikes this time, as far as its probability and its count say. */
  isDue(fault: Fault): boolean {
    return this.isLeft(fault) && (fault.probability >= 1 || this.random() < fault.probability)
  }

  /** Whether it may strike once more. */
  isLeft({ count }: Fault): boolean {
    return count === null || this.#strikes < count
  }

  /** Whether it has never struck. */
  get isFresh(): boolean {
    return this.#strikes === 0
  }

  struck(): void {
    this.#strikes += 1
  }
}
