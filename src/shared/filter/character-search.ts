/** Finds the first place of something from `start` on; `end` when there is none before it. */
export type PartSearch = (bytes: Uint8Array, start: number, end: number) => number

/** Looks in UTF-8 for any of some characters, which take two or three bytes each. */
export function findCharacters(characters: readonly string[]): PartSearch {
  if (characters.length === 0) return (_, __, end) => end
  const codes = new Set<number>()
  const isFirst = new Uint8Array(256)
  const isPair = new Uint8Array(0x1000)
  for (const character of characters) {
    const bytes = new TextEncoder().encode(character)
    const [first = 0, second = 0] = bytes
    codes.add(codeAt(bytes, 0))
    isFirst[first] = 1
    isPair[pairOf(first, second)] = 1
  }
  return (bytes, start, end) => {
    for (let at = start; at < end; at += 1) {
      const first = bytes[at] as number
      if (isFirst[first] === 0 || isPair[pairOf(first, bytes[at + 1] ?? 0)] === 0) continue
      if (codes.has(codeAt(bytes, at))) return at
    }
    return end
  }
}

/** The code point of a character that takes two or three bytes of UTF-8; -1 where none stands. */
export function codeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  const second = bytes[at + 1] ?? 0
  if ((second & 0xc0) !== 0x80) return -1
  if (first < 0xe0) return ((first & 0x1f) << 6) | (second & 0x3f)
  const third = bytes[at + 2] ?? 0
  if ((third & 0xc0) !== 0x80) return -1
  return ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
}

/** Of first bytes the last six bits tell which, and so they do of second ones. */
function pairOf(first: number, second: number): number {
  return ((first & 0x3f) << 6) | (second & 0x3f)
}
