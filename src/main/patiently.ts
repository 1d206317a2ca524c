import type { Logger } from './logging/logger'

/** Milliseconds that each step of closing may take. */
const patience = 1_500

/** Waits for a step of closing, but not for ever: whatever fails or hangs must not keep the app open. */
export async function patiently(
  step: string,
  work: readonly Promise<unknown>[],
  log: Logger,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const impatience = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patience)
  })
  const results = await Promise.race([Promise.allSettled(work), impatience])
  clearTimeout(timer)
  if (results === 'late') return log.warn(`Closing does not wait any longer for ${step}`)
  for (const result of results)
    if (result.status === 'rejected') log.error(`Closing failed for ${step}`, result.reason)
}
