/** Whether a sequence of bytes occurs in others. */
export type ByteSearch = (bytes: Uint8Array) => boolean

const sameByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)
const loweredByte = sameByte.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte))

/** Looks for `needle`, which must not be empty. */
export function findBytes(needle: Uint8Array): ByteSearch {
  const [first] = needle
  if (needle.length === 1 && first !== undefined) return (bytes) => bytes.includes(first)
  return horspool(needle, sameByte)
}

/** Looks for `needle`, which must not be empty; A-Z and a-z are the same. */
export function findBytesIgnoringCase(needle: Uint8Array): ByteSearch {
  const lowered = needle.map((byte) => loweredByte[byte] ?? byte)
  const [first] = lowered
  if (lowered.length > 1 || first === undefined) return horspool(lowered, loweredByte)
  const other = first >= 0x61 && first <= 0x7a ? first - 0x20 : undefined
  // One byte cannot be skipped to, and the engine's own loop is faster than one here.
  if (other === undefined) return (bytes) => bytes.includes(first)
  return (bytes) => bytes.includes(first) || bytes.includes(other)
}

/**
 * Boyer-Moore-Horspool with the loop that skips kept apart from the one that compares: most bytes
 * are never looked at.
 * @param folded what each byte counts as.
 */
function horspool(needle: Uint8Array, folded: Uint8Array): ByteSearch {
  const last = needle.length - 1
  const final = needle[last]
  const before = needle.subarray(0, last)
  // Up to the needle's last occurrence of each byte, counted from its end; 0 where a match may end.
  const skip = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    const place = needle.lastIndexOf(folded[byte] ?? byte)
    skip[byte] = last - place
  }
  const afterMiss = last - before.lastIndexOf(final ?? 0)
  return (bytes) => {
    const { length } = bytes
    for (let end = last; end < length;) {
      const distance = skip[bytes[end] as number] as number
      if (distance > 0) {
        end += distance
        continue
      }
      let index = last - 1
      const offset = end - last
      while (index >= 0 && folded[bytes[offset + index] as number] === needle[index]) index -= 1
      if (index < 0) return true
      end += afterMiss
    }
    return false
  }
}
