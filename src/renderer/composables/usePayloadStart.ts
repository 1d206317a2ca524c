import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { readPayload, sourceKey, type PayloadSource } from './read-payload'

/** Bytes that are fetched at first. */
const firstBytes = 256 * 1024
/** Each step shows four times as much. */
const growth = 4

/** The start of a payload, as much of it as somebody wants to read at once. */
export function usePayloadStart(source: Readonly<Ref<PayloadSource | null>>, mostBytes: number) {
  const bytes = shallowRef<Uint8Array | null>(null)
  const error = shallowRef<unknown>(null)
  const busy = ref(false)
  let generation = 0

  const complete = computed(
    () => bytes.value !== null && bytes.value.byteLength >= (source.value?.size ?? 0),
  )
  const canGrow = computed(
    () => !complete.value && bytes.value !== null && bytes.value.byteLength < mostBytes,
  )

  async function load(wanted: number, known: Uint8Array) {
    const from = source.value
    if (!from) return
    const mine = ++generation
    const end = Math.min(wanted, from.size, mostBytes)
    const whole = new Uint8Array(end)
    whole.set(known)
    let filled = known.byteLength
    busy.value = true
    try {
      for await (const piece of readPayload(from, filled, end)) {
        if (mine !== generation) return
        whole.set(piece, filled)
        filled += piece.byteLength
      }
      if (mine !== generation) return
      bytes.value = whole.subarray(0, filled)
      error.value = null
    } catch (failure) {
      if (mine === generation) error.value = failure
    }
    if (mine === generation) busy.value = false
  }

  function more(): Promise<void> {
    const known = bytes.value ?? new Uint8Array(0)
    return load(Math.max(firstBytes, known.byteLength * growth), known)
  }

  watch(
    () => sourceKey(source.value),
    () => {
      generation += 1
      bytes.value = null
      error.value = null
      void load(firstBytes, new Uint8Array(0))
    },
    { immediate: true },
  )
  onScopeDispose(() => (generation += 1))

  return { bytes, error, busy, complete, canGrow, more }
}
