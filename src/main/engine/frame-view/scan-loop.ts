/** Works until `deadline` (`performance.now()`). @returns whether there is more to do. */
export type ScanTask = (deadline: number) => boolean

/** Longest time that scans may take of one turn of the event loop, in milliseconds. */
export const scanSlice = 8

/**
 * Runs scans in slices between turns of the event loop. All scans together get one slice per turn,
 * so that many open views cost a busy engine no more than one.
 */
export class ScanLoop {
  readonly #tasks = new Set<ScanTask>()
  #scheduled: NodeJS.Immediate | undefined

  /** Runs the task from the next turn on until it has nothing left; once more does no harm. */
  start(task: ScanTask): void {
    this.#tasks.add(task)
    this.#scheduled ??= setImmediate(() => this.#turn())
  }

  cancel(task: ScanTask): void {
    this.#tasks.delete(task)
  }

  #turn(): void {
    this.#scheduled = undefined
    const deadline = performance.now() + scanSlice
    // The set grows at its end while it is walked, so one walk must not go beyond today's tasks.
    for (const task of [...this.#tasks]) {
      if (performance.now() >= deadline) break
      // What has more to do goes to the end of the line.
      if (this.#tasks.delete(task) && task(deadline)) this.#tasks.add(task)
    }
    if (this.#tasks.size > 0) this.#scheduled ??= setImmediate(() => this.#turn())
  }
}
