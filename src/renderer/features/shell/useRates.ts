import { onScopeDispose, ref, watch, type Ref } from 'vue'
import type { Counters } from '@shared/model/connection'

/** Messages per second each way, measured once a second. Starts over when the source changes. */
export function useRates(source: Ref<string>, counters: Ref<Counters | null>) {
  const rates = ref({ in: 0, out: 0 })
  let previous = counters.value
  let measuredAt = performance.now()

  function measure() {
    const now = performance.now()
    const seconds = (now - measuredAt) / 1000
    const current = counters.value
    rates.value = {
      in: rate(previous?.messagesIn, current?.messagesIn, seconds),
      out: rate(previous?.messagesOut, current?.messagesOut, seconds),
    }
    previous = current
    measuredAt = now
  }

  watch(source, () => {
    rates.value = { in: 0, out: 0 }
    previous = counters.value
    measuredAt = performance.now()
  })

  const timer = setInterval(measure, 1000)
  onScopeDispose(() => clearInterval(timer))
  return rates
}

function rate(before: number | undefined, now: number | undefined, seconds: number): number {
  if (before === undefined || now === undefined || seconds <= 0) return 0
  return Math.max(0, Math.round((now - before) / seconds))
}
