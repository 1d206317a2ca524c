import { computed } from 'vue'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import { useTrafficStore } from '../stores/traffic'

/** The filter, the search and the pause of a log's list, kept while the window lives. */
export function useTrafficSight(logId: string, session: number | null) {
  const store = useTrafficStore()
  const sight = () => store.sight(logId, session)
  const filter = computed(() => sight().filter)
  const pausedAt = computed(() => sight().pausedAt)

  const query = computed(() => sight().query)
  const only = computed(() => sight().only)
  /** What is searched without hiding the rest. */
  const find = computed(() => (only.value ? '' : query.value))
  /** Whether anything but Clear hides rows. */
  const narrowed = computed(
    () =>
      JSON.stringify({ ...filter.value, hiddenBefore: 0 }) !==
      JSON.stringify({ ...everything(), session }),
  )

  function ask(nextQuery: string, nextOnly: boolean) {
    const filtered = nextOnly ? nextQuery : ''
    store.update(logId, session, {
      query: nextQuery,
      only: nextOnly,
      // The same object as long as it says the same: a new one is a new question.
      ...(filtered !== filter.value.query && { filter: { ...filter.value, query: filtered } }),
    })
  }

  return {
    filter,
    pausedAt,
    query,
    only,
    find,
    narrowed,
    setQuery: (next: string) => ask(next, only.value),
    setOnly: (next: boolean) => ask(query.value, next),
    setFilter: (part: Partial<FrameFilter>) =>
      store.update(logId, session, { filter: { ...filter.value, ...part } }),
    /** Takes back everything that hides rows, Clear included. */
    showEverything: () =>
      store.update(logId, session, {
        filter: { ...everything(), session },
        ...(only.value && { query: '' }),
      }),
    pause: (logTotal: number) => store.update(logId, session, { pausedAt: logTotal }),
    resume: () => store.update(logId, session, { pausedAt: null }),
  }
}

export type TrafficSight = ReturnType<typeof useTrafficSight>
