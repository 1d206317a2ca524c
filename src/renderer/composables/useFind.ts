import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { pageRows } from '@shared/contract'
import { engine } from '../api/engine'
import type { FrameWindow } from './useFrameWindow'

/** Milliseconds between two questions which of the rows on screen were found. */
const lookInterval = 100

/** Searches a view for `query` without hiding the rest; an empty query searches nothing. */
export function useFind(frames: FrameWindow, query: Readonly<Ref<string>>) {
  /** Which of the matches was gone to last, from 0. */
  const current = ref<number | null>(null)
  const marks = shallowRef<{ readonly start: number; readonly found: readonly boolean[] }>()
  let timer: ReturnType<typeof setTimeout> | undefined

  // A view that was opened anew knows nothing of the search.
  watch(
    () => [frames.state.value?.viewId, frames.switching.value, query.value] as const,
    ([viewId, switching]) => {
      if (viewId === undefined || switching) return
      if ((frames.state.value?.find?.query ?? '') !== query.value) void frames.setFind(query.value)
    },
    { immediate: true },
  )
  watch(query, () => {
    current.value = null
    marks.value = undefined
  })
  const searched = computed(() => frames.state.value?.find?.query === query.value && query.value)
  watch([frames.visible, () => frames.state.value?.find, frames.switching], () => {
    timer ??= setTimeout(() => void look(), lookInterval)
  })
  onScopeDispose(() => clearTimeout(timer))

  async function look() {
    timer = undefined
    if (!searched.value) return void (marks.value = undefined)
    const { from, to } = frames.visible.value
    const count = Math.min(to - from, pageRows)
    if (count <= 0) return
    const found = await frames.ask((viewId) =>
      engine.call('frames.found', { viewId, start: from, count }),
    )
    if (found && searched.value) marks.value = { start: from, found }
  }

  /** Whether the search found the row at a position, as far as that is known. */
  function isFound(position: number): boolean {
    const known = marks.value
    return known?.found[position - known.start] ?? false
  }

  /** The next match after a position of the view, or before it; `null` when there is none. */
  async function next(position: number | null, backwards: boolean) {
    const match = await frames.ask((viewId) =>
      engine.call('frames.findNext', { viewId, position, backwards }),
    )
    current.value = match?.index ?? null
    return match
  }

  return { current, isFound, next }
}
