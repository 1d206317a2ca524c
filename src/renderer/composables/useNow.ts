import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** The time in milliseconds since the epoch, once a second, for clocks that run. */
export function useNow(): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), 1000)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
