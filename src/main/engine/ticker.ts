/** Coalesces many changes into few calls; see {@link createTicker}. */
export interface Ticker {
  /** Something changed: fires now, or once the interval since the last firing is over. */
  touch(): void
  /** Fires now if a change is waiting for the interval to end. */
  flush(): void
  /** Fires never again; a waiting change is dropped. */
  stop(): void
}

/**
 * Calls `fire` at once on the first change and then at most once per `interval` milliseconds for as
 * long as changes come; the last change of a burst is never lost. Its timers keep no process alive.
 * `fire` may touch the ticker again.
 */
export function createTicker(interval: number, fire: () => void): Ticker {
  let timer: NodeJS.Timeout | undefined
  let touched = false
  let stopped = false

  function run(): void {
    touched = false
    // The timer starts before the call, so that a touch from within waits instead of recursing.
    timer = setTimeout(rest, interval).unref()
    fire()
  }

  function rest(): void {
    timer = undefined
    if (touched) run()
  }

  return {
    touch() {
      if (stopped) return
      touched = true
      if (timer === undefined) run()
    },
    flush() {
      if (stopped || !touched) return
      clearTimeout(timer)
      run()
    },
    stop() {
      stopped = true
      touched = false
      clearTimeout(timer)
    },
  }
}
