import type { Capture } from '@shared/model/capture'

/** How much is kept of captures that nobody asked to keep. */
export interface LeftLimits {
  /** Milliseconds since they were left. */
  readonly age: number
  readonly count: number
  /** Bytes of all of them together. */
  readonly bytes: number
}

const day = 24 * 60 * 60 * 1000

/** A week, twenty captures, 4 GiB. */
export const leftLimits: LeftLimits = { age: 7 * day, count: 20, bytes: 4 * 1024 ** 3 }

/** The captures to be deleted: of those that were left the oldest beyond the limits. */
export function prunable(
  captures: readonly Capture[],
  now: number,
  limits = leftLimits,
): Capture[] {
  const left = captures
    .filter(({ kind, problem }) => kind === 'left' && problem === null)
    .sort((a, b) => b.savedAt - a.savedAt)
  let bytes = 0
  return left.filter((capture, place) => {
    bytes += capture.bytes
    const old = now - capture.savedAt > limits.age
    return old || place >= limits.count || bytes > limits.bytes
  })
}
