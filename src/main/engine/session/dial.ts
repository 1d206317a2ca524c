import type { SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import type {
  ConnectionConfig,
  ConnectStep,
  Counters,
  DataOpcode,
  Failure,
  HandshakeFacts,
  Phase,
  Refusal,
} from '@shared/model/connection'
import { normalizeUrl, withoutCredentials } from '@shared/model/target-url'
import type { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import type { WireTap } from '../wire/wire-tap'
import { checkClose } from './close-check'
import { appendEvent, wordsOf } from './event-row'
import { describeFailure, SessionFailure } from './failure'
import { headerOf, hideSecrets } from './handshake-head'
import { openSocket, targetOf, type OpenedSocket } from './open-socket'
import { formatPeer } from './peer-address'
import { followLocation, maxRedirects, redirectNote } from './redirect'
import { describeRefusal, refusalText } from './refusal'
import { buildRequestHeaders, checkSubprotocols, type RequestHeaders } from './request-headers'
import type { Session, SessionEnd, SessionListener } from './session'
import { upgrade, type UpgradeOutcome } from './upgrade'
import { WireSession } from './wire-session'

export interface DialOptions {
  readonly config: ConnectionConfig
  /** The value a secret header refers to; `undefined` when it is not known in this run. */
  readonly secrets: (reference: string) => string | undefined
  /** A CA that is trusted besides those of the system, in PEM; `null` for none. */
  readonly authority?: () => string | null
  readonly log: FrameLog
  readonly listener: SessionListener
}

/**
 * Starts a connection as a client. The configuration is checked before anything begins; the first
 * step and everything after it is reported later, never before this function has returned.
 * @throws {AppError} URL_INVALID, SUBPROTOCOL_INVALID, HEADER_INVALID, SECRET_MISSING.
 */
export function dial(options: DialOptions): Session {
  const { config, secrets, authority, log, listener } = options
  const url = normalizeUrl(config.url)
  checkSubprotocols(config.subprotocols)
  const headers = buildRequestHeaders(config, secrets)
  const session = new DialedSession({
    config,
    url,
    headers,
    authority: authority?.() ?? null,
    log,
    listener,
  })
  queueMicrotask(() => void session.start())
  return session
}

interface DialedSessionOptions {
  readonly config: ConnectionConfig
  readonly url: string
  readonly headers: RequestHeaders
  readonly authority: string | null
  readonly log: FrameLog
  readonly listener: SessionListener
}

/** One place the handshake is tried at; a redirect leads to the next. */
interface Hop {
  readonly url: string
  readonly headers: RequestHeaders['headers']
}

/** A client's Session: an attempt until the handshake is done, a WireSession from then on. */
class DialedSession implements Session {
  readonly number: number
  readonly #config: ConnectionConfig
  readonly #url: string
  readonly #headers: RequestHeaders
  readonly #authority: string | null
  readonly #log: FrameLog
  readonly #listener: SessionListener
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #startTime = 0
  #step: ConnectStep = 'lookup'
  #wire: WireSession | null = null
  #ended = false

  constructor(options: DialedSessionOptions) {
    this.#config = options.config
    this.#url = options.url
    this.#headers = options.headers
    this.#authority = options.authority
    this.#log = options.log
    this.#listener = options.listener
    const { host, port } = targetOf(new URL(options.url))
    this.number = options.log.openSession({
      role: 'client',
      url: withoutCredentials(options.url),
      peer: formatPeer(host, port),
      local: '',
    })
  }

  get phase(): Phase {
    return this.#wire?.phase ?? (this.#ended ? 'closed' : 'connecting')
  }

  get handshake(): HandshakeFacts | null {
    return this.#wire?.handshake ?? null
  }

  get counters(): Counters {
    return this.#wire?.counters ?? { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 }
  }

  get bufferedAmount(): number {
    return this.#wire?.bufferedAmount ?? 0
  }

  get binaryType(): string {
    return this.#wire?.binaryType ?? 'nodebuffer'
  }

  async send(opcode: DataOpcode, payload: Uint8Array): Promise<SendOutcome> {
    return this.#requireWire().send(opcode, payload)
  }

  post(opcode: DataOpcode, payload: Uint8Array): void {
    this.#wire?.post(opcode, payload)
  }

  ping(payload: Uint8Array): void {
    this.#requireWire().ping(payload)
  }

  close(code?: number, reason?: string): void {
    if (this.#wire) return this.#wire.close(code, reason)
    checkClose(code, reason)
    this.#cancel()
  }

  terminate(): void {
    if (this.#wire) this.#wire.terminate()
    else this.#cancel()
  }

  /** Runs the attempt to its end; never rejects. */
  async start(): Promise<void> {
    this.#startTime = performance.now()
    this.#timer = setTimeout(() => this.#timeOut(), this.#config.handshakeTimeout)
    try {
      this.#abort.signal.throwIfAborted()
      await this.#attempt()
    } catch (error) {
      if (error === cancelled) this.#end({ close: null, failure: null, refusal: null })
      else this.#fail(this.#failureOf(error))
    } finally {
      clearTimeout(this.#timer)
    }
  }

  async #attempt(): Promise<void> {
    let hop: Hop = { url: this.#url, headers: this.#headers.headers }
    for (let redirects = 0; ; redirects++) {
      const answer = await this.#tryAt(hop)
      if (answer.outcome === 'open') return
      if (answer.outcome === 'refused') return this.#refused(answer.refusal)
      if (redirects === maxRedirects) throw new SessionFailure(tooManyRedirects)
      const next = followLocation(answer.location, hop.url)
      this.#note(redirectNote(answer.status, next))
      // What was left behind once stays behind, even when a later redirect leads back.
      hop = { url: next.url, headers: next.sameOrigin ? hop.headers : {} }
    }
  }

  async #tryAt({ url, headers }: Hop): Promise<UpgradeOutcome> {
    const { signal } = this.#abort
    const opened = await openSocket({
      url: new URL(url),
      verifyCertificate: this.#config.verifyCertificate,
      authority: this.#authority,
      signal,
      onStep: (step) => this.#enter(step),
    })
    const { remoteAddress, remotePort, localAddress, localPort } = opened.transport
    this.#log.updateSession(this.number, {
      url: withoutCredentials(url),
      peer: formatPeer(remoteAddress, remotePort),
      local: formatPeer(localAddress, localPort),
    })
    this.#enter('handshake')
    return upgrade({
      url,
      opened,
      config: this.#config,
      headers,
      signal,
      onOpen: (ws, tap) => this.#opened(ws, tap, url, opened),
      onAnswered: () => clearTimeout(this.#timer),
    })
  }

  #opened(ws: WebSocket, tap: WireTap, url: string, { tls }: OpenedSocket): void {
    clearTimeout(this.#timer)
    const { responseHead } = tap
    const handshake: HandshakeFacts = {
      url: withoutCredentials(url),
      protocol: ws.protocol,
      extensions: headerOf(responseHead, 'Sec-WebSocket-Extensions'),
      remote: formatPeer(tap.remoteAddress, tap.remotePort),
      duration: performance.now() - this.#startTime,
      tls,
      requestHead: hideSecrets(tap.requestHead, this.#headers.secretNames),
      responseHead,
    }
    this.#wire = new WireSession({
      ws,
      tap,
      handshake,
      number: this.number,
      log: this.#log,
      listener: this.#listener,
      maxPayload: this.#config.maxPayload,
      closeTimeout: this.#config.closeTimeout,
    })
    this.#listener.onOpen?.(handshake)
  }

  #enter(step: ConnectStep): void {
    this.#step = step
    this.#listener.onStep?.(step)
  }

  #cancel(): void {
    if (this.#ended || this.#abort.signal.aborted) return
    this.#note('The attempt was cancelled.')
    this.#abort.abort(cancelled)
  }

  #timeOut(): void {
    this.#abort.abort(
      new SessionFailure({
        step: 'timeout',
        code: '',
        message: `The connection was not open within ${this.#config.handshakeTimeout} ms: ${stepWords[this.#step]}.`,
        hint: 'The handshake timeout can be raised in the settings of the connection.',
      }),
    )
  }

  #refused(refusal: Refusal): void {
    appendEvent(this.#log, this.number, 'error', refusalText(refusal))
    this.#end({ close: null, failure: describeRefusal(refusal), refusal })
  }

  #fail(failure: Failure): void {
    appendEvent(this.#log, this.number, 'error', wordsOf(failure))
    this.#end({ close: null, failure, refusal: null })
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof SessionFailure) return error.failure
    return describeFailure(this.#step, error, targetOf(new URL(this.#url)))
  }

  #end(end: SessionEnd): void {
    if (this.#ended) return
    this.#ended = true
    this.#listener.onClosed?.(end)
  }

  #note(text: string): void {
    appendEvent(this.#log, this.number, 'note', text)
  }

  #requireWire(): WireSession {
    if (this.#wire) return this.#wire
    throw new AppError('NOT_OPEN', 'The connection is not open yet, so nothing can be sent.')
  }
}

/** The reason of an abort that was asked for, which is no failure. */
const cancelled = new Error('The attempt was cancelled')

const stepWords: Readonly<Record<ConnectStep, string>> = {
  lookup: 'the look-up of the host name was not answered',
  connect: 'the server did not accept the connection',
  tls: 'the TLS handshake was not finished',
  handshake: 'the server did not answer the opening handshake',
}

const tooManyRedirects: Failure = {
  step: 'redirect',
  code: '',
  message: `The server redirected more than ${maxRedirects} times.`,
  hint: 'The redirects may go in a circle; connect to the final URL directly.',
}
