import { computed } from 'vue'
import type { FrameFilter } from '@shared/model/frame-filter'
import { useTrafficStore } from '../stores/traffic'

/** The filter and the pause of a log's list, kept while the window lives. */
export function useTrafficSight(logId: string, session: number | null) {
  const store = useTrafficStore()
  const filter = computed(() => store.sight(logId, session).filter)
  const pausedAt = computed(() => store.sight(logId, session).pausedAt)

  return {
    filter,
    pausedAt,
    setFilter: (part: Partial<FrameFilter>) =>
      store.update(logId, session, { filter: { ...filter.value, ...part } }),
    pause: (logTotal: number) => store.update(logId, session, { pausedAt: logTotal }),
    resume: () => store.update(logId, session, { pausedAt: null }),
  }
}
