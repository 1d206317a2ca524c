import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { emptyDraft, type Draft } from '@shared/model/connection'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

const saveDelay = 100

/** A connection's draft, kept by the engine so that it outlives the page. */
export function useDraft(connectionId: string) {
  const toasts = useToastsStore()
  const draft = shallowRef<Draft>(emptyDraft())
  /** False until the draft is here: what was typed before would be lost to it. */
  const ready = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  engine
    .call('connections.draft', { connectionId })
    .then((loaded) => (draft.value = loaded))
    .catch(toasts.showError)
    .finally(() => (ready.value = true))

  watch(
    draft,
    () => {
      if (!ready.value) return
      clearTimeout(timer)
      timer = setTimeout(flush, saveDelay)
    },
    { flush: 'sync' },
  )

  function flush() {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    engine
      .call('connections.setDraft', { connectionId, draft: draft.value })
      .catch(toasts.showError)
  }

  window.addEventListener('pagehide', flush)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', flush)
    flush()
  })

  return { draft, ready }
}
