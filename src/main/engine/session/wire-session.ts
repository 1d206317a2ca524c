import { isUtf8 } from 'node:buffer'
import type { SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import type {
  CloseFacts,
  Counters,
  DataOpcode,
  Failure,
  HandshakeFacts,
  Phase,
} from '@shared/model/connection'
import type { BrokenRule } from '@shared/model/frame'
import { parseClosePayload } from '@shared/model/close-code'
import { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import { brokenRules } from '../wire/broken-rules'
import { headerBits, opcodes, unmaskInPlace } from '../wire/frame-header'
import { payloadStartOf } from '../wire/frame-start'
import { Queue } from '../wire/queue'
import type { WireFrame } from '../wire/wire-frame'
import type { Departing } from '../wire/wire-line'
import type { WireMessage } from '../wire/wire-message'
import type { WireObserver } from '../wire/wire-observer'
import type { WireTap } from '../wire/wire-tap'
import { checkClose } from './close-check'
import { wordsOf } from './event-row'
import { codeOf } from './failure'
import { describeLoss } from './loss'
import { PendingSends } from './pending-sends'
import { describeBroken, ruleOfCloseCode, ruleOfError } from './protocol-failure'
import type { Session, SessionListener } from './session'
import { WireRows } from './wire-rows'

export interface WireSessionOptions {
  readonly ws: WebSocket
  readonly tap: WireTap
  readonly log: FrameLog
  readonly number: number
  readonly listener: SessionListener
  readonly handshake: HandshakeFacts
  /** Longest message that `ws` accepts, in bytes; 0 for no limit. */
  readonly maxPayload: number
  /** How long `ws` waits for the peer's close frame, in milliseconds, for the words of a failure. */
  readonly closeTimeout?: number
}

interface Outgoing {
  readonly opcode: DataOpcode
  readonly payload: Uint8Array
}

/**
 * A Session whose opening handshake is done: one `ws` and the tap below it, on either side. The tap
 * says what passes the wire and when, `ws` gives the inflated payloads; rows are written in the order
 * of the wire.
 */
export class WireSession implements Session, WireObserver {
  readonly number: number
  readonly handshake: HandshakeFacts
  readonly #ws: WebSocket
  readonly #tap: WireTap
  readonly #rows: WireRows
  readonly #listener: SessionListener
  readonly #maxPayload: number
  readonly #closeTimeout: number | undefined
  readonly #stopPressure: () => void
  #messagesIn = 0
  #messagesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  /** What was given to `ws` and has not reached the socket. */
  readonly #outgoing = new Queue<Outgoing>()
  /** Of that what `ws` has written and the line in the tap holds. */
  readonly #withheld = new Set<Outgoing>()
  readonly #sends = new PendingSends(() => this.bufferedAmount)
  #closeFrameUnwritten = false
  #phase: Phase = 'open'
  #closeIn: { readonly code: number; readonly reason: string } | null = null
  #closeInSeen = false
  #closeOut: 'none' | 'sent' | 'written' | 'failed' = 'none'
  #firstClose: 'peer' | 'local' | null = null
  #terminated = false
  #peerEnded = false
  #networkError: Error | null = null
  #failure: Failure | null = null
  #ended = false

  constructor(options: WireSessionOptions) {
    this.number = options.number
    this.handshake = options.handshake
    this.#ws = options.ws
    this.#tap = options.tap
    this.#rows = new WireRows(options.log, options.number, {
      roundTrip: (message, payload) => this.#roundTrip(message, payload),
      logged: (message, payload) => this.#logged(message, payload),
    })
    this.#listener = options.listener
    this.#maxPayload = options.maxPayload
    this.#closeTimeout = options.closeTimeout
    const heads = options.handshake.requestHead + options.handshake.responseHead
    this.#rows.event('open', heads, this.#tap.upgradeTime)
    this.#ws.on('message', (data: Buffer, isBinary: boolean) => this.#delivered(data, isBinary))
    this.#ws.on('error', (error) => this.#protocolError(error))
    this.#ws.on('close', () => this.#end())
    this.#tap.on('error', (error) => {
      this.#networkError ??= error
    })
    this.#tap.hold(options.log.state.storage === 'held', 'log')
    this.#stopPressure = options.log.onPressure((held) => this.#tap.hold(held, 'log'))
    const deflate = /(?:^|,)permessage-deflate(?:,|$)/.test(this.#ws.extensions)
    this.#tap.observe(this, { deflate })
  }

  get phase(): Phase {
    return this.#phase
  }

  get counters(): Counters {
    return {
      messagesIn: this.#messagesIn,
      messagesOut: this.#messagesOut,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
    }
  }

  get bufferedAmount(): number {
    return this.#ws.bufferedAmount + this.#tap.heldBytes
  }

  get binaryType(): string {
    return this.#ws.binaryType
  }

  async send(opcode: DataOpcode, payload: Uint8Array): Promise<SendOutcome> {
    this.#requireOpen()
    if (opcode === 'text' && !isUtf8(payload))
      throw new AppError(
        'PAYLOAD_INVALID',
        'The text is not valid UTF-8, which a text message must be. Send it as binary instead.',
      )
    this.#outgoing.push({ opcode, payload })
    const pending = this.#sends.begin()
    this.#ws.send(payload, { binary: opcode === 'binary' }, (error) => pending.settle(error))
    this.#listener.onActivity?.()
    return pending.outcome
  }

  post(opcode: DataOpcode, payload: Uint8Array): void {
    if (this.#phase !== 'open' || this.#ws.readyState !== WebSocket.OPEN) return
    this.#outgoing.push({ opcode, payload })
    this.#ws.send(payload, { binary: opcode === 'binary' })
    this.#listener.onActivity?.()
  }

  ping(payload: Uint8Array): void {
    this.#requireOpen()
    if (payload.byteLength > 125)
      throw new AppError(
        'PING_TOO_LONG',
        `A ping carries at most 125 bytes; these are ${payload.byteLength}.`,
      )
    this.#ws.ping(payload)
  }

  close(code?: number, reason?: string): void {
    if (this.#phase !== 'open') return
    checkClose(code, reason)
    this.#startClosing()
    if (code === undefined && !reason) this.#ws.close()
    else this.#ws.close(code ?? 1000, reason)
  }

  terminate(): void {
    if (this.#phase === 'closed') return
    this.#terminated = true
    this.#startClosing()
    this.#ws.terminate()
  }

  /** Takes what `ws` would only hand over again, unless it must see it to close the connection. */
  take(frame: WireFrame): boolean {
    const { bytes, offset, headerLength, payloadLength, maskingKey } = frame
    if (!bytes || !this.#rows.settled || this.#failure !== null) return false
    if (this.#maxPayload > 0 && payloadLength > this.#maxPayload) return false
    const start = offset + headerLength
    const payload = bytes.subarray(start, start + payloadLength)
    if (maskingKey !== 0) unmaskInPlace(payload, maskingKey)
    const isText = (frame.header & headerBits.opcode) >> 8 === opcodes.text
    if (isText && !isUtf8(payload)) {
      if (maskingKey !== 0) unmaskInPlace(payload, maskingKey)
      return false
    }
    this.#messagesIn += 1
    this.#bytesIn += payloadLength
    this.#rows.taken(frame, payload)
    this.#listener.onMessage?.(isText ? 'text' : 'binary', payload)
    this.#listener.onActivity?.()
    return true
  }

  reading(underWay: boolean): void {
    this.#rows.reading(underWay)
  }

  received(message: WireMessage): void {
    if (message.opcode === opcodes.close && !message.unread) this.#sawCloseFrame('peer')
    this.#rows.arrived(message)
  }

  sent(message: WireMessage, departing: Departing | null): void {
    if (departing?.source) this.#withheld.delete(departing.source as Outgoing)
    if ((message.header & headerBits.control) === 0) {
      this.#sentData(message, departing)
      return
    }
    const payload = message.payload ?? Buffer.alloc(0)
    if (message.opcode === opcodes.close) {
      // A close frame nobody asked for means that `ws` has given up on what arrived.
      if (this.#firstClose === null && this.#phase === 'open' && !departing?.isAltered)
        this.#giveUp(ruleOfCloseCode(payload, this.#rows.undelivered))
      this.#sawCloseFrame('local')
      this.#closeOut = 'sent'
      this.#closeFrameUnwritten = true
    }
    this.#rows.departed(message, departing?.payload ?? payload)
    if (message.opcode === opcodes.ping) this.#listener.onPingSent?.(payload, message.time)
  }

  withheld(): Outgoing | null {
    const message = this.#outgoing.shift()
    if (message) this.#withheld.add(message)
    return message ?? null
  }

  dropped(message: Outgoing): void {
    this.#withheld.delete(message)
  }

  terminated(): void {
    this.#terminated = true
    this.#startClosing()
  }

  written(error: Error | null): void {
    this.#settle(error ? 'failed' : 'written')
    this.#listener.onActivity?.()
  }

  peerEnded(): void {
    this.#peerEnded = true
    this.#startClosing()
  }

  #sentData(message: WireMessage, departing: Departing | null): void {
    const own = departing ? departing.payload : this.#outgoing.shift()?.payload
    const payload = own ?? message.payload ?? payloadStartOf(message)
    const isText = message.opcode === opcodes.text && !message.isCompressed
    if (departing?.isAltered && isText && !isUtf8(payload))
      message.broken ??= brokenRules.textNotUtf8
    this.#messagesOut += 1
    this.#bytesOut += departing ? departing.size : payload.byteLength
    this.#rows.departed(message, payload)
  }

  #settle(fate: 'written' | 'failed'): void {
    this.#rows.settle(fate)
    if (!this.#closeFrameUnwritten) return
    this.#closeFrameUnwritten = false
    this.#closeOut = fate
  }

  #delivered(payload: Buffer, isBinary: boolean): void {
    if (!this.#rows.undelivered) return
    const opcode: DataOpcode = isBinary ? 'binary' : 'text'
    const broken = isBinary || isUtf8(payload) ? null : brokenRules.textNotUtf8
    this.#messagesIn += 1
    this.#bytesIn += payload.byteLength
    this.#rows.delivered(payload, broken)
    if (broken) this.#failConnection(broken, 1007)
    else if (this.#failure === null) this.#listener.onMessage?.(opcode, payload)
    this.#rows.catchUp()
    this.#listener.onActivity?.()
  }

  #roundTrip(message: WireMessage, payload: Buffer): number | null {
    if (message.opcode !== opcodes.pong || message.fatal || message.unread) return null
    return this.#listener.onPong?.(payload, message.time) ?? null
  }

  #logged(message: WireMessage, payload: Buffer): void {
    if (message.unread) return
    if (message.fatal) {
      this.#failure ??= describeBroken(message.broken, message.raw)
      return
    }
    if (message.opcode === opcodes.close) {
      const { code, reason } = parseClosePayload(payload)
      this.#closeIn = { code: code ?? 1005, reason }
      // Answered before `ws` does, which would send the same invalid reason back.
      if (message.broken === brokenRules.closeReasonNotUtf8)
        this.#failConnection(message.broken, 1007)
    }
    this.#listener.onActivity?.()
  }

  #giveUp(rule: BrokenRule): void {
    this.#rows.giveUp(rule, (isFirst) =>
      rule === brokenRules.unfinished
        ? this.#tap.endFrames()
        : // What does not inflate is found when all of it is there; all else at the header.
          this.#tap.failFrames(isFirst && rule !== brokenRules.notInflatable),
    )
  }

  /** What `ws` found wrong; the connection is closed by it with the code that fits. */
  #protocolError(error: Error): void {
    const code = codeOf(error)
    const rule = ruleOfError(code)
    if (rule) {
      this.#giveUp(rule)
      this.#failure ??= describeBroken(rule, null, { code, maxPayload: this.#maxPayload })
    } else this.#networkError ??= error
    this.#startClosing()
  }

  #failConnection(rule: BrokenRule, code: number): void {
    this.#failure ??= describeBroken(rule, null)
    this.#startClosing()
    this.#ws.close(code)
  }

  #sawCloseFrame(by: 'peer' | 'local'): void {
    this.#firstClose ??= by
    if (by === 'peer') this.#closeInSeen = true
    this.#startClosing()
  }

  #startClosing(): void {
    if (this.#phase !== 'open') return
    this.#phase = 'closing'
    this.#listener.onClosing?.()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#stopPressure()
    this.#startClosing()
    this.#giveUp(brokenRules.unfinished)
    this.#rows.reading(false)
    this.#settle('failed')
    this.#appendUnsent()
    this.#noteTrailingBytes()
    const close = this.#closeFacts()
    if (!close.clean && !this.#terminated) this.#failure ??= this.#lossFailure(close)
    if (this.#failure) this.#rows.event('error', wordsOf(this.#failure))
    this.#phase = 'closed'
    this.#listener.onActivity?.()
    this.#listener.onClosed?.({ close, failure: this.#failure, refusal: null })
  }

  #closeFacts(): CloseFacts {
    return {
      code: this.#closeIn?.code ?? 1006,
      reason: this.#closeIn?.reason ?? '',
      by: this.#endedBy(),
      clean: this.#closeIn !== null && this.#closeOut === 'written',
    }
  }

  #lossFailure(close: CloseFacts): Failure | null {
    return describeLoss({
      by: close.by,
      error: this.#networkError,
      closeFrameSeen: this.#closeInSeen,
      peerEnded: this.#peerEnded,
      closeTimeout: this.#closeTimeout,
      context: {
        host: this.handshake.remote || 'The peer',
        port: this.#tap.remotePort ?? 0,
        secure: this.handshake.tls !== null,
      },
    })
  }

  #endedBy(): CloseFacts['by'] {
    if (this.#firstClose) return this.#firstClose
    if (this.#terminated || this.#failure) return 'local'
    if (this.#networkError) return 'network'
    return this.#peerEnded ? 'peer' : 'network'
  }

  /** Messages that never reached the socket are rows as well, so that nothing sent is missing. */
  #appendUnsent(): void {
    for (const { opcode, payload } of this.#withheld) this.#rows.neverSent(opcode, payload)
    for (;;) {
      const unsent = this.#outgoing.shift()
      if (!unsent) return
      this.#rows.neverSent(unsent.opcode, unsent.payload)
    }
  }

  #noteTrailingBytes(): void {
    const count = this.#tap.trailingBytes
    if (count === 0) return
    const bytes = count === 1 ? '1 byte' : `${count} bytes`
    this.#rows.event(
      'note',
      this.#closeIn
        ? `${bytes} came after the peer's close frame and were not read (RFC 6455 section 5.5.1).`
        : `${bytes} came after the connection had failed and were not read as frames (RFC 6455 section 7.1.7).`,
    )
  }

  #requireOpen(): void {
    if (this.#phase !== 'open' || this.#ws.readyState !== WebSocket.OPEN)
      throw new AppError('NOT_OPEN', 'The connection is not open, so nothing can be sent.')
  }
}
