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

/** First bytes of the characters beyond ASCII whose folded form contains ASCII, in UTF-8. */
const leads: readonly (readonly [first: number, ...second: number[]])[] = [
  [0xc3, 0x9f], // ß
  [0xc4, 0xb0, 0xb1], // İ ı
  [0xc5, 0x89, 0xbf], // ŉ ſ
  [0xc7, 0xb0], // ǰ
  [0xe1, 0xba], // ẖ to ẚ, ẞ
  [0xe2, 0x84], // the Kelvin sign
  [0xef, 0xac], // ligatures of f and of st
]

const isLead = new Uint8Array(256)
for (const [first] of leads) isLead[first] = 1
const isPair = new Uint8Array(65_536)
for (const [first, ...seconds] of leads)
  for (const second of seconds) isPair[first * 256 + second] = 1

/**
 * Whether bytes of UTF-8 may hold a character beyond ASCII whose folded form contains ASCII. Without
 * one, an ASCII text is found among the folded characters exactly where it is among the bytes.
 */
export function mayFoldToAscii(bytes: Uint8Array): boolean {
  const last = bytes.length - 1
  for (let index = 0; index < last; index += 1) {
    const byte = bytes[index] as number
    if (isLead[byte] === 1 && isPair[byte * 256 + (bytes[index + 1] as number)] === 1) return true
  }
  return false
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
