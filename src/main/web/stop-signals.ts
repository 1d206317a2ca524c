/** A peer that does not answer must not keep the process alive, in milliseconds. */
const longestGoodbye = 5000

/**
 * Ends the process with 0 after `stop`, when it is asked to by a signal, a closed terminal, or the
 * end of the launcher that started it. A second signal ends it at once.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false
  let signalled = false
  const begin = (): void => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(0), longestGoodbye).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (signalled) process.exit(0)
      signalled = true
      begin()
    })
  // Ctrl+C reaches launcher and app alike, so this and the signal are one request.
  process.once('disconnect', begin)
}
