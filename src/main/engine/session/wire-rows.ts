import type { DataOpcode } from '@shared/model/connection'
import type { BrokenRule, Fate } from '@shared/model/frame'
import type { PackedFrames } from '@shared/model/packed-frames'
import type { FrameLog } from '../frame-log/frame-log'
import { brokenRules } from '../wire/broken-rules'
import { headerBits } from '../wire/frame-header'
import { Queue } from '../wire/queue'
import type { WireFrame } from '../wire/wire-frame'
import { isData, kindOf, rawOf, startOfPayload, type WireMessage } from '../wire/wire-message'
import { appendEvent, wallClock } from './event-row'

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

/** What a session has to do with the control and rejected frames among its rows. */
export interface ControlListener {
  /** @returns the RTT in milliseconds that a pong tells of, `null` for what tells of none. */
  roundTrip(message: WireMessage, payload: Buffer): number | null
  /** Its row was written; what it leads to comes after it in the log. */
  logged(message: WireMessage, payload: Buffer): void
}

/**
 * Writes the rows of one session in the order of the wire. A message that came in has its row once
 * `ws` has delivered its payload; whatever passed the wire after it waits for that.
 */
export class WireRows {
  readonly #log: FrameLog
  readonly #session: number
  readonly #listener: ControlListener
  /** What passed the wire and has no row yet: messages `ws` has not delivered, and what follows. */
  readonly #waiting = new Queue<WireMessage | Departure>()
  /** What went out while a chunk that had come in was read: its rows come after those of the chunk. */
  readonly #later: Departure[] = []
  #isReading = false
  /** `performance.now()` of the last row that went out. */
  #lastOut = 0
  /** What the socket has taken but not written. */
  #unwritten: Departure[] = []

  constructor(log: FrameLog, session: number, listener: ControlListener) {
    this.#log = log
    this.#session = session
    this.#listener = listener
  }

  /** The first message that `ws` has yet to deliver. */
  get undelivered(): WireMessage | undefined {
    const first = this.#waiting.peek()
    return first instanceof Departure ? undefined : first
  }

  /** Whether everything that passed the wire has its row. */
  get settled(): boolean {
    return this.#waiting.length === 0
  }

  /** A chunk is read from now on, or was read. */
  reading(underWay: boolean): void {
    this.#isReading = underWay
    if (underWay || this.#later.length === 0) return
    for (const departure of this.#later) this.#placeOut(departure)
    this.#later.length = 0
  }

  /** A plain message came in; to be called when everything before it has its row. */
  taken(frame: WireFrame, payload: Uint8Array): void {
    this.#log.append({
      session: this.#session,
      time: wallClock(frame.time),
      direction: 'in',
      kind: kindOf((frame.header & headerBits.opcode) >> 8),
      payload,
      wireSize: frame.headerLength + frame.payloadLength,
      fragments: 1,
      header: frame.header,
      maskingKey: frame.maskingKey,
      frames: null,
      raw: null,
      fate: null,
      rtt: null,
      broken: null,
    })
  }

  /** A message or control frame came in. */
  arrived(message: WireMessage): void {
    if (this.#waiting.length > 0 || isData(message)) this.#waiting.push(message)
    else this.#appendControl(message)
  }

  /**
   * `ws` delivered the first message waiting; it does so in the order of the wire.
   * @param broken a rule its payload breaks, which takes a look at the payload to see.
   */
  delivered(payload: Uint8Array, broken: BrokenRule | null): void {
    const message = this.undelivered
    if (!message) return
    this.#waiting.shift()
    this.#appendIn(message, payload, broken, broken && rawOf(message, payload))
  }

  /** A message or control frame is going to the socket. */
  departed(message: WireMessage, payload: Uint8Array): void {
    const departure = new Departure(message, payload)
    this.#unwritten.push(departure)
    if (this.#isReading) this.#later.push(departure)
    else this.#placeOut(departure)
  }

  #placeOut(departure: Departure): void {
    if (this.#waiting.length > 0) this.#waiting.push(departure)
    else this.#appendOut(departure)
  }

  /** What became of everything that departed and was unsettled. */
  settle(fate: 'written' | 'failed'): void {
    for (const departure of this.#unwritten) {
      departure.fate = fate
      if (departure.row !== null) this.#log.setFate(departure.row, fate)
    }
    this.#unwritten = []
  }

  /** Gives rows to everything up to the next message that `ws` has yet to deliver. */
  catchUp(): void {
    for (;;) {
      const next = this.#waiting.peek()
      if (!next) return
      if (next instanceof Departure) this.#appendOut(next)
      else if (isData(next)) return
      else this.#appendControl(next)
      this.#waiting.shift()
    }
  }

  /**
   * Gives rows to what arrived and will not be delivered any more.
   * @param rule what the first such message broke; those after it only came too late.
   * @param takePartial ends the reading and gives what has arrived of a message whose end has not; it
   * is told whether that is the first such message.
   */
  giveUp(rule: BrokenRule, takePartial: (isFirst: boolean) => WireMessage | null): void {
    // What waits is complete, so that only the last one can be unfinished.
    let broken = rule === brokenRules.unfinished ? brokenRules.unread : rule
    let isFirst = true
    for (;;) {
      const message = this.#waiting.shift()
      if (!message) break
      if (message instanceof Departure) this.#appendOut(message)
      else if (!isData(message)) this.#appendControl(message)
      else {
        this.#appendIn(message, startOfPayload(message), broken, rawOf(message, null))
        broken = brokenRules.unread
        isFirst = false
      }
    }
    const partial = takePartial(isFirst)
    if (partial) {
      // That it is given up is known later than what went out meanwhile.
      partial.time = Math.max(partial.time, this.#lastOut)
      this.#appendIn(
        partial,
        startOfPayload(partial),
        partial.broken ?? (isFirst ? rule : brokenRules.unfinished),
        rawOf(partial, null),
      )
    }
  }

  /** A message that never reached the socket. */
  neverSent(opcode: DataOpcode, payload: Uint8Array): void {
    this.#log.append({
      session: this.#session,
      time: wallClock(performance.now()),
      direction: 'out',
      kind: opcode,
      payload,
      wireSize: 0,
      fragments: 0,
      header: 0,
      maskingKey: 0,
      frames: null,
      raw: null,
      fate: 'failed',
      rtt: null,
      broken: null,
    })
  }

  event(kind: 'open' | 'error' | 'note', text: string, time?: number): void {
    appendEvent(this.#log, this.#session, kind, text, time)
  }

  #appendControl(message: WireMessage): void {
    const payload = message.payload ?? Buffer.alloc(0)
    const rtt = this.#listener.roundTrip(message, payload)
    this.#appendIn(message, payload, message.broken, message.raw, rtt)
    this.#listener.logged(message, payload)
  }

  #appendIn(
    message: WireMessage,
    payload: Uint8Array,
    broken: BrokenRule | null,
    raw: Uint8Array | null,
    rtt: number | null = null,
  ): void {
    this.#log.append({
      session: this.#session,
      time: wallClock(message.time),
      direction: 'in',
      kind: kindOf(message.opcode),
      payload,
      wireSize: message.wireSize,
      fragments: message.fragments,
      header: message.header,
      maskingKey: message.maskingKey,
      frames: framesOf(message),
      raw: raw ?? message.raw,
      fate: null,
      rtt,
      broken: broken ?? message.broken,
    })
  }

  #appendOut(departure: Departure): void {
    const { message, payload, fate } = departure
    this.#lastOut = message.time
    departure.row = this.#log.append({
      session: this.#session,
      time: wallClock(message.time),
      direction: 'out',
      kind: kindOf(message.opcode),
      payload,
      wireSize: message.wireSize,
      fragments: message.fragments,
      header: message.header,
      maskingKey: message.maskingKey,
      frames: framesOf(message),
      raw: message.raw,
      fate,
      rtt: null,
      broken: message.broken,
    })
  }
}

function framesOf({ frames }: WireMessage): PackedFrames | null {
  return frames === null ? null : frames.withTimes(wallClock)
}
