import type { WireFrame } from './wire-frame'
import type { Departing, Pending } from './wire-line'
import type { WireMessage } from './wire-message'

/** What is told of the frames that pass a tap. Every method is called synchronously. */
export interface WireObserver {
  /**
   * A plain message came in, whole in one chunk, and `ws` has nothing in hand: see
   * `FrameParser.takePlain`. What is taken, `ws` does not see; what is not, is `received`.
   */
  take(frame: WireFrame): boolean
  /** A chunk that came in is about to be told of, or was. What is sent meanwhile goes out after it came. */
  reading(underWay: boolean): void
  /** A message or control frame came in whole, or broke a rule. Called before `ws` sees its bytes. */
  received(message: WireMessage): void
  /**
   * The last byte of a message or control frame is going to the socket.
   * @param departing what the line in the tap says of it; `null` for what did not pass through one.
   */
  sent(message: WireMessage, departing: Departing | null): void
  /** `ws` wrote its next message, which is held. @returns what `sent` or `dropped` is told of then. */
  withheld?(): Pending | null
  /** A message that was held will not be sent. */
  dropped?(message: Pending): void
  /** Everything reported by `sent` so far was written, or failed with the error. */
  written(error: Error | null): void
  /** The peer ended its direction (FIN), after everything it sent was reported. */
  peerEnded(): void
  /** The line in the tap ends the connection. */
  terminated?(): void
}
