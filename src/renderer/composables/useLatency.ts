import { onScopeDispose, shallowRef } from 'vue'
import { noLatency, type LatencyStats } from '@shared/model/latency'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

/** The round-trip times of a connection, current as long as the component is there. */
export function useLatency(connectionId: string) {
  const toasts = useToastsStore()
  const stats = shallowRef<LatencyStats>(noLatency())
  let heard = false

  const stop = engine.on('latency.changed', (changed) => {
    if (changed.connectionId !== connectionId) return
    heard = true
    stats.value = changed.stats
  })
  onScopeDispose(stop)

  engine
    .call('connections.latency', { connectionId })
    .then((loaded) => {
      // An event that overtook the reply is newer.
      if (!heard) stats.value = loaded
    })
    .catch(toasts.showError)

  return { stats }
}
