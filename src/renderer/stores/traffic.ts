import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { everything, type FrameFilter } from '@shared/model/frame-filter'

/** How a log is looked at. */
export interface TrafficSight {
  readonly filter: FrameFilter
  /** What stands in the filter field. */
  readonly query: string
  /** Whether the query hides the rows it does not match, or only finds those it does. */
  readonly only: boolean
  /** Rows the log had when the list was paused; `null` while it is live. */
  readonly pausedAt: number | null
}

/** How each log is looked at, so that a tab shows the same when one comes back to it. */
export const useTrafficStore = defineStore('traffic', () => {
  const sights = shallowReactive(new Map<string, TrafficSight>())

  /** Those that were never changed: always the same, because a new filter is a new question. */
  const untouched = new Map<string, TrafficSight>()

  function sight(logId: string, session: number | null): TrafficSight {
    const changed = sights.get(key(logId, session))
    if (changed) return changed
    const known = untouched.get(key(logId, session))
    if (known) return known
    const initial = {
      filter: { ...everything(), session },
      query: '',
      only: true,
      pausedAt: null,
    }
    untouched.set(key(logId, session), initial)
    return initial
  }

  function update(logId: string, session: number | null, part: Partial<TrafficSight>) {
    sights.set(key(logId, session), { ...sight(logId, session), ...part })
  }

  return { sight, update }
})

function key(logId: string, session: number | null): string {
  return `${logId} ${session ?? 'all'}`
}
