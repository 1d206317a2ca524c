/** What a close code means and whether it may appear on the wire (RFC 6455 section 7.4). */
export interface CloseCode {
  readonly code: number
  readonly name: string
  readonly meaning: string
  /** May be put into a close frame by an endpoint. */
  readonly sendable: boolean
}

const registered: readonly CloseCode[] = [
  entry(1000, 'Normal closure', 'The purpose of the connection was fulfilled.'),
  entry(1001, 'Going away', 'The endpoint is going away: a server shuts down or a page is left.'),
  entry(1002, 'Protocol error', 'The peer broke the WebSocket protocol.'),
  entry(1003, 'Unsupported data', 'The endpoint received a kind of data it cannot accept.'),
  entry(1005, 'No status received', 'The close frame carried no code. Never on the wire.', false),
  entry(1006, 'Abnormal closure', 'No close frame was received. Never on the wire.', false),
  entry(1007, 'Invalid payload data', 'The data did not match its type, such as invalid UTF-8.'),
  entry(1008, 'Policy violation', 'A message broke the policy of the endpoint.'),
  entry(1009, 'Message too big', 'A message was too big to process.'),
  entry(1010, 'Mandatory extension', 'The client needs an extension the server did not offer.'),
  entry(1011, 'Internal error', 'The server met a condition it did not expect.'),
  entry(1012, 'Service restart', 'The server restarts; reconnecting later may work.'),
  entry(1013, 'Try again later', 'The server is overloaded; reconnecting later may work.'),
  entry(1014, 'Bad gateway', 'A gateway received an invalid response from its upstream server.'),
  entry(1015, 'TLS failure', 'The TLS handshake failed. Never on the wire.', false),
]

const byCode = new Map(registered.map((item) => [item.code, item]))

/** Describes any number as a close code; unknown ones say which range they are in. */
export function describeCloseCode(code: number): CloseCode {
  const known = byCode.get(code)
  if (known) return known
  if (code >= 3000 && code <= 3999)
    return entry(
      code,
      'Registered',
      'Registered with IANA for a library, framework or application.',
    )
  if (code >= 4000 && code <= 4999)
    return entry(code, 'Private use', 'Agreed between the applications at both ends.')
  return entry(code, 'Not allowed', 'RFC 6455 does not allow this code in a close frame.', false)
}

/** Whether an endpoint may send this code in a close frame (RFC 6455 section 7.4). */
export function isSendableCloseCode(code: number): boolean {
  return Number.isInteger(code) && describeCloseCode(code).sendable
}

/** Codes an endpoint may send, for choice lists. */
export function sendableCloseCodes(): readonly CloseCode[] {
  return registered.filter((item) => item.sendable)
}

/** Longest close reason in bytes of UTF-8: a control frame's 125 less two for the code (RFC 6455 section 5.5). */
export const maxCloseReasonBytes = 123

/**
 * Reads a close frame's payload (RFC 6455 section 5.5.1).
 * @returns the code (`null` for an empty payload or a single byte) and the reason.
 */
export function parseClosePayload(payload: Uint8Array): {
  readonly code: number | null
  readonly reason: string
} {
  if (payload.byteLength < 2) return { code: null, reason: '' }
  const code = ((payload[0] ?? 0) << 8) | (payload[1] ?? 0)
  return { code, reason: new TextDecoder().decode(payload.subarray(2)) }
}

function entry(code: number, name: string, meaning: string, sendable = true): CloseCode {
  return { code, name, meaning, sendable }
}
