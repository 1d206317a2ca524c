import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RowPlace } from '../stores/inspector'
import { readPayload, sourceKey, type PayloadSource } from './read-payload'
import { useDecoded } from './useDecoded'
import { useDecoderChain } from './useDecoderChain'
import { useRowDetail } from './useRowDetail'

/** Most bytes of a payload that are compared as text or by structure. */
export const mostComparedBytes = 2 * 1024 * 1024

/** One side of a comparison: the row, what its connection's decoders make of it, and its text. */
export function useComparedPayload(place: Readonly<Ref<RowPlace | null>>) {
  const logId = computed(() => place.value?.logId ?? '')
  const rowId = computed(() => place.value?.rowId ?? null)
  const { detail, error } = useRowDetail(logId, rowId)
  const current = computed(() =>
    detail.value && detail.value.row.id === rowId.value ? detail.value : null,
  )
  const { chain } = useDecoderChain(logId, current)
  const payload = computed<PayloadSource | null>(() =>
    current.value
      ? { logId: logId.value, rowId: current.value.row.id, size: current.value.row.size }
      : null,
  )
  const decoded = useDecoded(payload, chain)
  const source = decoded.shown
  /** Short enough to be compared as text or by structure. */
  const readable = computed(() => source.value !== null && source.value.size <= mostComparedBytes)
  const bytes = shallowRef<Uint8Array | null>(null)
  /** `null` while it is on its way, and when the bytes are no text. */
  const text = computed(() => bytes.value && textOf(bytes.value))
  const failure = shallowRef<unknown>(null)
  let generation = 0

  async function load() {
    const mine = ++generation
    const from = source.value
    bytes.value = null
    failure.value = null
    if (!from || !readable.value) return
    const whole = new Uint8Array(from.size)
    let filled = 0
    try {
      for await (const piece of readPayload(from)) {
        if (mine !== generation) return
        whole.set(piece, filled)
        filled += piece.byteLength
      }
      if (mine === generation) bytes.value = whole.subarray(0, filled)
    } catch (problem) {
      if (mine === generation) failure.value = problem
    }
  }

  watch(() => sourceKey(source.value), load, { immediate: true })
  onScopeDispose(() => (generation += 1))

  return {
    row: computed(() => current.value?.row ?? null),
    source,
    readable,
    bytes,
    text,
    problem: computed(() => error.value ?? decoded.error.value ?? failure.value),
    chain,
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}
