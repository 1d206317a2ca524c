/** A copy that stays when the payload is no longer valid. Small ones share a buffer with others. */
export function ownCopy(payload: Uint8Array): Uint8Array {
  return Buffer.from(payload)
}
