/** What receives the flood: a bare `ws` client, or Session with FrameLog and one live view. */
export type Subject = 'ws' | 'framescope'

/** One flood received. */
export interface Measurement {
  readonly messagesPerSecond: number
  readonly seconds: number
  /** Delay of the event loop while receiving, in milliseconds. */
  readonly loopDelayP99: number
  readonly loopDelayMax: number
  /** `frames.grew` events sent while the clock ran. */
  readonly events: number
  readonly rowsEvicted: number
}

/** The middle of a list and its ends. */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1] ?? Number.NaN
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN
  return {
    median: (lower + upper) / 2,
    min: sorted[0] ?? Number.NaN,
    max: sorted.at(-1) ?? Number.NaN,
  }
}
