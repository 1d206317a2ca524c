import type { ClientRequest, IncomingMessage } from 'node:http'
import type { ConnectionConfig, Failure, Refusal } from '@shared/model/connection'
import { WebSocket, type ClientOptions } from 'ws'
import { wsOptions } from '../wire/ws-options'
import { createWireTap, type WireTap } from '../wire/wire-tap'
import { describeFailure, SessionFailure } from './failure'
import { checkHandshake } from './handshake-check'
import { targetOf, type OpenedSocket } from './open-socket'
import { isRedirect } from './redirect'
import { readRefusal } from './refusal'

export interface UpgradeOptions {
  readonly url: string
  readonly opened: OpenedSocket
  readonly config: ConnectionConfig
  readonly headers: Record<string, string | string[]>
  readonly signal: AbortSignal
  /**
   * The handshake is done. Called synchronously, before `ws` reads a frame; what is thrown in it is a
   * defect.
   */
  readonly onOpen: (ws: WebSocket, tap: WireTap) => void
  /** The server answered something else than 101; its body is about to be read. */
  readonly onAnswered: () => void
}

/** What the server answered. */
export type UpgradeOutcome =
  | { readonly outcome: 'open' }
  | { readonly outcome: 'redirect'; readonly status: number; readonly location: string }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }

/** Options that @types/ws does not know yet. */
type Options = ClientOptions & {
  readonly closeTimeout: number
  readonly maxPendingAutoPongs: number
  readonly maxFragments: number
}

/**
 * Speaks the opening handshake on a connected socket.
 * @throws {SessionFailure} when the answer is no valid handshake. An abort rejects with the signal's
 * reason and destroys the socket.
 */
export function upgrade(options: UpgradeOptions): Promise<UpgradeOutcome> {
  const { url, opened, config, signal } = options
  const tap = createWireTap(opened.socket, { role: 'client', transport: opened.transport })
  return new Promise((resolve, reject) => {
    let answered = false
    let settled = false
    const settle = (then: () => void) => {
      if (settled) return
      settled = true
      signal.removeEventListener('abort', onAbort)
      then()
    }
    const fail = (failure: Failure, cause?: unknown) =>
      settle(() => {
        tap.destroy()
        reject(new SessionFailure(failure, { cause }))
      })
    const onAbort = () =>
      settle(() => {
        tap.destroy()
        reject(signal.reason as Error)
      })

    const wsClientOptions: Options = {
      ...wsOptions,
      // Values that are arrays are sent as repeated headers; the types know only strings.
      headers: options.headers as Record<string, string>,
      perMessageDeflate: config.perMessageDeflate,
      maxPayload: config.maxPayload,
      closeTimeout: config.closeTimeout,
      followRedirects: false,
      createConnection: (() => tap) as unknown as NonNullable<ClientOptions['createConnection']>,
      finishRequest: (request) => {
        watchAnswer(request)
        request.end()
      },
    }

    const watchAnswer = (request: ClientRequest) => {
      request.prependListener('upgrade', (response, _socket, head) => {
        const failure = checkHandshake(response.headers, {
          key: String(request.getHeader('sec-websocket-key')),
          subprotocols: config.subprotocols,
          perMessageDeflate: config.perMessageDeflate,
        })
        if (failure) fail(failure)
        else tap.beginFrames(head)
      })
    }

    const onUnexpected = async (request: ClientRequest, response: IncomingMessage) => {
      answered = true
      const status = response.statusCode ?? 0
      if (status === 101) return fail(switchedNowhere)
      const { location } = response.headers
      if (config.followRedirects && isRedirect(status, location)) {
        settle(() => resolve({ outcome: 'redirect', status, location }))
      } else {
        options.onAnswered()
        const refusal = await readRefusal(response, signal)
        if (!signal.aborted) settle(() => resolve({ outcome: 'refused', refusal }))
      }
      request.destroy()
      tap.destroy()
    }

    signal.addEventListener('abort', onAbort)
    const ws = new WebSocket(url, [...config.subprotocols], wsClientOptions)
    ws.on('unexpected-response', (request, response) => void onUnexpected(request, response))
    ws.on('error', (error) => {
      // Once open, errors are the session's business; once answered, they come of letting go.
      if (answered || settled) return
      fail(describeFailure('handshake', error, targetOf(new URL(url))), error)
    })
    ws.on('open', () =>
      settle(() => {
        options.onOpen(ws, tap)
        resolve({ outcome: 'open' })
      }),
    )
    if (signal.aborted) onAbort()
  })
}

const switchedNowhere: Failure = {
  step: 'handshake',
  code: '',
  message: 'The server answered 101 without the headers Upgrade and Connection.',
  hint: 'RFC 6455 section 4.1 asks for Upgrade: websocket and Connection: Upgrade; a proxy between may have removed them.',
}
