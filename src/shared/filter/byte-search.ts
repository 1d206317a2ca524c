/** Whether a sequence of bytes occurs in others. */
export type ByteSearch = (bytes: Uint8Array) => boolean

/** Where something begins in bytes at or after a place; the bytes' length when it does not. */
export type PlaceSearch = (bytes: Uint8Array, from: number) => number

/** Looks for `needle`, which must not be empty. */
export function findBytes(needle: Uint8Array): ByteSearch {
  const [first] = needle
  if (needle.length === 1 && first !== undefined) return (bytes) => bytes.includes(first)
  const search = findByteSets([...needle].map((byte) => [byte]))
  return (bytes) => search(bytes, 0) < bytes.length
}

/**
 * Looks for bytes of which each is one of a set.
 * @param sets one for each byte, at least one.
 * @param holds has the last word about a place where they stand.
 */
export function findByteSets(
  sets: readonly (readonly number[])[],
  holds: (bytes: Uint8Array, start: number) => boolean = () => true,
): PlaceSearch {
  return sets.length < leastToSkip ? linear(sets, holds) : horspool(sets, holds)
}

/** Shorter needles are found faster by looking at every byte: each skip waits for the one before. */
const leastToSkip = 6

type Sets = Parameters<typeof findByteSets>[0]
type Holds = NonNullable<Parameters<typeof findByteSets>[1]>

function linear(sets: Sets, holds: Holds): PlaceSearch {
  const last = sets.length - 1
  const allowed = tableOf(sets)
  const final = allowed.subarray(last * 256)
  return (bytes, from) => {
    const { length } = bytes
    for (let end = from + last; ; end += 1) {
      while (end < length && final[bytes[end] as number] === 0) end += 1
      if (end >= length) return length
      const start = end - last
      if (allows(allowed, bytes, start, last) && holds(bytes, start)) return start
    }
  }
}

/**
 * Boyer-Moore-Horspool with the loop that skips kept apart from the one that compares: most bytes
 * are never looked at.
 */
function horspool(sets: Sets, holds: Holds): PlaceSearch {
  const last = sets.length - 1
  const allowed = tableOf(sets)
  // Up to the last set with each byte, counted from the end; 0 where a match may end.
  const skip = new Uint32Array(256).fill(sets.length)
  const afterMiss = skip.slice()
  sets.forEach((set, index) => {
    for (const byte of set) {
      skip[byte] = last - index
      if (index < last) afterMiss[byte] = last - index
    }
  })
  return (bytes, from) => {
    const { length } = bytes
    for (let end = from + last; end < length;) {
      const byte = bytes[end] as number
      const distance = skip[byte] as number
      if (distance > 0) {
        end += distance
        continue
      }
      const start = end - last
      if (allows(allowed, bytes, start, last) && holds(bytes, start)) return start
      end += afterMiss[byte] as number
    }
    return length
  }
}

/** 256 places for each set, 1 where it has the byte. */
function tableOf(sets: Sets): Uint8Array {
  const table = new Uint8Array(sets.length * 256)
  sets.forEach((set, index) => {
    for (const byte of set) table[index * 256 + byte] = 1
  })
  return table
}

/** Whether the sets before the last allow what stands from `start` on. */
function allows(allowed: Uint8Array, bytes: Uint8Array, start: number, last: number): boolean {
  let index = last - 1
  while (index >= 0 && allowed[index * 256 + (bytes[start + index] as number)] === 1) index -= 1
  return index < 0
}
