import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { DecodeChain } from '@shared/model/decode'
import { engine } from '../api/engine'
import { sourceKey, type PayloadSource } from './read-payload'

/** Chains that fit a payload, best first; none while `source` is `null`. */
export function useDecodeSuggestions(source: Readonly<Ref<PayloadSource | null>>) {
  const chains = shallowRef<readonly DecodeChain[]>([])
  let generation = 0

  watch(
    () => sourceKey(source.value),
    async () => {
      const mine = ++generation
      const from = source.value
      chains.value = []
      if (!from || from.size === 0) return
      const { logId, rowId } = from
      // A suggestion that does not come is none.
      const told = await engine.call('decode.suggest', { logId, rowId }).catch(() => null)
      if (mine === generation && told) chains.value = told.chains
    },
    { immediate: true },
  )
  onScopeDispose(() => (generation += 1))

  return chains
}
