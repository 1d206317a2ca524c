import { app } from 'electron'

/** A peer that does not answer must not keep the app alive. */
const longestGoodbye = 5000

/**
 * Lets the engine say goodbye, at most for five seconds, when the app quits or is told to by a
 * signal or by the launcher letting go of it; the process then ends with 0.
 */
export function quitGracefully(dispose: () => Promise<void>): void {
  let leaving = false
  app.on('will-quit', (event) => {
    event.preventDefault()
    if (leaving) return
    leaving = true
    void Promise.race([dispose(), timeout(longestGoodbye)])
      // What went wrong is in the log by now; the process ends all the same.
      .catch(() => {})
      .finally(() => app.exit(0))
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => app.quit())
  process.on('disconnect', () => app.quit())
}

function timeout(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds))
}
