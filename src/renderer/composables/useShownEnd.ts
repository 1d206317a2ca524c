import { computed, ref, watch, type Ref } from 'vue'
import type { FrameWindow } from './useFrameWindow'

/**
 * Where the list ends: with the view, or while paused with the rows the log had then, whatever the
 * filter has become since. Recording goes on behind it.
 */
export function useShownEnd(frames: FrameWindow, pausedAt: Readonly<Ref<number | null>>) {
  /** The position of the first row that came after the pause, once all before it were looked at. */
  const frozen = ref<number | null>(null)

  watch(pausedAt, (at, before) => {
    // Pausing a view that has looked at everything needs no question.
    const state = frames.state.value
    const current = at !== null && before === null && state?.scanned === at
    frozen.value = current ? state.total : null
  })
  watch(frames.switching, (switching) => {
    if (switching) frozen.value = null
  })
  watch([frames.state, pausedAt], async ([state, at]) => {
    if (state === null || at === null || frozen.value !== null || state.scanned < at) return
    const place = await frames.locate(at)
    if (pausedAt.value === at && frames.state.value?.viewId === state.viewId)
      frozen.value = place?.position ?? null
  })

  const end = computed(() =>
    pausedAt.value === null ? frames.total.value : (frozen.value ?? frames.total.value),
  )
  return computed(() => Math.max(end.value, frames.first.value))
}
