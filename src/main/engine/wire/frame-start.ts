import { copyUnmasked } from './frame-header'

/** How much of a frame is kept for those who look at it later, in bytes. */
export const keptBytes = 4096

/**
 * Where the first bytes of a frame lie, header included: in the chunk they came in, or in a copy when
 * the frame was cut by the end of a chunk. `ws` takes the mask off in the very chunk it was given, so
 * the first payload bytes are remembered as they were on the wire: they tell whether it has.
 */
export interface FrameStart {
  /** `null` when nothing is at hand. */
  readonly bytes: Buffer | null
  readonly offset: number
  /** How many bytes are the frame's, at most {@link keptBytes}. */
  readonly length: number
  readonly headerLength: number
  /** Big-endian; 0 without one. */
  readonly maskingKey: number
  /** See {@link wireWordAt}; only meaningful with a masking key. */
  readonly wireWord: number
}

/** The first payload bytes, at most four, as one number: enough to tell masked from unmasked. */
export function wireWordAt(bytes: Buffer, from: number, end: number): number {
  let word = 0
  for (let index = from; index < end && index < from + 4; index++)
    word = ((word << 8) | (bytes[index] as number)) >>> 0
  return word
}

/** A copy of the frame's first bytes as they were on the wire; `null` when they are not at hand. */
export function wireBytesOf(start: FrameStart): Buffer | null {
  const { bytes, offset, length, headerLength } = start
  if (!bytes) return null
  const copy = Buffer.allocUnsafe(length)
  bytes.copy(copy, 0, offset, offset + length)
  const payload = copy.subarray(headerLength)
  if (isUnmasked(start)) copyUnmasked(payload, 0, payload.length, payload, 0, start.maskingKey)
  return copy
}

/** A copy of the first bytes of the frame's payload, without the mask. */
export function payloadStartOf(start: FrameStart): Buffer {
  const { bytes, offset, length, headerLength, maskingKey } = start
  const size = bytes ? Math.max(0, length - headerLength) : 0
  const copy = Buffer.allocUnsafe(size)
  if (bytes)
    copyUnmasked(bytes, offset + headerLength, size, copy, 0, isUnmasked(start) ? 0 : maskingKey)
  return copy
}

/** Whether `ws` has taken the mask off where the bytes lie. */
function isUnmasked({ bytes, offset, length, headerLength, maskingKey, wireWord }: FrameStart) {
  if (!bytes || maskingKey === 0) return false
  return wireWordAt(bytes, offset + headerLength, offset + length) !== wireWord
}
