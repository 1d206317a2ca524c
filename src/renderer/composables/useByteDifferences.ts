import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { readPayload, sourceKey, type PayloadSource } from './read-payload'

/** Runs of differing bytes closer than this are one place. */
const joined = 16
const mostPlaces = 10_000

/** Where two payloads differ, byte by byte at the same offset. */
export interface ByteDifferences {
  /** Offsets at which a run of differing bytes begins, at most 10,000. */
  readonly places: readonly number[]
  /** Bytes that differ, those counted that only one of them has. */
  readonly bytes: number
  /** How far the comparison is, in bytes of the longer one. */
  readonly done: number
  readonly complete: boolean
}

const nothing: ByteDifferences = { places: [], bytes: 0, done: 0, complete: false }

/** Compares two payloads of any length piece by piece, and tells how far it is. */
export function useByteDifferences(
  one: Readonly<Ref<PayloadSource | null>>,
  other: Readonly<Ref<PayloadSource | null>>,
) {
  const differences = shallowRef<ByteDifferences>(nothing)
  const error = shallowRef<unknown>(null)
  let generation = 0

  async function compare() {
    const mine = ++generation
    differences.value = nothing
    error.value = null
    const [left, right] = [one.value, other.value]
    if (!left || !right) return
    const shorter = Math.min(left.size, right.size)
    const places: number[] = []
    let [bytes, done, last] = [0, 0, -joined - 1]

    function differ(offset: number) {
      if (offset - last > joined && places.length < mostPlaces) places.push(offset)
      last = offset
      bytes += 1
    }

    try {
      const [pieces, others] = [readPayload(left, 0, shorter), readPayload(right, 0, shorter)]
      while (done < shorter) {
        const [before, after] = [await pieces.next(), await others.next()]
        if (mine !== generation) return
        if (before.done || after.done) break
        const length = Math.min(before.value.byteLength, after.value.byteLength)
        for (let index = 0; index < length; index++)
          if (before.value[index] !== after.value[index]) differ(done + index)
        done += length
        differences.value = { places: [...places], bytes, done, complete: false }
      }
      const longer = Math.max(left.size, right.size)
      if (longer > shorter) {
        differ(shorter)
        bytes += longer - shorter - 1
      }
      differences.value = { places, bytes, done: longer, complete: true }
    } catch (failure) {
      if (mine === generation) error.value = failure
    }
  }

  watch(() => [sourceKey(one.value), sourceKey(other.value)].join('\n'), compare, {
    immediate: true,
  })
  onScopeDispose(() => (generation += 1))

  return { differences, error }
}
