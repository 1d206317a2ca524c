import { computed, onScopeDispose, ref, type WritableComputedRef } from 'vue'

/** Milliseconds without a key after which what was typed holds. */
const typingPause = 400

/**
 * A port while it is typed: `save` gets it when typing pauses, or at once by `flush`. What is no port stays
 * here with its error.
 */
export function usePortDraft(kept: () => number, save: (port: number) => void) {
  const draft = ref<number | string | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  const port: WritableComputedRef<number | string> = computed({
    get: () => draft.value ?? kept(),
    set: (value) => {
      draft.value = value
      clearTimeout(timer)
      timer = setTimeout(flush, typingPause)
    },
  })
  const error = computed(() => {
    const value = port.value
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535
      ? ''
      : 'From 0 to 65535.'
  })

  function flush() {
    clearTimeout(timer)
    if (draft.value === null || error.value) return
    const typed = Number(draft.value)
    draft.value = null
    if (typed !== kept()) save(typed)
  }
  onScopeDispose(flush)

  return { port, error, flush }
}
