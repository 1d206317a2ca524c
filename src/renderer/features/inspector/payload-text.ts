/** A payload, or its start, read as UTF-8. */
export interface PayloadText {
  readonly text: string
  /** Whether every byte belongs to a character; otherwise U+FFFD stands for those that do not. */
  readonly valid: boolean
}

/** Reads bytes as text. `complete` says whether the payload ends with them; else a character may. */
export function decodePayload(bytes: Uint8Array, complete: boolean): PayloadText {
  // A byte order mark belongs to the payload and is kept.
  const options = { ignoreBOM: true }
  const stream = !complete
  try {
    const text = new TextDecoder('utf-8', { ...options, fatal: true }).decode(bytes, { stream })
    return { text, valid: true }
  } catch {
    return { text: new TextDecoder('utf-8', options).decode(bytes, { stream }), valid: false }
  }
}

/** So many characters that only show as an escape are never text that somebody wrote. */
const mostEscapes = 1_000

/**
 * Whether a text consists to a good part of control characters, as bytes do that happen to be UTF-8.
 * Each of them is drawn as an escape, which is neither readable nor quick.
 */
export function isMostlyControl(text: string): boolean {
  let count = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if ((code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d) || code === 0x7f)
      count += 1
  }
  return count > mostEscapes && count > text.length / 20
}
