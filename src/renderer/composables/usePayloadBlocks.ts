import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { readPayload, sourceKey, type PayloadSource } from './read-payload'

/** Bytes that are fetched together. */
const blockBytes = 64 * 1024
const keptBlocks = 16

/** Any place of a payload on demand, however long it is; a little of it is kept. */
export function usePayloadBlocks(source: Readonly<Ref<PayloadSource | null>>) {
  const blocks = shallowRef<ReadonlyMap<number, Uint8Array>>(new Map())
  const error = shallowRef<unknown>(null)
  const inFlight = new Set<number>()
  let wanted: readonly number[] = []
  let generation = 0

  /** Asks for the bytes between two offsets. */
  function show(from: number, to: number) {
    const first = Math.floor(from / blockBytes)
    const last = Math.ceil(Math.min(to, source.value?.size ?? 0) / blockBytes)
    wanted = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index)
    for (const block of wanted)
      if (!blocks.value.has(block) && !inFlight.has(block)) void fetchBlock(block)
  }

  async function fetchBlock(block: number) {
    const from = source.value
    if (!from) return
    const mine = generation
    inFlight.add(block)
    const start = block * blockBytes
    try {
      const end = Math.min(start + blockBytes, from.size)
      for await (const bytes of readPayload(from, start, end))
        if (mine === generation) put(block, bytes)
    } catch (failure) {
      if (mine === generation) error.value = failure
    }
    if (mine === generation) inFlight.delete(block)
  }

  function put(block: number, bytes: Uint8Array) {
    const next = new Map(blocks.value).set(block, bytes)
    for (const old of next.keys()) {
      if (next.size <= keptBlocks) break
      if (!wanted.includes(old)) next.delete(old)
    }
    blocks.value = next
    error.value = null
  }

  /** Bytes at an offset, at most a block of them; fewer while some are on their way. */
  function bytesAt(offset: number, length: number): Uint8Array {
    const at = offset % blockBytes
    const start = partOf(offset, at, length)
    const over = at + length - blockBytes
    if (over <= 0 || at + start.byteLength < blockBytes) return start
    const end = partOf(offset + blockBytes, 0, over)
    const both = new Uint8Array(start.byteLength + end.byteLength)
    both.set(start)
    both.set(end, start.byteLength)
    return both
  }

  function partOf(offset: number, at: number, length: number): Uint8Array {
    const block = blocks.value.get(Math.floor(offset / blockBytes))
    return block?.subarray(at, at + length) ?? new Uint8Array(0)
  }

  watch(
    () => sourceKey(source.value),
    () => {
      generation += 1
      inFlight.clear()
      blocks.value = new Map()
      error.value = null
    },
  )
  onScopeDispose(() => (generation += 1))

  return { show, bytesAt, error }
}
