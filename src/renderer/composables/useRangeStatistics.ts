import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RangeStatistics } from '@shared/model/traffic-statistics'
import { engine } from '../api/engine'
import type { FrameWindow } from './useFrameWindow'

/** Positions of a view, each range from its first to before its second number. */
export type PositionPairs = readonly (readonly [number, number])[]

/** Most ranges that one question takes. */
const mostRanges = 10_000

/** Milliseconds a selection rests before it is added up. */
const pause = 120

/** What rows of a view add up to; `null` without rows or until it is known. */
export function useRangeStatistics(frames: FrameWindow, ranges: Readonly<Ref<PositionPairs>>) {
  const statistics = shallowRef<RangeStatistics | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    () => JSON.stringify(ranges.value.slice(0, mostRanges)),
    () => {
      clearTimeout(timer)
      statistics.value = null
      if (ranges.value.length > 0) timer = setTimeout(() => void add(ranges.value), pause)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  async function add(asked: PositionPairs) {
    const pairs = asked.slice(0, mostRanges).map(([from, to]): [number, number] => [from, to])
    const answer = await frames.ask((viewId) =>
      engine.call('frames.statistics', { viewId, ranges: pairs }),
    )
    if (ranges.value === asked) statistics.value = answer
  }

  return statistics
}
