import { computed, ref, watch, type Ref } from 'vue'

/**
 * Whether a list stays at its end as it grows, and how many rows came since it does not.
 * `end` counts rows; while `filling`, rows come that are not new.
 */
export function useFollowTail(
  end: Readonly<Ref<number>>,
  filling: Readonly<Ref<boolean>>,
  atFirst = true,
) {
  const following = ref(atFirst)
  const seen = ref(end.value)

  watch(
    [end, following, filling],
    ([now, follow, fills], [, , filled]) => {
      // The rows that end the filling come together with its end.
      if (follow || fills || filled) seen.value = now
    },
    { flush: 'sync' },
  )

  const unseen = computed(() => Math.max(0, end.value - seen.value))
  return { following, unseen }
}
