import { setImmediate } from 'node:timers/promises'

/**
 * Longest time long work may take of one turn of the event loop, in milliseconds; with what a log
 * takes to read rows, a turn stays at about 8.
 */
const turnBudget = 5

/** Steps between two looks at the clock; a power of two, less one. */
const strideMask = 255

/** Splits long work into turns of the event loop: `if (pace.due) await pace.rest()`. */
export class Pace {
  #deadline = performance.now() + turnBudget

  /** Whether this turn's time is used up. */
  get due(): boolean {
    return performance.now() >= this.#deadline
  }

  /** As {@link due}, for steps so short that only some of them look at the clock. */
  dueAt(step: number): boolean {
    return (step & strideMask) === strideMask && this.due
  }

  /** Lets everything else that is waiting have its turn. */
  async rest(): Promise<void> {
    await setImmediate()
    this.#deadline = performance.now() + turnBudget
  }
}
