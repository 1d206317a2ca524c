import { ref } from 'vue'
import type { HistoryEntry } from '@shared/model/connection'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

/** What was sent on a connection, latest first. */
export function useMessageHistory(connectionId: string) {
  const toasts = useToastsStore()
  const entries = ref<readonly HistoryEntry[]>([])

  async function load() {
    try {
      entries.value = await engine.call('connections.history', { connectionId })
    } catch (error) {
      toasts.showError(error)
    }
  }

  return { entries, load }
}
