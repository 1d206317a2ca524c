import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { ServerPlan } from '@shared/model/server-route'
import { planProblems } from './plan-problems'
import { planText } from './plan-text'

const typingPause = 300

/**
 * A copy of a plan to edit. It goes to `send` whenever it can be run and says something else: at once,
 * or after a pause while somebody types. What comes back replaces it only when it is news.
 */
export function usePlanDraft(plan: Readonly<Ref<ServerPlan>>, send: (plan: ServerPlan) => void) {
  const draft = shallowRef<ServerPlan>(plan.value)
  const problems = computed(() => planProblems(draft.value))
  /** As the plan was last seen from outside. */
  let known = planText(plan.value)
  /** What was sent and has not come back yet, in order. */
  let sent: string[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(plan, (next) => {
    const text = planText(next)
    if (text === known) return
    known = text
    const echo = sent.indexOf(text)
    if (echo >= 0) {
      sent = sent.slice(echo + 1)
      return
    }
    sent = []
    clearTimeout(timer)
    timer = undefined
    if (text !== planText(draft.value)) draft.value = next
  })

  function edit(next: ServerPlan, typing: boolean): void {
    draft.value = next
    clearTimeout(timer)
    timer = undefined
    if (typing) timer = setTimeout(flush, typingPause)
    else flush()
  }

  /** Sends what waits for a pause in typing. */
  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (problems.value.length > 0) return
    const text = planText(draft.value)
    if (text === (sent.at(-1) ?? known)) return
    sent.push(text)
    send(draft.value)
  }

  onScopeDispose(() => clearTimeout(timer))

  return { draft, problems, edit, flush: () => timer !== undefined && flush() }
}
