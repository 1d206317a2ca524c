const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80

/** Bytes of the UTF-8 character that begins with a byte (RFC 3629 section 3); 1 for what begins none. */
function characterLength(first: number): number {
  if (first >= 0xf0 && first < 0xf8) return 4
  if (first >= 0xe0) return first < 0xf0 ? 3 : 1
  return first >= 0xc0 ? 2 : 1
}

/**
 * The nearest place at or before `at` where no UTF-8 character is cut: the first byte of the one that `at`
 * lies in, or `at` itself. Bytes that are not UTF-8 may be cut anywhere.
 */
export function characterStart(bytes: Uint8Array, at: number): number {
  for (let back = 1; back <= 3 && back <= at; back += 1) {
    const byte = bytes[at - back] ?? 0
    if (!isContinuation(byte)) return characterLength(byte) > back ? at - back : at
  }
  return at
}
