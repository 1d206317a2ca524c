import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { FrameParser, type WireFrame } from './frame-header'
import { HeadRecorder } from './head-recorder'
import { MessageAssembler, type WireMessage } from './wire-message'

/** What is told of the frames that pass a tap. Every method is called synchronously. */
export interface WireObserver {
  /** A message or control frame came in whole, or broke a rule. Called before `ws` sees its bytes. */
  received(message: WireMessage): void
  /** The last byte of a message or control frame is going to the socket. */
  sent(message: WireMessage): void
  /** Everything reported by `sent` so far was written, or failed with the error. */
  written(error: Error | null): void
  /** The peer ended its direction (FIN), after everything it sent was reported. */
  peerEnded(): void
}

export interface WireTapOptions {
  /** The role of this end: `client` for a connection made here, `server` for an accepted one. */
  readonly role: 'client' | 'server'
  /** The TCP socket below TLS; without it the socket itself. */
  readonly transport?: Socket
}

/** Longest time spent on reading in one turn of the event loop, in milliseconds. */
const readingBudget = 8

/**
 * Stands between a socket and `ws` and sees every byte both ways. It passes everything on unchanged,
 * calls back a write only when the socket has written (so `bufferedAmount` is true), reports frames
 * to its observer, and gives the event loop back when reading takes long.
 */
export class WireTap extends Duplex {
  readonly role: 'client' | 'server'
  readonly #socket: Socket
  readonly #transport: Socket
  readonly #inHead = new HeadRecorder()
  readonly #outHead = new HeadRecorder()
  readonly #inMessages = new MessageAssembler()
  readonly #outMessages = new MessageAssembler()
  #observer: WireObserver | null = null
  #inParser: FrameParser | null = null
  #outParser: FrameParser | null = null
  #framesBegun = false
  /** Frame bytes that arrived between the upgrade and the observer, with their times. */
  #held: { readonly chunk: Buffer; readonly time: number }[] = []
  #socketEnded = false
  #readerPaused = false
  #budgetPaused = false
  #turnStart = 0
  #lastArrival = 0
  #upgradeTime = 0

  constructor(socket: Socket, options: WireTapOptions) {
    super({ allowHalfOpen: true })
    this.role = options.role
    this.#socket = socket
    this.#transport = options.transport ?? socket
    // Whoever uses the tap may be between two owners when the connection breaks; 'close' tells the rest.
    this.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('end', () => this.#end())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.#closed())
    socket.on('timeout', () => this.emit('timeout'))
  }

  /** The request head as text, one character per byte; complete once frames have begun. */
  get requestHead(): string {
    return this.role === 'client' ? this.#outHead.text : this.#inHead.requestText
  }

  /** The response head as text, one character per byte; complete once frames have begun. */
  get responseHead(): string {
    return this.role === 'client' ? this.#inHead.text : this.#outHead.text
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
    if (head.length > 0) this.#held.push({ chunk: head, time: this.#lastArrival })
  }

  /**
   * Starts to report frames; those that have arrived since the upgrade are reported at once. To be
   * called synchronously when `ws` opens, before it reads.
   */
  observe(observer: WireObserver, options: { readonly deflate: boolean }): void {
    const other = this.role === 'client' ? 'server' : 'client'
    this.#observer = observer
    this.#inParser = new FrameParser({ ...options, sender: other }, (frame) =>
      this.#received(frame),
    )
    this.#outParser = new FrameParser({ ...options, sender: this.role }, (frame) =>
      this.#sent(frame),
    )
    const held = this.#held
    this.#held = []
    for (const { chunk, time } of held) this.#inParser.feed(chunk, time)
    if (this.#socketEnded) observer.peerEnded()
  }

  /**
   * Stops reading frames; what comes from now on only counts as trailing bytes.
   * @returns what has arrived of a message whose end has not.
   */
  endFrames(): WireMessage | null {
    const partial = this.#inParser?.partial ?? null
    this.#inParser?.end()
    return this.#inMessages.unfinished(partial, this.#lastArrival)
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
    this.#observeOut(chunk, performance.now())
    this.#socket.write(chunk, (error) => this.#wrote(error, callback))
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    const time = performance.now()
    const last = chunks.length - 1
    this.#socket.cork()
    for (const [index, { chunk }] of chunks.entries()) {
      this.#observeOut(chunk, time)
      if (index < last) this.#socket.write(chunk)
      else this.#socket.write(chunk, (error) => this.#wrote(error, callback))
    }
    this.#socket.uncork()
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) callback()
    else this.#socket.end(() => callback())
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    if (this.#socket.closed) callback(error)
    else {
      this.#socket.once('close', () => callback(error))
      this.#socket.destroy()
    }
  }

  /** Ends after what is queued was written, then destroys; `http` expects it of a socket. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Answers the peer with RST instead of FIN. */
  resetAndDestroy(): this {
    this.#transport.resetAndDestroy()
    return this.destroy()
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener) this.once('timeout', listener)
    this.#socket.setTimeout(milliseconds)
    return this
  }

  setNoDelay(noDelay?: boolean): this {
    this.#transport.setNoDelay(noDelay)
    return this
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.#transport.setKeepAlive(enable, initialDelay)
    return this
  }

  ref(): this {
    this.#socket.ref()
    return this
  }

  unref(): this {
    this.#socket.unref()
    return this
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  get connecting(): boolean {
    return this.#socket.connecting
  }

  get encrypted(): boolean {
    return 'encrypted' in this.#socket && this.#socket.encrypted === true
  }

  #take(chunk: Buffer): void {
    const time = performance.now()
    this.#lastArrival = time
    if (this.#turnStart === 0) {
      this.#turnStart = time
      setImmediate(() => this.#startTurn())
    }
    if (!this.#framesBegun) this.#inHead.add(chunk)
    else if (this.#inParser) this.#inParser.feed(chunk, time)
    else this.#held.push({ chunk, time })
    const wantsMore = this.push(chunk)
    // While heads are read at most one chunk may be waiting: then `head` of the upgrade is its rest.
    if (!wantsMore || (!this.#framesBegun && this.readableLength > 0)) {
      this.#readerPaused = true
      this.#socket.pause()
    } else if (performance.now() - this.#turnStart > readingBudget) {
      this.#budgetPaused = true
      this.#socket.pause()
    }
  }

  #startTurn(): void {
    this.#turnStart = 0
    if (!this.#budgetPaused) return
    this.#budgetPaused = false
    this.#resume()
  }

  #resume(): void {
    if (!this.#readerPaused && !this.#budgetPaused && this.#socket.isPaused()) this.#socket.resume()
  }

  #end(): void {
    this.#socketEnded = true
    this.#observer?.peerEnded()
    this.push(null)
  }

  #closed(): void {
    // What the reader has not taken yet is still delivered after an orderly end.
    if (this.#socketEnded && !this.readableEnded && !this.destroyed)
      this.once('end', () => this.destroy())
    else this.destroy()
  }

  #observeOut(chunk: Buffer, time: number): void {
    if (this.#outHead.ended) {
      this.#outParser?.feed(chunk, time)
      return
    }
    // Before the upgrade a server answers ordinary requests, which are nobody's opening handshake.
    if (this.role === 'server' && !this.#framesBegun) return
    const rest = this.#outHead.addUntilBlankLine(chunk)
    if (rest && rest.length > 0) this.#outParser?.feed(rest, time)
  }

  #wrote(error: Error | null | undefined, callback: (error?: Error | null) => void): void {
    this.#observer?.written(error ?? null)
    callback(error)
  }

  #received(frame: WireFrame): void {
    const message = this.#inMessages.add(frame)
    if (message) this.#observer?.received(message)
  }

  #sent(frame: WireFrame): void {
    const message = this.#outMessages.add(frame)
    if (message) this.#observer?.sent(message)
  }
}

/** Puts a tap on a connected socket; the tap is then used in place of the socket. */
export function createWireTap(socket: Socket, options: WireTapOptions): WireTap {
  return new WireTap(socket, options)
}
