import type { SendOutcome } from '@shared/contract'
import type {
  CloseFacts,
  ConnectStep,
  Counters,
  DataOpcode,
  Failure,
  HandshakeFacts,
  Phase,
  Refusal,
} from '@shared/model/connection'

/**
 * One WebSocket, from the first look-up to the last byte. The client side (`dial`) and each client of
 * the local server (`acceptPeer`) are both Sessions: they write the same rows and count the same way.
 */
export interface Session {
  /** Its number in the log. */
  readonly number: number
  readonly phase: Phase
  readonly handshake: HandshakeFacts | null
  readonly counters: Counters
  readonly bufferedAmount: number
  readonly binaryType: string

  /**
   * Sends one message. Resolves when the bytes were written to the socket, or with `queued` when that
   * takes longer than a moment.
   * @throws {AppError} NOT_OPEN, PAYLOAD_INVALID (a text that is not UTF-8), SEND_FAILED.
   */
  send(opcode: DataOpcode, payload: Uint8Array): Promise<SendOutcome>
  /**
   * As `send`, for a message that nobody waits for: passed over when the connection is not open. A text
   * must be valid UTF-8; that is not checked again.
   */
  post(opcode: DataOpcode, payload: Uint8Array): void
  /**
   * Sends a ping. Its pong is matched by payload.
   * @throws {AppError} NOT_OPEN, PING_TOO_LONG (over 125 bytes).
   */
  ping(payload: Uint8Array): void
  /**
   * Starts the closing handshake; while connecting, cancels. Does nothing once closing.
   * @throws {AppError} CLOSE_CODE_INVALID, CLOSE_REASON_TOO_LONG.
   */
  close(code?: number, reason?: string): void
  /** Destroys the socket at once, in every phase. */
  terminate(): void
}

/** What a session tells its owner. Every listener is called synchronously and must be cheap. */
export interface SessionListener {
  onStep?(step: ConnectStep): void
  onOpen?(handshake: HandshakeFacts): void
  onClosing?(): void
  /** A text or binary message arrived and is already in the log. `payload` is only valid during the call. */
  onMessage?(opcode: DataOpcode, payload: Uint8Array): void
  /** A ping's bytes went to the socket. `time` is `performance.now()`. */
  onPingSent?(payload: Uint8Array, time: number): void
  /**
   * A pong was parsed off the wire at `time` (`performance.now()`).
   * @returns the RTT in milliseconds of the ping it answers, `null` when it answers none; it goes into the pong's row.
   */
  onPong?(payload: Uint8Array, time: number): number | null
  /** Counters or the buffered amount may have changed. */
  onActivity?(): void
  /** The end, exactly once, whatever happened before. */
  onClosed?(end: SessionEnd): void
}

export interface SessionEnd {
  /** `null` when the connection never opened. */
  readonly close: CloseFacts | null
  /** What failed, when something did. */
  readonly failure: Failure | null
  /** What the server answered instead of 101. */
  readonly refusal: Refusal | null
}
