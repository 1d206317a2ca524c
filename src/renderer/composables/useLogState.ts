import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { LogState } from '@shared/model/capture'
import { engine } from '../api/engine'

/** Milliseconds between two looks at a log that grows: as often as its size can be read. */
const lookInterval = 1_000

/**
 * How a log keeps its rows. `counting` keeps its sizes current too; without it only what is worth an
 * event is told.
 */
export function useLogState(logId: Readonly<Ref<string | null>>, counting = false) {
  const state = shallowRef<LogState | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let disposed = false

  async function look() {
    clearTimeout(timer)
    const asked = logId.value
    if (asked === null) return
    const told = await engine.call('frames.logState', { logId: asked }).catch(() => null)
    if (disposed || logId.value !== asked) return
    state.value = told
    // A log that is only read stays as it is; one that is gone is asked for no more.
    if (counting && told && told.storage !== 'closed')
      timer = setTimeout(() => void look(), lookInterval)
  }

  watch(
    logId,
    () => {
      state.value = null
      void look()
    },
    { immediate: true },
  )
  const stop = engine.on('frames.logChanged', (changed) => {
    if (changed.logId === logId.value) state.value = changed
  })
  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
    stop()
  })
  return state
}
