import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** A stream in front of a socket that lends the members `http` and `ws` expect of one. */
export class SocketProxy extends Duplex {
  protected readonly socket: Socket
  /** The TCP socket below TLS, or the same. */
  protected readonly transport: Socket

  constructor(socket: Socket, transport: Socket) {
    super({ allowHalfOpen: true })
    this.socket = socket
    this.transport = transport
    socket.on('timeout', () => this.emit('timeout'))
  }

  /** Ends after what is queued was written, then destroys; `http` expects it of a socket. */
  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  /** Answers the peer with RST instead of FIN. */
  resetAndDestroy(): this {
    this.transport.resetAndDestroy()
    return this.destroy()
  }

  setTimeout(milliseconds: number, listener?: () => void): this {
    if (listener) this.once('timeout', listener)
    this.socket.setTimeout(milliseconds)
    return this
  }

  setNoDelay(noDelay?: boolean): this {
    this.transport.setNoDelay(noDelay)
    return this
  }

  setKeepAlive(enable?: boolean, initialDelay?: number): this {
    this.transport.setKeepAlive(enable, initialDelay)
    return this
  }

  ref(): this {
    this.socket.ref()
    return this
  }

  unref(): this {
    this.socket.unref()
    return this
  }

  get remoteAddress(): string | undefined {
    return this.socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.socket.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.socket.remoteFamily
  }

  get localAddress(): string | undefined {
    return this.socket.localAddress
  }

  get localPort(): number | undefined {
    return this.socket.localPort
  }

  get connecting(): boolean {
    return this.socket.connecting
  }

  get encrypted(): boolean {
    return 'encrypted' in this.socket && this.socket.encrypted === true
  }
}
