/** Finds the first place of something from `start` on; `end` when there is none before it. */
export type PartSearch = (bytes: Uint8Array, start: number, end: number) => number

/** Looks in UTF-8 for any of some characters, which take two or three bytes each. */
export function findCharacters(characters: readonly string[]): PartSearch {
  if (characters.length === 0) return (_, __, end) => end
  const isFirst = new Uint8Array(256)
  // One bit for each code point.
  const wanted = new Uint32Array(0x1_0000 / 32)
  for (const character of characters) {
    const bytes = new TextEncoder().encode(character)
    const code = codeAt(bytes, 0)
    isFirst[bytes[0] as number] = 1
    wanted[code >> 5] = (wanted[code >> 5] as number) | (1 << (code & 31))
  }
  return (bytes, start, end) => {
    for (let at = start; at < end; at += 1) {
      if (isFirst[bytes[at] as number] === 0) continue
      const code = codeAt(bytes, at)
      if (((wanted[code >> 5] as number) & (1 << (code & 31))) !== 0) return at
    }
    return end
  }
}

/** A code point that no character has. */
export const noCharacter = 0xffff

/** The code point of a character of two or three bytes; {@link noCharacter} where none stands. */
export function codeAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  const second = bytes[at + 1] ?? 0
  if ((second & 0xc0) !== 0x80) return noCharacter
  if (first < 0xe0) return ((first & 0x1f) << 6) | (second & 0x3f)
  const third = bytes[at + 2] ?? 0
  if ((third & 0xc0) !== 0x80) return noCharacter
  return ((first & 0x0f) << 12) | ((second & 0x3f) << 6) | (third & 0x3f)
}
