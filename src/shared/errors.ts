/**
 * Every way a request to the engine can fail because of what the *user* or the machine must fix.
 * What a *peer* does (a refused upgrade, close 1006, bad UTF-8) is a row and session state, not one
 * of these.
 */
export const errorCodes = {
  /** The input does not match the procedure's schema. */
  INVALID_INPUT: 'INVALID_INPUT',
  /** No procedure of that name. */
  UNKNOWN_PROCEDURE: 'UNKNOWN_PROCEDURE',
  /** The sender may not call the engine. */
  FORBIDDEN: 'FORBIDDEN',
  /** A defect; `details.correlationId` finds it in the log file. */
  INTERNAL: 'INTERNAL',
  /** The engine process or the connection to it is gone; every pending call ends with this. */
  BACKEND_GONE: 'BACKEND_GONE',
  /** The host cannot do that (for example a native dialog in the browser host). */
  CAPABILITY_ABSENT: 'CAPABILITY_ABSENT',
  /** The connection, profile, view, row, client or file asked for does not exist (any more). */
  NOT_FOUND: 'NOT_FOUND',
  /** The row was evicted to stay within the log's budget. */
  EVICTED: 'EVICTED',
  /** The URL cannot be used for a WebSocket. */
  URL_INVALID: 'URL_INVALID',
  /** A subprotocol is not an RFC 7230 token, or is named twice. */
  SUBPROTOCOL_INVALID: 'SUBPROTOCOL_INVALID',
  /** A request header's name or value cannot be sent, or the handshake owns it. */
  HEADER_INVALID: 'HEADER_INVALID',
  /** A secret header or a certificate's passphrase is not known in this run; it must be entered again. */
  SECRET_MISSING: 'SECRET_MISSING',
  /** The connection is already connecting or open. */
  ALREADY_CONNECTED: 'ALREADY_CONNECTED',
  /** The connection is not open, so nothing can be sent. */
  NOT_OPEN: 'NOT_OPEN',
  /** The close code may not be sent (RFC 6455 section 7.4). */
  CLOSE_CODE_INVALID: 'CLOSE_CODE_INVALID',
  /** The close reason is longer than 123 bytes of UTF-8 (RFC 6455 section 5.5). */
  CLOSE_REASON_TOO_LONG: 'CLOSE_REASON_TOO_LONG',
  /** A ping payload is longer than 125 bytes (RFC 6455 section 5.5). */
  PING_TOO_LONG: 'PING_TOO_LONG',
  /** A text message is not valid UTF-8, or a file is too large to send. */
  PAYLOAD_INVALID: 'PAYLOAD_INVALID',
  /** The message was accepted but could not be written. */
  SEND_FAILED: 'SEND_FAILED',
  /** The template names something that does not exist. */
  TEMPLATE_INVALID: 'TEMPLATE_INVALID',
  /** The port is taken; `details.nextFree` is the next free one. */
  PORT_IN_USE: 'PORT_IN_USE',
  /** The address cannot be listened on. */
  LISTEN_FAILED: 'LISTEN_FAILED',
  /** What a server is to do cannot be done; `details.path` and `details.offset` say where it is wrong. */
  PLAN_INVALID: 'PLAN_INVALID',
  /** The local server is not running. */
  SERVER_STOPPED: 'SERVER_STOPPED',
  /** A certificate, or the key with it, cannot be used; `details.problem` says why. */
  CERTIFICATE_INVALID: 'CERTIFICATE_INVALID',
  /** Another process uses the data folder. */
  DATA_FOLDER_LOCKED: 'DATA_FOLDER_LOCKED',
  /** The data folder or a file in it cannot be written. */
  STORAGE_UNWRITABLE: 'STORAGE_UNWRITABLE',
  /** A document was written by a newer Framescope and is left alone. */
  STORAGE_NEWER: 'STORAGE_NEWER',
  /** The filter expression cannot be read; `details.start` and `details.end` say where. */
  FILTER_INVALID: 'FILTER_INVALID',
  /** The capture's files are broken, or were written by a newer Framescope. */
  CAPTURE_UNREADABLE: 'CAPTURE_UNREADABLE',
  /** The file to be imported is not what it should be. */
  IMPORT_FAILED: 'IMPORT_FAILED',
  /** The payload cannot be decoded, or the schema cannot be used. */
  DECODE_FAILED: 'DECODE_FAILED',
  /** The file chosen for an export could not be written. */
  EXPORT_FAILED: 'EXPORT_FAILED',
} as const

export type ErrorCode = keyof typeof errorCodes

/** What crosses the contract when a call fails: plain data, never an `Error` object. */
export interface ErrorEnvelope {
  readonly code: ErrorCode
  /** Says what happened and what to do, ready to be shown. */
  readonly message: string
  readonly details: Readonly<Record<string, unknown>>
}

/** An expected failure with a stable code; anything else that is thrown becomes `INTERNAL`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.details = options.details ?? {}
  }

  toEnvelope(): ErrorEnvelope {
    return { code: this.code, message: this.message, details: this.details }
  }

  static from(envelope: ErrorEnvelope): AppError {
    return new AppError(envelope.code, envelope.message, { details: { ...envelope.details } })
  }
}
