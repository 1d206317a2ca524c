import * as net from 'node:net'
import * as tls from 'node:tls'
import type { ConnectStep, HandshakeFacts } from '@shared/model/connection'
import { describeFailure, SessionFailure, type FailureContext } from './failure'
import { trustedContext } from './trusted-certificates'

/** A connected socket, TLS done. */
export interface OpenedSocket {
  /** What the handshake is spoken on. */
  readonly socket: net.Socket
  /** The TCP socket, below TLS or the same. */
  readonly transport: net.Socket
  readonly tls: HandshakeFacts['tls']
}

export interface OpenSocketOptions {
  readonly url: URL
  readonly verifyCertificate: boolean
  /** A CA that is trusted besides those of the system, in PEM. */
  readonly authority: string | null
  readonly signal: AbortSignal
  readonly onStep: (step: ConnectStep) => void
}

/** The host and port of a WebSocket URL. */
export function targetOf(url: URL): FailureContext {
  const secure = url.protocol === 'wss:'
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  return { host, port: url.port === '' ? (secure ? 443 : 80) : Number(url.port), secure }
}

/**
 * Looks up the host, connects, and for `wss` does the TLS handshake.
 * @throws {SessionFailure} with the step that failed. An abort rejects with the signal's reason.
 */
export async function openSocket(options: OpenSocketOptions): Promise<OpenedSocket> {
  const target = targetOf(options.url)
  const transport = await connect(target, options)
  if (!target.secure) return { socket: transport, transport, tls: null }
  return secure(transport, target, options)
}

function connect(target: FailureContext, options: OpenSocketOptions): Promise<net.Socket> {
  const { signal, onStep } = options
  let step: ConnectStep = net.isIP(target.host) === 0 ? 'lookup' : 'connect'
  onStep(step)
  // Half-open, so that a close frame can still be answered when the peer's FIN comes with it.
  const socket = net.connect({ host: target.host, port: target.port, allowHalfOpen: true })
  socket.on('lookup', (error) => {
    if (error || step === 'connect') return
    step = 'connect'
    onStep(step)
  })
  return settle(socket, 'connect', signal, (error) => describeFailure(step, error, target))
}

async function secure(
  transport: net.Socket,
  target: FailureContext,
  options: OpenSocketOptions,
): Promise<OpenedSocket> {
  options.onStep('tls')
  const socket = tls.connect({
    socket: transport,
    host: target.host,
    servername: net.isIP(target.host) === 0 ? target.host : '',
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: options.verifyCertificate,
    secureContext: trustedContext(options.authority),
  })
  // Errors of the transport arrive at the TLS socket; a late one below it concerns nobody.
  transport.on('error', () => undefined)
  await settle(socket, 'secureConnect', options.signal, (error) =>
    describeFailure('tls', error, target),
  )
  return {
    socket,
    transport,
    tls: {
      version: socket.getProtocol() ?? '',
      cipher: socket.getCipher().standardName,
      authorized: socket.authorized,
      authorizationError: socket.authorized ? '' : String(socket.authorizationError ?? ''),
    },
  }
}

/** Waits until the socket is ready, fails or is cancelled; in the latter two it is destroyed. */
function settle<Kind extends net.Socket>(
  socket: Kind,
  ready: 'connect' | 'secureConnect',
  signal: AbortSignal,
  describe: (error: unknown) => ConstructorParameters<typeof SessionFailure>[0],
): Promise<Kind> {
  return new Promise((resolve, reject) => {
    const onReady = () => finish(() => resolve(socket))
    const onError = (error: unknown) =>
      finish(() => {
        socket.destroy()
        reject(new SessionFailure(describe(error), { cause: error }))
      })
    const onClose = () =>
      onError(Object.assign(new Error('The connection was closed'), { code: 'ECONNRESET' }))
    const onAbort = () =>
      finish(() => {
        // An error may follow the destruction and concerns nobody any more.
        socket.on('error', () => undefined)
        socket.destroy()
        reject(signal.reason as Error)
      })
    const finish = (then: () => void) => {
      socket.off(ready, onReady).off('error', onError).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
      then()
    }
    socket.on(ready, onReady).on('error', onError).on('close', onClose)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
  })
}
