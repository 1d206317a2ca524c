import { setImmediate } from 'node:timers/promises'

/** Longest time that work on many rows takes of one turn of the event loop, in milliseconds. */
export const turnSlice = 6

/** Steps between two looks at the clock. */
const strideMask = 255

/** Divides long work over turns of the event loop. */
export class Turns {
  #deadline = performance.now() + turnSlice

  /** Whether it is time to `await next()`, asked at every step with the number of the step. */
  due(step: number): boolean {
    return (step & strideMask) === strideMask && performance.now() >= this.#deadline
  }

  /** Lets everything else have its turn. */
  async next(): Promise<void> {
    await setImmediate()
    this.#deadline = performance.now() + turnSlice
  }
}
