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
import type { BrokenRule, Fate, RowKind } from '@shared/model/frame'
import { parseClosePayload } from '@shared/model/close-code'
import { WebSocket } from 'ws'
import type { FrameLog } from '../frame-log/frame-log'
import { brokenRules } from '../wire/broken-rules'
import { opcodes } from '../wire/frame-header'
import { Queue } from '../wire/queue'
import { isData, kindOf, sampleOf, type WireMessage } from '../wire/wire-message'
import type { WireObserver, WireTap } from '../wire/wire-tap'
import { checkClose } from './close-check'
import { appendEvent, wallClock, wordsOf } from './event-row'
import { codeOf } from './failure'
import { describeLoss } from './loss'
import { describeBroken, ruleOfCloseCode, ruleOfError } from './protocol-failure'
import type { Session, SessionListener } from './session'

export interface WireSessionOptions {
  readonly ws: WebSocket
  readonly tap: WireTap
  readonly log: FrameLog
  readonly number: number
  readonly listener: SessionListener
  readonly handshake: HandshakeFacts
  /** Longest message accepted, in bytes, for the words of a failure. */
  readonly maxPayload?: number
  /** How long `ws` waits for the peer's close frame, in milliseconds, for the words of a failure. */
  readonly closeTimeout?: number
}

/** How long `send` waits for the bytes to be written before it resolves with `queued`, in milliseconds. */
const sendPatience = 250

interface Outgoing {
  readonly opcode: DataOpcode
  readonly payload: Uint8Array
}

/** What went to the socket. Its row waits for those of messages that arrived before it. */
class Departure {
  readonly message: WireMessage
  readonly payload: Uint8Array
  fate: Fate = 'queued'
  /** The id of its row, once it has one. */
  row: number | null = null

  constructor(message: WireMessage, payload: Uint8Array) {
    this.message = message
    this.payload = payload
  }
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
  readonly #log: FrameLog
  readonly #listener: SessionListener
  readonly #maxPayload: number | undefined
  readonly #closeTimeout: number | undefined
  #messagesIn = 0
  #messagesOut = 0
  #bytesIn = 0
  #bytesOut = 0
  /** What passed the wire and has no row yet: messages `ws` has not delivered, and what follows. */
  readonly #waiting = new Queue<WireMessage | Departure>()
  /** What was given to `ws` and has not reached the socket. */
  readonly #outgoing = new Queue<Outgoing>()
  /** What the socket has taken but not written. */
  #unwritten: Departure[] = []
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
    this.#log = options.log
    this.#listener = options.listener
    this.#maxPayload = options.maxPayload
    this.#closeTimeout = options.closeTimeout
    const heads = options.handshake.requestHead + options.handshake.responseHead
    appendEvent(this.#log, this.number, 'open', heads, this.#tap.upgradeTime)
    this.#ws.on('message', (data: Buffer, isBinary: boolean) => this.#delivered(data, isBinary))
    this.#ws.on('error', (error) => this.#protocolError(error))
    this.#ws.on('close', () => this.#end())
    this.#tap.on('error', (error) => {
      this.#networkError ??= error
    })
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
    return this.#ws.bufferedAmount
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
    return new Promise((resolve, reject) => {
      const outcome = (fate: 'queued' | 'written') =>
        resolve({ fate, bufferedAmount: this.bufferedAmount })
      const timer = setTimeout(() => outcome('queued'), sendPatience)
      this.#ws.send(payload, { binary: opcode === 'binary' }, (error) => {
        clearTimeout(timer)
        if (error)
          reject(
            new AppError('SEND_FAILED', 'The connection ended before the message was written.', {
              cause: error,
            }),
          )
        else outcome('written')
      })
      this.#listener.onActivity?.()
    })
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

  received(message: WireMessage): void {
    if (message.opcode === opcodes.close) this.#sawCloseFrame('peer')
    if (this.#waiting.length > 0 || isData(message)) this.#waiting.push(message)
    else this.#appendControl(message)
  }

  sent(message: WireMessage): void {
    const { opcode, payload: control } = message
    if (control === null) {
      const payload = this.#outgoing.shift()?.payload ?? sampleOf(message, false)
      this.#messagesOut += 1
      this.#bytesOut += payload.byteLength
      this.#depart(new Departure(message, payload))
      return
    }
    if (opcode === opcodes.close) {
      // A close frame nobody asked for means that `ws` has given up on what arrived.
      if (this.#firstClose === null && this.#phase === 'open')
        this.#appendUndelivered(ruleOfCloseCode(control, this.#firstWaiting()))
      this.#sawCloseFrame('local')
      this.#closeOut = 'sent'
      this.#closeFrameUnwritten = true
    }
    this.#depart(new Departure(message, control))
    if (opcode === opcodes.ping) this.#listener.onPingSent?.(control, message.time)
  }

  written(error: Error | null): void {
    this.#settleUnwritten(error ? 'failed' : 'written')
    this.#listener.onActivity?.()
  }

  #settleUnwritten(fate: 'written' | 'failed'): void {
    for (const departure of this.#unwritten) {
      departure.fate = fate
      if (departure.row !== null) this.#log.setFate(departure.row, fate)
    }
    this.#unwritten = []
    if (this.#closeFrameUnwritten) {
      this.#closeFrameUnwritten = false
      this.#closeOut = fate
    }
  }

  peerEnded(): void {
    this.#peerEnded = true
    this.#startClosing()
  }

  /** `ws` delivers messages in the order of the wire, so this is the first one waiting. */
  #delivered(payload: Buffer, isBinary: boolean): void {
    const message = this.#firstWaiting()
    if (!message) return
    this.#waiting.shift()
    const opcode: DataOpcode = isBinary ? 'binary' : 'text'
    const valid = isBinary || isUtf8(payload)
    const broken = valid ? message.broken : brokenRules.textNotUtf8
    this.#messagesIn += 1
    this.#bytesIn += payload.byteLength
    this.#appendIn(message, opcode, payload, broken)
    if (!valid) this.#failConnection(brokenRules.textNotUtf8, 1007)
    else if (this.#failure === null) this.#listener.onMessage?.(opcode, payload)
    this.#appendReady()
    this.#listener.onActivity?.()
  }

  #firstWaiting(): WireMessage | undefined {
    const first = this.#waiting.peek()
    return first instanceof Departure ? undefined : first
  }

  /** Gives rows to everything up to the next message that `ws` has yet to deliver. */
  #appendReady(): void {
    for (;;) {
      const next = this.#waiting.peek()
      if (!next) return
      if (next instanceof Departure) this.#appendOut(next)
      else if (isData(next)) return
      else this.#appendControl(next)
      this.#waiting.shift()
    }
  }

  #depart(departure: Departure): void {
    this.#unwritten.push(departure)
    if (this.#waiting.length > 0) this.#waiting.push(departure)
    else this.#appendOut(departure)
  }

  #appendControl(message: WireMessage): void {
    const payload = message.payload ?? Buffer.alloc(0)
    const rtt =
      message.opcode === opcodes.pong && !message.fatal
        ? (this.#listener.onPong?.(payload, message.time) ?? null)
        : null
    this.#appendIn(message, kindOf(message.opcode), payload, message.broken, rtt)
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

  /** Gives rows to what arrived and will not be delivered any more; the first one broke the rule. */
  #appendUndelivered(rule: BrokenRule): void {
    let broken: BrokenRule | null = rule
    for (;;) {
      const message = this.#waiting.shift()
      if (!message) break
      if (message instanceof Departure) {
        this.#appendOut(message)
        continue
      }
      if (!isData(message)) {
        this.#appendControl(message)
        continue
      }
      // A message too long is rejected by its header, before its mask is taken off.
      const sample = sampleOf(message, rule !== brokenRules.messageTooLong)
      this.#appendIn(message, kindOf(message.opcode), sample, broken)
      broken = brokenRules.unfinished
    }
    const partial = this.#tap.endFrames()
    if (!partial) return
    const kind = kindOf(partial.opcode)
    this.#appendIn(partial, kind, sampleOf(partial, false), partial.broken ?? broken)
  }

  /** What `ws` found wrong; the connection is closed by it with the code that fits. */
  #protocolError(error: Error): void {
    const code = codeOf(error)
    const rule = ruleOfError(code)
    if (rule) {
      this.#appendUndelivered(rule)
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
    this.#startClosing()
    this.#appendUndelivered(brokenRules.unfinished)
    this.#settleUnwritten('failed')
    this.#appendUnsent()
    this.#noteTrailingBytes()
    const close = this.#closeFacts()
    if (!close.clean && !this.#terminated) this.#failure ??= this.#lossFailure(close)
    if (this.#failure) this.#event('error', wordsOf(this.#failure))
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
    for (;;) {
      const unsent = this.#outgoing.shift()
      if (!unsent) return
      this.#log.append({
        session: this.number,
        time: wallClock(performance.now()),
        direction: 'out',
        kind: unsent.opcode,
        payload: unsent.payload,
        wireSize: 0,
        fragments: 0,
        header: 0,
        fate: 'failed',
        rtt: null,
        broken: null,
      })
    }
  }

  #noteTrailingBytes(): void {
    const count = this.#tap.trailingBytes
    if (count === 0) return
    const bytes = count === 1 ? '1 byte' : `${count} bytes`
    this.#event(
      'note',
      this.#closeIn
        ? `${bytes} came after the peer's close frame and were not read (RFC 6455 section 5.5.1).`
        : `${bytes} came after the connection had failed and were not read as frames (RFC 6455 section 7.1.7).`,
    )
  }

  #appendIn(
    message: WireMessage,
    kind: RowKind,
    payload: Uint8Array,
    broken: BrokenRule | null,
    rtt: number | null = null,
  ): void {
    this.#log.append({
      session: this.number,
      time: wallClock(message.time),
      direction: 'in',
      kind,
      payload,
      wireSize: message.wireSize,
      fragments: message.fragments,
      header: message.header,
      fate: null,
      rtt,
      broken,
    })
  }

  #appendOut(departure: Departure): void {
    const { message, payload, fate } = departure
    departure.row = this.#log.append({
      session: this.number,
      time: wallClock(message.time),
      direction: 'out',
      kind: kindOf(message.opcode),
      payload,
      wireSize: message.wireSize,
      fragments: message.fragments,
      header: message.header,
      fate,
      rtt: null,
      broken: message.broken,
    })
  }

  #event(kind: 'error' | 'note', text: string): void {
    appendEvent(this.#log, this.number, kind, text)
  }

  #requireOpen(): void {
    if (this.#phase !== 'open' || this.#ws.readyState !== WebSocket.OPEN)
      throw new AppError('NOT_OPEN', 'The connection is not open, so nothing can be sent.')
  }
}
