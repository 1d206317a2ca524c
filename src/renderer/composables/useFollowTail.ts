import { computed, ref, watch, type Ref } from 'vue'

/**
 * Whether a list stays at its end as it grows, and how many rows came since it does not.
 * `end` counts rows and starts anew when `restarted` turns true.
 */
export function useFollowTail(
  end: Readonly<Ref<number>>,
  restarted: Readonly<Ref<boolean>>,
  atFirst = true,
) {
  const following = ref(atFirst)
  const seen = ref(end.value)

  watch(
    [end, following, restarted],
    ([now, follow, anew]) => {
      if (follow || anew) seen.value = now
    },
    { flush: 'sync' },
  )

  const unseen = computed(() => Math.max(0, end.value - seen.value))
  return { following, unseen }
}
