import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Measures how late the event loop is, in milliseconds, from now until it is stopped. */
export function loopDelay(): { stop(): { loopP99: number; loopMax: number } } {
  const resolution = 1
  const monitor = monitorEventLoopDelay({ resolution })
  monitor.enable()
  return {
    stop() {
      monitor.disable()
      const delay = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolution)
      return { loopP99: delay(monitor.percentile(99)), loopMax: delay(monitor.max) }
    },
  }
}
