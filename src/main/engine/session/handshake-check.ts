import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Failure } from '@shared/model/connection'

/** What the request asked for. */
export interface HandshakeRequest {
  /** The Sec-WebSocket-Key sent. */
  readonly key: string
  readonly subprotocols: readonly string[]
  /** Whether permessage-deflate was offered. */
  readonly perMessageDeflate: boolean
}

/** The GUID of RFC 6455 section 1.3. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/**
 * Checks a 101 response as a client must (RFC 6455 section 4.1).
 * @returns what is wrong with it in plain words, `null` when nothing is.
 */
export function checkHandshake(
  headers: IncomingHttpHeaders,
  request: HandshakeRequest,
): Failure | null {
  const { upgrade } = headers
  if (upgrade?.toLowerCase() !== 'websocket')
    return wrong(
      `The server switched to ${upgrade === undefined ? 'no protocol at all' : `"${upgrade}"`} instead of "websocket".`,
      'RFC 6455 section 4.1 asks for the header Upgrade: websocket.',
    )
  const expected = createHash('sha1')
    .update(request.key + guid)
    .digest('base64')
  const accept = headers['sec-websocket-accept']
  if (accept !== expected)
    return wrong(
      accept === undefined
        ? 'The answer has no Sec-WebSocket-Accept header.'
        : `The Sec-WebSocket-Accept header is "${accept}" where "${expected}" was expected.`,
      'It must be the Base64 of the SHA-1 of the key and the GUID of RFC 6455 section 4.2.2. A cache between may have answered with an old response.',
    )
  return checkSubprotocol(headers, request) ?? checkExtensions(headers, request)
}

function checkSubprotocol(
  headers: IncomingHttpHeaders,
  { subprotocols }: HandshakeRequest,
): Failure | null {
  const chosen = headers['sec-websocket-protocol']
  if (chosen === undefined)
    return subprotocols.length === 0
      ? null
      : wrong(
          `The server chose none of the subprotocols offered (${subprotocols.join(', ')}).`,
          'Check their names with the server, or offer none.',
        )
  if (subprotocols.includes(chosen)) return null
  return subprotocols.length === 0
    ? wrong(
        `The server chose the subprotocol "${chosen}" although none was offered.`,
        'Add it to the subprotocols of this connection.',
      )
    : wrong(
        `The server chose the subprotocol "${chosen}", which was not offered (${subprotocols.join(', ')}).`,
        'Check the names of the subprotocols with the server.',
      )
}

function checkExtensions(
  headers: IncomingHttpHeaders,
  { perMessageDeflate }: HandshakeRequest,
): Failure | null {
  const extensions = headers['sec-websocket-extensions']
  if (extensions === undefined) return null
  if (!perMessageDeflate)
    return wrong(
      `The server switched on the extension "${extensions}" although none was offered.`,
      'Switching permessage-deflate on may help; the server is at fault (RFC 6455 section 9.1).',
    )
  const names = extensions.split(',').map((item) => item.split(';')[0]?.trim() ?? '')
  return names.length === 1 && names[0] === 'permessage-deflate'
    ? null
    : wrong(
        `The server switched on "${extensions}", of which only permessage-deflate was offered.`,
        'The server is at fault (RFC 6455 section 9.1).',
      )
}

function wrong(message: string, hint: string): Failure {
  return { step: 'handshake', code: '', message, hint }
}
