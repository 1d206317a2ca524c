import { computed } from 'vue'
import type { FrameWindow } from '../../composables/useFrameWindow'
import type { TrafficSight } from '../../composables/useTrafficSight'
import { useToastsStore } from '../../stores/toasts'

/** Pause and Clear: both change only what is shown, and recording goes on. */
export function usePauseAndClear(frames: FrameWindow, sight: TrafficSight, name: () => string) {
  const toasts = useToastsStore()
  const paused = computed(() => sight.pausedAt.value !== null)
  const cleared = computed(() => sight.filter.value.hiddenBefore > 0)

  function togglePause() {
    if (paused.value) return sight.resume()
    const state = frames.state.value
    if (state) sight.pause(state.logTotal)
  }

  function clear() {
    const before = sight.filter.value.hiddenBefore
    sight.setFilter({ hiddenBefore: frames.state.value?.logTotal ?? before })
    toasts.show(`${name()} cleared; nothing is deleted`, {
      action: 'Undo',
      run: () => sight.setFilter({ hiddenBefore: before }),
    })
  }

  function undoClear() {
    if (cleared.value) sight.setFilter({ hiddenBefore: 0 })
  }

  return { paused, cleared, togglePause, clear, undoClear }
}
