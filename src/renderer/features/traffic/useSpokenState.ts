import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Longer than the pauses within a word, so that only what was typed last is spoken of. */
const pause = 700

/**
 * What a screen reader says of a filter once typing pauses: what is wrong with it, or what it came to.
 * Rows that come in afterwards are not spoken of.
 */
export function useSpokenState(
  typed: Readonly<Ref<string>>,
  problem: Readonly<Ref<string | null>>,
  progress: Readonly<Ref<object | null>>,
  result: Readonly<Ref<string>>,
): Readonly<Ref<string>> {
  const spoken = ref('')
  let due = false
  let timer: ReturnType<typeof setTimeout> | undefined

  function speak() {
    if (!due || (problem.value === null && progress.value !== null)) return
    due = false
    spoken.value = problem.value ?? result.value
  }

  function wait() {
    clearTimeout(timer)
    due = false
    timer = setTimeout(() => {
      due = true
      speak()
    }, pause)
  }

  watch([typed, problem], wait)
  watch(progress, speak)
  onScopeDispose(() => clearTimeout(timer))
  return spoken
}
