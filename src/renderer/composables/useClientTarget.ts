import { computed, ref, watch, type Ref } from 'vue'
import type { ServerClient } from '@shared/model/local-server'

/** Which clients of the local server a message goes to, and whose traffic is shown. */
export function useClientTarget(clients: Readonly<Ref<readonly ServerClient[]>>) {
  const selected = ref<readonly number[]>([])
  /** The session whose rows alone are shown; it may be one that has gone. */
  const shown = ref<number | null>(null)

  // Who has gone cannot be sent to.
  watch(clients, (now) => {
    const present = new Set(now.map(({ id }) => id))
    if (selected.value.some((id) => !present.has(id)))
      selected.value = selected.value.filter((id) => present.has(id))
  })

  /** `null` is everybody, those beyond the list on screen too. */
  const target = computed(() => (selected.value.length === 0 ? null : [...selected.value]))

  return { selected, shown, target }
}
