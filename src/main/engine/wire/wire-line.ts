/** Called when what was to be written was, or will not be because of the error. */
export type Written = (error?: Error | null) => void

/** A message of `ws` that has not reached the socket, as the observer of the tap knows it. */
export interface Pending {
  /** Before compression. */
  readonly payload: Uint8Array
}

/** A message or frame on its way to the socket, as far as its bytes do not tell. */
export interface Departing {
  /** The message of `ws` it stems from; `null` for what `ws` did not write. */
  readonly source: Pending | null
  /** What its row shows; `null` when the bytes of the frame tell. */
  readonly payload: Uint8Array | null
  /** Bytes of payload, of which `payload` may be the start only. */
  readonly size: number
  /** Whether the bytes are other than `ws` would have them. */
  readonly isAltered: boolean
}

/** Bytes of one {@link Departing}, all of them or a part. */
export interface Piece {
  readonly bytes: Buffer
  readonly of: Departing
  readonly isLast: boolean
}

/** What a tap lends the line in it. */
export interface LineWire {
  /** Calls back once everything was written that went past the line before. */
  whenPassed(callback: () => void): void
  /** Writes to the socket and reports the frames that end in it. */
  write(pieces: readonly Piece[], callback: Written): void
  /** Ends the TCP connection with everything on it: after what was written (FIN), or at once (RST). */
  terminate(how: 'fin' | 'rst'): void
  /** Stops reading from the socket, or goes on. What has been read still comes to {@link WireLine.read}. */
  stopReading(stopped: boolean): void
  /** Passes on what came in; `null` for the end of it (FIN). */
  read(chunk: Buffer | null): void
  /** `ws` has written the next of its messages, which the line holds from now on. */
  withhold(): Pending | null
  /** That message will not be sent. */
  drop(message: Pending): void
}

/** What may stand in a tap, between `ws` and the socket. */
export interface WireLine {
  /** Whether bytes pass through it; while they do not, they take the way they would without a line. */
  readonly isActive: boolean
  /** Bytes `ws` has written that are not written to the socket. */
  readonly held: number
  /** Whether what comes in passes through it. */
  readonly limitsReading: boolean
  /** Whether `ws` may have to be kept from a close frame of the peer's. */
  readonly watchesClose: boolean
  connect(wire: LineWire): void
  /** Takes what `ws` writes. */
  write(chunk: Buffer, callback: Written): void
  /** `ws` writes no more; calls back when all of it is written. */
  finish(callback: () => void): void
  /** Takes what the socket has read; `null` for the end of it (FIN). */
  read(chunk: Buffer | null): void
  /** A message came in and was passed on. */
  received(): void
  /** A close frame came in. @returns whether `ws` must not see it. */
  takesClose(): boolean
  /** The connection is gone. */
  fail(error: Error): void
}
