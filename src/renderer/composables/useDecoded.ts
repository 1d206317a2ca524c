import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import type { DecodeChain, DecodedInfo } from '@shared/model/decode'
import { engine } from '../api/engine'
import { sourceKey, type PayloadSource } from './read-payload'

interface Decoded {
  /** What was decoded, and how. */
  readonly key: string
  readonly info: DecodedInfo
}

/**
 * What a chain of decoders makes of a payload. The result stays in the engine and is read in parts,
 * however long it is; it is let go as soon as another takes its place.
 */
export function useDecoded(
  source: Readonly<Ref<PayloadSource | null>>,
  chain: Readonly<Ref<DecodeChain>>,
) {
  const decoded = shallowRef<Decoded | null>(null)
  const error = shallowRef<unknown>(null)
  const busy = ref(false)
  let generation = 0

  const key = computed(() =>
    source.value && chain.value.length > 0 && source.value.size > 0
      ? `${sourceKey(source.value)} ${JSON.stringify(chain.value)}`
      : '',
  )
  /** Nothing while the result still is of another row or chain. */
  const info = computed(() =>
    decoded.value && decoded.value.key === key.value ? decoded.value.info : null,
  )
  /** Where to read what is to be shown; `null` while it is being decoded. */
  const shown = computed<PayloadSource | null>((before) => {
    const from = source.value
    if (!from || key.value === '') return from
    if (!info.value) return null
    const { decodedId, size } = info.value
    return before?.decodedId === decodedId
      ? before
      : { logId: from.logId, rowId: from.rowId, size, decodedId }
  })

  function close(decodedId: string | undefined) {
    if (decodedId !== undefined) engine.call('decode.close', { decodedId }).catch(() => undefined)
  }

  async function open() {
    const mine = ++generation
    const [from, asked] = [source.value, key.value]
    const before = decoded.value?.info.decodedId
    error.value = null
    busy.value = asked !== ''
    let next: Decoded | null = null
    if (from && asked !== '') {
      const { logId, rowId } = from
      try {
        const told = await engine.call('decode.open', { logId, rowId, chain: [...chain.value] })
        next = { key: asked, info: told }
      } catch (failure) {
        if (mine === generation) error.value = failure
      }
    }
    if (mine !== generation) return close(next?.info.decodedId)
    decoded.value = next
    busy.value = false
    close(before)
  }

  watch(key, () => void open(), { immediate: true })
  // An engine that was out of reach has let the result go.
  const stop = engine.onConnectedChange((connected) => {
    if (connected && key.value !== '') void open()
  })
  onScopeDispose(() => {
    stop()
    generation += 1
    close(decoded.value?.info.decodedId)
  })

  return { info, shown, error, busy }
}
