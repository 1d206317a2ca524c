/** Looks for one text in payloads. */
export type PayloadMatcher = (payload: Uint8Array) => boolean

/**
 * Finds `text` in payloads read as UTF-8, whatever the case. An ASCII text is compared byte by byte
 * without decoding, where only A-Z and a-z count as the same letter; any other text is compared
 * after Unicode lower-casing. Every form of the Greek sigma counts as the same letter.
 */
export function payloadMatcher(text: string): PayloadMatcher {
  return isAscii(text) ? asciiMatcher(text) : unicodeMatcher(text)
}

function unicodeMatcher(text: string): PayloadMatcher {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const needle = fold(text)
  return (payload) => fold(decoder.decode(payload)).includes(needle)
}

/** Lower-casing alone makes a sigma at the end of a word another letter than one within it. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}

/** Boyer-Moore-Horspool over bytes, with both cases folded. */
function asciiMatcher(text: string): PayloadMatcher {
  const needle = Uint8Array.from(text, (character) => lowered(character.charCodeAt(0)))
  const last = needle.length - 1
  const skip = new Uint32Array(256).fill(needle.length)
  for (let index = 0; index < last; index += 1) {
    const byte = needle[index] ?? 0
    skip[byte] = last - index
    skip[uppered(byte)] = last - index
  }
  const final = needle[last] ?? 0
  return (payload) => {
    for (let end = last; end < payload.length;) {
      const byte = payload[end] ?? 0
      if ((folded[byte] ?? 0) === final) {
        let index = last - 1
        while (index >= 0 && folded[payload[end - last + index] ?? 0] === needle[index]) index -= 1
        if (index < 0) return true
      }
      end += skip[byte] ?? 1
    }
    return false
  }
}

const folded = Uint8Array.from({ length: 256 }, (_, byte) => lowered(byte))

function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}

function uppered(byte: number): number {
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) return false
  }
  return true
}
