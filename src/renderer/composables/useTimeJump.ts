import { engine } from '../api/engine'
import type { FrameWindow } from './useFrameWindow'

/** Looks for places in time in a view. */
export function useTimeJump(frames: FrameWindow) {
  /** The position of the first row at or after a time, the last row's when all are before it. */
  async function positionAt(time: number): Promise<number | null> {
    const place = await frames.ask((viewId) => engine.call('frames.locateTime', { viewId, time }))
    if (!place || frames.total.value <= frames.first.value) return null
    return Math.min(place.position, frames.total.value - 1)
  }

  /** The times of the first and the last row. */
  async function span(): Promise<{ readonly from: number; readonly to: number } | null> {
    const [first, last] = [frames.first.value, frames.total.value - 1]
    if (last < first) return null
    const [from, to] = await Promise.all([frames.rowAt(first), frames.rowAt(last)])
    return from && to ? { from: from.time, to: to.time } : null
  }

  return { positionAt, span }
}
