import { onScopeDispose, ref, watch } from 'vue'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

/** Milliseconds without a keystroke after which a note is kept. */
const typingPause = 400

/** The bookmark of a row and its note, edited and kept as one types. */
export function useRowNote(logId: string, rowId: number, note: () => string | null) {
  const toasts = useToastsStore()
  const text = ref(note() ?? '')
  let timer: ReturnType<typeof setTimeout> | undefined
  let changed = false

  async function put(next: string | null) {
    await engine.call('frames.bookmark', { logId, rowId, note: next }).catch(toasts.showError)
  }

  /** Keeps what was typed and not kept yet. */
  function flush() {
    clearTimeout(timer)
    if (!changed) return
    changed = false
    void put(text.value)
  }

  function type(typed: string) {
    text.value = typed.slice(0, 10_000)
    changed = true
    clearTimeout(timer)
    timer = setTimeout(flush, typingPause)
  }

  function toggle() {
    clearTimeout(timer)
    changed = false
    const before = note()
    void put(before === null ? '' : null)
    if (before === null || text.value === '') return
    const words = text.value
    toasts.show('Bookmark removed', { action: 'Undo', run: () => void put(words) })
  }

  // What is told from elsewhere must not overwrite what is being typed.
  watch(note, (now) => {
    if (!changed) text.value = now ?? ''
  })
  onScopeDispose(flush)

  return { text, type, flush, toggle }
}
