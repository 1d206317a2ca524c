import type { Socket } from 'node:net'
import { headerBits, opcodes } from './frame-header'
import { FrameParser } from './frame-parser'
import { HeadRecorder } from './head-recorder'
import { OutFrames } from './out-frames'
import { SocketProxy } from './socket-proxy'
import type { WireFrame } from './wire-frame'
import type { LineWire, Piece, WireLine, Written } from './wire-line'
import { MessageAssembler, type WireMessage } from './wire-message'
import type { WireObserver } from './wire-observer'

export interface WireTapOptions {
  /** The role of this end: `client` for a connection made here, `server` for an accepted one. */
  readonly role: 'client' | 'server'
  /** The TCP socket below TLS; without it the socket itself. */
  readonly transport?: Socket
}

/**
 * How long a rejected frame may take to come in whole before `ws` sees it: between two chunks, and in
 * all, in milliseconds. `ws` fails the connection at its header already.
 */
const rejectionPatience = { between: 200, total: 5000 } as const

/** Longest time spent on reading in one turn of the event loop, in milliseconds. */
const readingBudget = 8

/** After a chunk of fewer bytes nothing more is read in the same turn: the socket had no more. */
const fullChunk = 8 * 1024

/** Portions of one chunk that `ws` gets one by one; from then on it gets the rest as one. */
const mostPortions = 16

/**
 * Stands between a socket and `ws` and sees every byte both ways. It passes everything on unchanged,
 * calls back a write only when the socket has written (so `bufferedAmount` is true), reports frames
 * to its observer, and gives the event loop back when reading takes long.
 */
export class WireTap extends SocketProxy {
  readonly role: 'client' | 'server'
  readonly #inHead = new HeadRecorder()
  readonly #inMessages = new MessageAssembler()
  readonly #out: OutFrames
  #observer: WireObserver | null = null
  #inParser: FrameParser | null = null
  #line: WireLine | null = null
  #lineHeld = false
  /** Messages that came in and of which the line was not told. */
  #arrived = 0
  /** Whether the line keeps `ws` from a close frame that came, and so from all that follows it. */
  #isDeaf = false
  #framesBegun = false
  /** Frame bytes that arrived between the upgrade and the observer, with their times. */
  #early: { readonly chunk: Buffer; readonly time: number }[] = []
  #socketEnded = false
  #readerPaused = false
  #budgetPaused = false
  /** What `ws` sees once the frame it will reject is in the log. */
  #withheld: Buffer[] = []
  #withheldSince = 0
  #withholding: NodeJS.Timeout | undefined
  /** Who wants reading to stop. */
  readonly #holders = new Set<string>()
  #turnStart = 0
  #lastArrival = 0
  #upgradeTime = 0

  constructor(socket: Socket, options: WireTapOptions) {
    super(socket, options.transport ?? socket)
    this.role = options.role
    this.#out = new OutFrames(options.role)
    // Whoever uses the tap may be between two owners when the connection breaks; 'close' tells the rest.
    this.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      if (this.#line?.limitsReading) this.#line.read(chunk)
      else this.#take(chunk)
    })
    socket.on('end', () => {
      if (this.#line?.limitsReading) this.#line.read(null)
      else this.#end()
    })
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.#closed())
  }

  /** The request head as text, one character per byte; complete once frames have begun. */
  get requestHead(): string {
    return this.role === 'client' ? this.#out.head.text : this.#inHead.requestText
  }

  /** The response head as text, one character per byte; complete once frames have begun. */
  get responseHead(): string {
    return this.role === 'client' ? this.#inHead.text : this.#out.head.text
  }

  /** `performance.now()` when the end of the head that opened the connection arrived. */
  get upgradeTime(): number {
    return this.#upgradeTime
  }

  /** Bytes that came in after a close frame or a frame that ended the connection. */
  get trailingBytes(): number {
    return this.#inParser?.trailingBytes ?? 0
  }

  /**
   * Ends the heads: everything that follows in this direction is frames. To be called in the
   * `upgrade` event, before anybody else sees `head`.
   * @param head what came after the head in the same chunk, as Node hands it to the listener.
   */
  beginFrames(head: Buffer): void {
    if (this.#framesBegun) return
    this.#framesBegun = true
    this.#upgradeTime = this.#lastArrival
    this.#inHead.end(head.length)
    if (head.length > 0) this.#early.push({ chunk: head, time: this.#lastArrival })
  }

  /**
   * Starts to report frames; those that have arrived since the upgrade are reported at once. To be
   * called synchronously when `ws` opens, before it reads.
   */
  observe(observer: WireObserver, { deflate }: { readonly deflate: boolean }): void {
    const other = this.role === 'client' ? 'server' : 'client'
    this.#observer = observer
    const inParser = new FrameParser({ deflate, sender: other, keepStarts: true }, (frame) => {
      if (frame.payload !== null && inParser.isOver) {
        const begun = this.#inMessages.interrupted()
        if (begun) observer.received(begun)
      }
      const message = this.#inMessages.add(frame)
      if (message) this.#received(observer, message)
    })
    this.#inParser = inParser
    this.#out.observe(observer, deflate)
    const early = this.#early
    this.#early = []
    for (const { chunk, time } of early) inParser.feed(chunk, time)
    // The reader has these already and rejects such a frame now.
    if (inParser.isRejecting) inParser.finish()
    if (this.#socketEnded) observer.peerEnded()
  }

  /**
   * Stops reading frames; what comes from now on only counts as trailing bytes, unless a frame or a
   * failure ended the reading before.
   * @returns what has arrived of a message whose end has not.
   */
  endFrames(): WireMessage | null {
    if (this.#inParser?.isRejecting) this.#passWithheld()
    const partial = this.#inParser?.partial ?? null
    this.#inParser?.end()
    return this.#inMessages.unfinished(partial, this.#lastArrival)
  }

  /**
   * `ws` has stopped reading because of what came in; frames from the one under way on are told of as
   * unread.
   * @param atHeader whether the data frame under way is the reason, if there is one.
   * @returns what has arrived of a message whose end has not: without the frame under way, unless that
   * is the reason.
   */
  failFrames(atHeader: boolean): WireMessage | null {
    if (this.#inParser?.isRejecting) this.#passWithheld()
    const partial = this.#inParser?.partial ?? null
    const isReason = atHeader && partial !== null && (partial.header & headerBits.control) === 0
    this.#inParser?.fail(isReason)
    return this.#inMessages.unfinished(isReason ? partial : null, this.#lastArrival)
  }

  /**
   * Stops reading from the socket for as long as what was read cannot be kept; everything else goes on.
   * At most what has been read already is still reported.
   */
  hold(held: boolean, by: string): void {
    if (held) this.#holders.add(by)
    else this.#holders.delete(by)
    if (this.#holders.size > 0) this.socket.pause()
    else this.#resume()
  }

  /** Puts a line between `ws` and the socket. To be called once, and when the heads are over. */
  insert(line: WireLine): void {
    this.#line = line
    line.connect(this.#lineWire())
    // What came with the upgrade is read by `ws` when the connection has its owner.
    setImmediate(() => this.#tellReceived())
  }

  /** Bytes the line holds that `ws` has written; they come on top of what `ws` counts. */
  get heldBytes(): number {
    return this.#line?.held ?? 0
  }

  /**
   * While a line holds what is written, it does not wait in this stream, which passes on one write
   * at a time and the next only when that was written.
   */
  override write(
    chunk: Buffer | string,
    encoding?: BufferEncoding | Written,
    callback?: Written,
  ): boolean {
    const written = typeof encoding === 'function' ? encoding : callback
    const charset = typeof encoding === 'string' ? encoding : 'utf8'
    const line = this.#line
    if (!line?.isActive || this.destroyed || this.writableEnded)
      return super.write(chunk, charset, written)
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, charset) : chunk
    line.write(bytes, written ?? (() => undefined))
    return true
  }

  override _read(): void {
    this.#readerPaused = false
    this.#resume()
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    callback: (error?: Error | null) => void,
  ): void {
    this.#out.add(chunk, performance.now(), this.#mayOpen)
    this.socket.write(chunk, (error) => this.#wrote(error, callback))
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    const time = performance.now()
    const last = chunks.length - 1
    this.socket.cork()
    for (const [index, { chunk }] of chunks.entries()) {
      this.#out.add(chunk, time, this.#mayOpen)
      if (index < last) this.socket.write(chunk)
      else this.socket.write(chunk, (error) => this.#wrote(error, callback))
    }
    this.socket.uncork()
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#line?.isActive) this.#line.finish(() => this.#endSocket(callback))
    else this.#endSocket(callback)
  }

  #endSocket(callback: (error?: Error | null) => void): void {
    if (this.socket.destroyed || this.socket.writableEnded) callback()
    else this.socket.end(() => callback())
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#line?.fail(error ?? new Error('The connection was destroyed.'))
    if (this.socket.closed) callback(error)
    else {
      this.socket.once('close', () => callback(error))
      this.socket.destroy()
    }
  }

  #take(chunk: Buffer): void {
    const time = performance.now()
    this.#lastArrival = time
    if (this.#turnStart === 0 && chunk.length >= fullChunk) {
      this.#turnStart = time
      setImmediate(() => this.#startTurn())
    }
    const wantsMore = this.#passOn(chunk, time)
    // While heads are read at most one chunk may be waiting: then `head` of the upgrade is its rest.
    if (!wantsMore || (!this.#framesBegun && this.readableLength > 0)) {
      this.#readerPaused = true
      this.socket.pause()
    } else if (this.#turnStart !== 0 && performance.now() - this.#turnStart > readingBudget) {
      this.#budgetPaused = true
      this.socket.pause()
    }
  }

  /** @returns whether the reader wants more. */
  #passOn(chunk: Buffer, time: number): boolean {
    const parser = this.#inParser
    const observer = this.#observer
    if (parser && observer) return this.#readFrames(parser, observer, chunk, time)
    if (this.#framesBegun) this.#early.push({ chunk, time })
    else this.#inHead.add(chunk)
    return this.push(chunk)
  }

  /** Gives plain messages to the observer and all the rest to `ws`, in the order of the wire. */
  #readFrames(parser: FrameParser, observer: WireObserver, chunk: Buffer, time: number): boolean {
    const take = (frame: WireFrame) => {
      const isTaken = observer.take(frame)
      if (isTaken) this.#line?.received()
      return isTaken
    }
    observer.reading(true)
    let wantsMore = true
    let offset = 0
    for (let portions = 0; offset < chunk.length; portions += 1) {
      const readerIsIdle = this.readableFlowing === true && this.readableLength === 0
      const splits = readerIsIdle && portions < mostPortions
      if (splits) offset = parser.takePlain(chunk, offset, time, take)
      if (offset === chunk.length) break
      const rest = offset === 0 ? chunk : chunk.subarray(offset)
      const cuts = splits || this.#line?.watchesClose === true
      const end = cuts ? parser.feedMessage(rest, 0, time) : rest.length
      if (!cuts) parser.feed(rest, time)
      const portion = end === rest.length ? rest : rest.subarray(0, end)
      if (parser.isRejecting) this.#withhold(portion, time)
      else if (this.#isDeaf) break
      else {
        if (this.#withheld.length > 0) this.#passWithheld()
        wantsMore = this.push(portion)
      }
      this.#tellReceived()
      offset += end
    }
    // What is withheld is told of later, with the time of this chunk.
    if (!parser.isRejecting) observer.reading(false)
    return wantsMore
  }

  #received(observer: WireObserver, message: WireMessage): void {
    observer.received(message)
    if (message.unread || message.fatal) return
    if ((message.header & headerBits.control) === 0) this.#arrived += 1
    else if (message.opcode === opcodes.close) this.#isDeaf ||= this.#line?.takesClose() === true
  }

  /** Tells the line of messages once they were passed on. */
  #tellReceived(): void {
    while (this.#arrived > 0) {
      this.#arrived -= 1
      this.#line?.received()
    }
  }

  #lineWire(): LineWire {
    return {
      whenPassed: (callback) => {
        if (this.writableLength === 0) callback()
        else super.write(Buffer.alloc(0), callback)
      },
      write: (pieces, callback) => this.#writePieces(pieces, callback),
      terminate: (how) => {
        this.#observer?.terminated?.()
        if (how === 'rst') this.resetAndDestroy()
        else this.socket.end(() => this.destroy())
      },
      stopReading: (stopped) => {
        this.#lineHeld = stopped
        if (stopped) this.socket.pause()
        else this.#resume()
      },
      read: (chunk) => {
        if (chunk) this.#take(chunk)
        else this.#end()
      },
      withhold: () => this.#observer?.withheld?.() ?? null,
      drop: (message) => this.#observer?.dropped?.(message),
    }
  }

  #writePieces(pieces: readonly Piece[], callback: Written): void {
    const time = performance.now()
    const last = pieces.length - 1
    this.socket.cork()
    for (const [index, piece] of pieces.entries()) {
      this.#out.addPiece(piece, time)
      if (index < last) this.socket.write(piece.bytes)
      else this.socket.write(piece.bytes, (error) => this.#wrote(error, callback))
    }
    this.socket.uncork()
  }

  #startTurn(): void {
    this.#turnStart = 0
    if (!this.#budgetPaused) return
    this.#budgetPaused = false
    this.#resume()
  }

  #resume(): void {
    if (this.#readerPaused || this.#budgetPaused || this.#holders.size > 0 || this.#lineHeld) return
    if (this.socket.isPaused()) this.socket.resume()
  }

  #withhold(chunk: Buffer, time: number): void {
    this.#withheld.push(chunk)
    if (!this.#withholding) {
      this.#withheldSince = time
      this.#withholding = setTimeout(() => this.#endWithholding(), rejectionPatience.between)
    } else if (time - this.#withheldSince < rejectionPatience.total) this.#withholding.refresh()
  }

  /** Lets the log and then `ws` see what has come of a rejected frame. */
  #passWithheld(): void {
    clearTimeout(this.#withholding)
    this.#withholding = undefined
    this.#inParser?.finish()
    const chunks = this.#withheld
    this.#withheld = []
    for (const chunk of chunks) this.push(chunk)
  }

  /** As {@link #passWithheld}, when no chunk is being read. */
  #endWithholding(): void {
    this.#passWithheld()
    this.#observer?.reading(false)
  }

  #end(): void {
    this.#endWithholding()
    this.#socketEnded = true
    this.#observer?.peerEnded()
    this.push(null)
  }

  #closed(): void {
    if (!this.#socketEnded) this.#passWithheld()
    // What the reader has not taken yet is still delivered after an orderly end.
    if (this.#socketEnded && !this.readableEnded && !this.destroyed)
      this.once('end', () => this.destroy())
    else this.destroy()
  }

  /** Before the upgrade a server answers ordinary requests, which are nobody's opening handshake. */
  get #mayOpen(): boolean {
    return this.role === 'client' || this.#framesBegun
  }

  #wrote(error: Error | null | undefined, callback: (error?: Error | null) => void): void {
    this.#observer?.written(error ?? null)
    callback(error)
  }
}

/** Puts a tap on a connected socket; the tap is then used in place of the socket. */
export function createWireTap(socket: Socket, options: WireTapOptions): WireTap {
  return new WireTap(socket, options)
}
