import { listedFrames } from '@shared/model/frame'
import type { ClientOptions, ServerOptions } from 'ws'

/**
 * Options of `ws` that every session needs, on both sides. UTF-8 is checked by the session itself, so
 * that a text that is none is logged in full; `ws` would only report that there was one.
 */
export const wsOptions = {
  skipUTF8Validation: true,
  allowSynchronousEvents: true,
  autoPong: true,
  /** Pings answered but not yet written before `ws` gives the peer up; its default of 60 is soon met. */
  maxPendingAutoPongs: 65_536,
  /** Fragments of one message; its default of 16,384 would end connections that can be looked at. */
  maxFragments: listedFrames,
} as const satisfies ClientOptions &
  ServerOptions & { maxPendingAutoPongs: number; maxFragments: number }
