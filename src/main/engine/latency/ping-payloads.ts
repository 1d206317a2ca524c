import { randomBytes } from 'node:crypto'

/**
 * Makes payloads for pings whose pong must be told from every other: eight bytes, of which four are
 * random for each generator and four count up, big-endian.
 */
export function createPingPayloads(): () => Uint8Array {
  const prefix = randomBytes(4)
  let counter = 0
  return () => {
    const payload = new Uint8Array(8)
    payload.set(prefix)
    new DataView(payload.buffer).setUint32(4, counter)
    counter = (counter + 1) >>> 0
    return payload
  }
}
