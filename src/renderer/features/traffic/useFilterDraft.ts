import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { parseFilter } from '@shared/filter/parse'

/** Typing is answered when it pauses for a moment, so that not every letter starts a scan. */
const pause = 60

/**
 * The text of a filter while it is typed. It takes effect when it parses; until then the filter
 * before stays in force.
 */
export function useFilterDraft(inForce: Ref<string>) {
  const text = ref(inForce.value)
  const parsed = computed(() => parseFilter(text.value))
  const problem = computed(() => (parsed.value.ok ? null : parsed.value.problem))
  let timer: ReturnType<typeof setTimeout> | undefined

  // A change from elsewhere, such as "Show everything", is not typed over.
  watch(inForce, (now) => {
    if (timer === undefined) text.value = now
  })

  function type(next: string) {
    text.value = next
    clearTimeout(timer)
    timer = setTimeout(apply, pause)
  }

  /** Lets the text take effect now. */
  function apply() {
    clearTimeout(timer)
    timer = undefined
    if (problem.value === null && inForce.value !== text.value) inForce.value = text.value
  }

  function clear() {
    text.value = ''
    apply()
  }

  onScopeDispose(() => clearTimeout(timer))
  return { text, problem, type, apply, clear }
}
