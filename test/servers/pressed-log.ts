import type { LogState } from '../../src/shared/model/capture'
import { recordLog, type RecordedLog } from './recorded-log'

export interface PressedLog extends RecordedLog {
  /** Says that more waits to be written than may wait, or that it was written. */
  press(held: boolean): void
}

/** A recorded log whose disk is as slow as a test wants. */
export function pressedLog(): PressedLog {
  const log = recordLog()
  const listeners = new Set<(held: boolean) => void>()
  let storage: LogState['storage'] = 'disk'
  const pressed: PressedLog = Object.assign(Object.create(log) as RecordedLog, {
    onPressure(listener: (held: boolean) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    press(held: boolean) {
      storage = held ? 'held' : 'disk'
      for (const listener of listeners) listener(held)
    },
  })
  Object.defineProperty(pressed, 'state', { get: () => ({ ...log.state, storage }) })
  return pressed
}
