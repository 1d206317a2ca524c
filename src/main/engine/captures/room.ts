import { AppError } from '@shared/errors'
import type { FrameLog } from '../frame-log/frame-log'

/**
 * Resolves when a log may be given more rows: at once, or when the disk has caught up.
 * @throws {AppError} STORAGE_UNWRITABLE when it cannot be written.
 */
export async function roomIn(log: FrameLog): Promise<void> {
  if (log.state.storage === 'held')
    await new Promise<void>((resolve) => {
      const stop = log.onStateChange(() => {
        if (log.state.storage === 'held') return
        stop()
        resolve()
      })
    })
  const { storage, problem } = log.state
  if (storage === 'memory')
    throw new AppError('STORAGE_UNWRITABLE', problem ?? 'The traffic cannot be written.')
}
