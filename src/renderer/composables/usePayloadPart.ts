import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { readPayload, sourceKey, type PayloadSource } from './read-payload'
import { characterStart } from './character-start'

/** Longest character of UTF-8 in bytes, without its first. */
const mostFollowing = 3

/** One part of a payload after the other; a character at the border of two is in the second. */
export function usePayloadPart(source: Readonly<Ref<PayloadSource | null>>, partBytes: number) {
  /** From 0. */
  const part = ref(0)
  const bytes = shallowRef<Uint8Array | null>(null)
  /** Where in the payload {@link bytes} begin. */
  const start = ref(0)
  const error = shallowRef<unknown>(null)
  const busy = ref(false)
  let generation = 0

  const parts = computed(() => Math.max(1, Math.ceil((source.value?.size ?? 0) / partBytes)))

  async function load() {
    const from = source.value
    if (!from) return
    const mine = ++generation
    const wanted = { from: part.value * partBytes, to: (part.value + 1) * partBytes }
    const before = Math.max(0, wanted.from - mostFollowing)
    const read = new Uint8Array(Math.min(wanted.to, from.size) - before)
    let filled = 0
    busy.value = true
    try {
      for await (const piece of readPayload(from, before, before + read.byteLength)) {
        if (mine !== generation) return
        read.set(piece, filled)
        filled += piece.byteLength
      }
      if (mine !== generation) return
      const known = read.subarray(0, filled)
      const first = characterStart(known, wanted.from - before)
      const end = wanted.to < from.size ? characterStart(known, filled) : filled
      bytes.value = known.subarray(first, end)
      start.value = before + first
      error.value = null
    } catch (failure) {
      if (mine === generation) error.value = failure
    }
    if (mine === generation) busy.value = false
  }

  /** Shows another part; what is on screen stays until it is there. */
  function show(index: number) {
    part.value = Math.min(Math.max(0, index), parts.value - 1)
    void load()
  }

  watch(
    () => sourceKey(source.value),
    () => {
      generation += 1
      bytes.value = null
      error.value = null
      part.value = 0
      void load()
    },
    { immediate: true },
  )
  onScopeDispose(() => (generation += 1))

  return { part, parts, bytes, start, error, busy, show }
}
