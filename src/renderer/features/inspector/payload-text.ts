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
