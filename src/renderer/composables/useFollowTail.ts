import { computed, ref, watch, type Ref } from 'vue'

/**
 * Whether a list stays at its end as it grows, and how many rows came since it does not.
 * `end` counts rows; while `filling`, rows come that are not new. A list that is not `live` never
 * follows, and nothing in it is new.
 */
export function useFollowTail(
  end: Readonly<Ref<number>>,
  filling: Readonly<Ref<boolean>>,
  live = true,
) {
  const wanted = ref(live)
  const following = computed({
    get: () => wanted.value,
    // A list that is still short is at its end and at its beginning.
    set: (follow) => (wanted.value = follow && live),
  })
  const seen = ref(end.value)

  watch(
    [end, following, filling],
    ([now, follow, fills], [, , filled]) => {
      // The rows that end the filling come together with its end.
      if (!live || follow || fills || filled) seen.value = now
    },
    { flush: 'sync' },
  )

  const unseen = computed(() => Math.max(0, end.value - seen.value))
  return { following, unseen }
}
