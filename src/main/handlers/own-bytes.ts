/**
 * Bytes in memory of their own: a part of a larger buffer would take all of it along when it is
 * cloned into another process.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
