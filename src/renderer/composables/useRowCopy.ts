import { formatCount } from '@shared/format/bytes'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'
import { copyText } from './copy-text'
import type { FrameWindow } from './useFrameWindow'
import type { PositionPairs } from './useRangeStatistics'

const mostRows = 10_000

/** Puts rows of a view on the clipboard as JSON Lines. */
export function useRowCopy(frames: FrameWindow) {
  const toasts = useToastsStore()

  return async function copyRows(ranges: PositionPairs): Promise<void> {
    const viewId = frames.state.value?.viewId
    const count = ranges.reduce((sum, [from, to]) => sum + to - from, 0)
    if (viewId === undefined || count === 0) return
    if (count > mostRows)
      return toasts.show(
        `At most ${formatCount(mostRows)} rows can be copied at once; Export takes more.`,
        { level: 'error' },
      )
    try {
      const pairs = ranges.map(([from, to]): [number, number] => [from, to])
      const { text } = await engine.call('frames.copy', { viewId, ranges: pairs })
      await copyText(text)
      toasts.show(count === 1 ? 'Copied 1 row' : `Copied ${formatCount(count)} rows`)
    } catch (error) {
      toasts.showError(error)
    }
  }
}
