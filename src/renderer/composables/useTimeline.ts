import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { timelineParts, type Timeline } from '@shared/model/traffic-statistics'
import { engine } from '../api/engine'
import type { FrameWindow } from './useFrameWindow'

/** Milliseconds between two questions while rows come in. */
const interval = 400

/**
 * How the rows of a view lie in time, in so many parts, current to within half a second. With 0
 * parts, as when it is not drawn, nothing is asked.
 */
export function useTimeline(frames: FrameWindow, parts: Readonly<Ref<number>>) {
  const timeline = shallowRef<Timeline | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let asking = false
  /** What was asked last: the same question has the same answer. */
  let answered = ''

  watch(
    [frames.state, frames.switching, parts],
    ([, switching], [, switchingBefore]) => {
      if (switching) return
      // Another filter is answered at once.
      if (switchingBefore) {
        clearTimeout(timer)
        timer = undefined
        void look()
      } else timer ??= setTimeout(() => void look(), answered === '' ? 0 : interval)
    },
    { immediate: true },
  )
  onScopeDispose(() => clearTimeout(timer))

  async function look() {
    timer = undefined
    const state = frames.state.value
    const count = Math.min(parts.value, timelineParts)
    if (!state || count < 1) return
    const { viewId, filter, total, evicted } = state
    const question = JSON.stringify([viewId, filter, total, evicted, count])
    if (question === answered) return
    if (asking) {
      timer ??= setTimeout(() => void look(), interval)
      return
    }
    asking = true
    answered = question
    try {
      const answer = await frames.ask(() =>
        engine.call('frames.timeline', { viewId, period: filter.period, parts: count }),
      )
      // A filter that changed meanwhile asks for itself.
      if (!frames.switching.value) timeline.value = answer
    } finally {
      asking = false
    }
  }

  return timeline
}
