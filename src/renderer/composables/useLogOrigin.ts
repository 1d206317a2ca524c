import { ref, watch, type Ref } from 'vue'
import type { ViewState } from '@shared/contract'
import { engine } from '../api/engine'

/** The time of the log's first row, which relative times count from; it stays when that row goes. */
export function useLogOrigin(state: Readonly<Ref<ViewState | null>>) {
  const origin = ref<number | null>(null)
  let asking = false

  async function ask({ logId, logEvicted }: ViewState) {
    asking = true
    try {
      origin.value = (await engine.call('frames.detail', { logId, rowId: logEvicted })).row.time
    } catch {
      // The row was evicted meanwhile; the next change of the view asks for its successor.
    }
    asking = false
  }

  watch(
    state,
    (now) => {
      if (now && origin.value === null && !asking && now.logTotal > now.logEvicted) void ask(now)
    },
    { immediate: true },
  )
  return origin
}
