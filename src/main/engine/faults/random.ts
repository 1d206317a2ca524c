/** Numbers from 0 up to 1, the same for the same beginning. */
export type Random = () => number

/** A stream of its own for each name (mulberry32, begun with a hash of FNV-1a). */
export function randomOf(seed: number, client: number, name: string): Random {
  let state = 0x811c9dc5
  for (const byte of Buffer.from(`${seed}/${client}/${name}`))
    state = Math.imul(state ^ byte, 0x01000193) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** A number of the standard normal distribution (Box and Muller). */
export function normalOf(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

/** A whole number from 0 up to `end`. */
export function wholeOf(random: Random, end: number): number {
  return Math.floor(random() * end)
}

export function bytesOf(random: Random, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  for (let index = 0; index < length; index += 1) bytes[index] = wholeOf(random, 256)
  return bytes
}
