import { isUtf8 } from 'node:buffer'

/**
 * The first byte that cannot stand where it is (RFC 3629 section 4); the length when the bytes end
 * in the middle of a character, or are valid.
 */
export function firstInvalidUtf8(bytes: Uint8Array): number {
  for (let at = skipValid(bytes); at < bytes.length;) {
    const first = bytes[at] ?? 0
    if (first < 0x80) {
      at += 1
      continue
    }
    const length = first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : 4
    if (first < 0xc2 || first > 0xf4) return at
    for (let index = 1; index < length; index += 1) {
      const byte = bytes[at + index]
      if (byte === undefined) return bytes.length
      const [low, high] = index === 1 ? secondRange(first) : ([0x80, 0xbf] as const)
      if (byte < low || byte > high) return at + index
    }
    at += length
  }
  return bytes.length
}

/** Overlong forms, surrogates and what lies beyond U+10FFFF are excluded by the second byte. */
function secondRange(first: number): readonly [number, number] {
  switch (first) {
    case 0xe0:
      return [0xa0, 0xbf]
    case 0xed:
      return [0x80, 0x9f]
    case 0xf0:
      return [0x90, 0xbf]
    case 0xf4:
      return [0x80, 0x8f]
    default:
      return [0x80, 0xbf]
  }
}

const piece = 64 * 1024

/** Steps over valid pieces quickly. Returns the start of a character. */
function skipValid(bytes: Uint8Array): number {
  let at = 0
  for (;;) {
    let end = at + piece
    if (end >= bytes.length) return at
    while (end > at && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1
    if (end === at || !isUtf8(bytes.subarray(at, end))) return at
    at = end
  }
}
