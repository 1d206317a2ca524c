/** A peer that does not answer must not keep the process alive, in milliseconds. */
const longestGoodbye = 5000

/**
 * Ends the process with 0 after `stop`, when it is asked to by a signal, a closed terminal, or the
 * end of the launcher that started it. Asked a second time by a signal, it ends at once.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  const begin = (): void => {
    stopping = true
    setTimeout(() => process.exit(0), longestGoodbye).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (stopping ? process.exit(0) : begin()))
  process.once('disconnect', () => {
    if (!stopping) begin()
  })
}
