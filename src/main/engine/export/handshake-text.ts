/** A header of a handshake head as it was written. */
export interface HeadField {
  readonly name: string
  readonly value: string
}

/** Both heads of an opening handshake, as far as they are known (RFC 9112). */
export interface HandshakeText {
  /** The request head with the empty line that ends it; empty when it is not known. */
  readonly request: string
  readonly response: string
}

/** Cuts the text of an `open` row into its two heads. */
export function splitHeads(heads: string): HandshakeText {
  const end = heads.indexOf('\r\n\r\n')
  if (end < 0) return { request: heads, response: '' }
  return { request: heads.slice(0, end + 4), response: heads.slice(end + 4) }
}

/** The header fields of a head, in their order. */
export function fieldsOf(head: string): HeadField[] {
  return head
    .split('\r\n')
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      if (colon <= 0) return []
      return [{ name: line.slice(0, colon), value: line.slice(colon + 1).trim() }]
    })
}

/** The value of the first field of that name, in any case; empty without one. */
export function fieldOf(fields: readonly HeadField[], name: string): string {
  return fields.find((field) => field.name.toLowerCase() === name)?.value ?? ''
}

/** An opening handshake that a session may have begun with, where the real one is not known. */
export function inventedHeads(url: string): string {
  const parsed = URL.parse(url)
  const target = parsed ? parsed.pathname + parsed.search : '/'
  return [
    `GET ${target} HTTP/1.1`,
    `Host: ${parsed?.host ?? 'unknown'}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    // The example of RFC 6455 section 1.3.
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '',
    'HTTP/1.1 101 Switching Protocols',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    '',
    '',
  ].join('\r\n')
}
