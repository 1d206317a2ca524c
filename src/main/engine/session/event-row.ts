import type { Failure } from '@shared/model/connection'
import type { FrameLog } from '../frame-log/frame-log'

/**
 * Writes a row that did not cross the wire.
 * @param time `performance.now()` of the event.
 */
export function appendEvent(
  log: FrameLog,
  session: number,
  kind: 'open' | 'error' | 'note',
  text: string,
  time = performance.now(),
): void {
  log.append({
    session,
    time: wallClock(time),
    direction: 'none',
    kind,
    payload: Buffer.from(text),
    wireSize: 0,
    fragments: 0,
    header: 0,
    maskingKey: 0,
    frames: null,
    raw: null,
    fate: null,
    rtt: null,
    broken: null,
  })
}

/** The message and the hint of a failure as the text of a row. */
export function wordsOf(failure: Failure): string {
  return failure.hint ? `${failure.message}\n${failure.hint}` : failure.message
}

// Reading it each time costs more than all the rest of a row's time.
const { timeOrigin } = performance

/** Wall clock in milliseconds since the epoch of a `performance.now()`. */
export function wallClock(time: number): number {
  return timeOrigin + time
}
