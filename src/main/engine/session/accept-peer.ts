import type { IncomingMessage } from 'node:http'
import type { HandshakeFacts } from '@shared/model/connection'
import type { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import type { WireTap } from '../wire/wire-tap'
import { headerOf, hideSecrets } from './handshake-head'
import { formatPeer } from './peer-address'
import type { Session, SessionListener } from './session'
import { WireSession } from './wire-session'

export interface AcceptOptions {
  /** As the callback of `WebSocketServer.handleUpgrade` gives it. */
  readonly ws: WebSocket
  /**
   * The tap made for the raw connection and handed to the HTTP server in place of its socket. Its
   * `beginFrames(head)` was called in the `upgrade` event, before `handleUpgrade`.
   */
  readonly tap: WireTap
  readonly request: IncomingMessage
  readonly log: FrameLog
  readonly listener: SessionListener
  /** Longest message the `ws` server accepts, in bytes; 0 for no limit. */
  readonly maxPayload: number
}

/**
 * Makes a Session of a WebSocket that a server has accepted. To be called synchronously in the
 * callback of `handleUpgrade`: frames that came with the upgrade are reported from then on. The
 * session is open when returned; `onOpen` is not called.
 *
 * The `WebSocketServer` takes `wsOptions` of `engine/wire/ws-options`.
 */
export function acceptPeer(options: AcceptOptions): Session {
  const { ws, tap, request, log, listener } = options
  const remote = formatPeer(tap.remoteAddress, tap.remotePort)
  const responseHead = tap.responseHead
  const handshake: HandshakeFacts = {
    url: requestedUrl(request, tap.encrypted ? 'wss' : 'ws'),
    protocol: ws.protocol,
    extensions: headerOf(responseHead, 'Sec-WebSocket-Extensions'),
    remote,
    duration: 0,
    tls: null,
    requestHead: hideSecrets(tap.requestHead),
    responseHead,
  }
  return new WireSession({
    ws,
    tap,
    log,
    listener,
    number: log.openSession({
      role: 'server',
      url: handshake.url,
      peer: remote,
      local: formatPeer(tap.localAddress, tap.localPort),
    }),
    handshake,
    maxPayload: options.maxPayload,
  })
}

/** The URL that a client asked for, as far as its request tells, without user information. */
function requestedUrl({ headers, url = '/' }: IncomingMessage, scheme: 'ws' | 'wss'): string {
  const host = headers.host ?? ''
  // A request may name its target with scheme and host (RFC 9112 section 3.2.2).
  const target = URL.parse(url)
  const path = target ? target.pathname + target.search : url
  return `${scheme}://${host.slice(host.lastIndexOf('@') + 1)}${path}`
}
