import { enhancedPacket } from './blocks'
import type { Ends } from './session-ends'
import { packetHeaders, tcpFlags } from './tcp-packet'
import { maskedPart, type WireFrameBytes } from './wire-frames'

/** Payload bytes of one segment, so that its packet stays within IPv4's 65,535; a multiple of 4. */
const segmentBytes = 61_440

/** Room for a frame's header in front of them. */
const headerRoom = 16

/** What may be sent without an acknowledgement; well within the window that is announced. */
const windowBytes = 64 * 1024 * 1024

const noPayload = new Uint8Array(0)

/** One side of a stream. */
interface Side {
  /** Of the byte it sends next. */
  sequence: number
  /** Bytes it has sent that the other has not acknowledged. */
  pending: number
}

/**
 * An invented TCP connection that carries what was seen of a WebSocket: handshake, sequence numbers,
 * acknowledgements and checksums as a reader expects them.
 */
export class TcpStream {
  readonly #ends: Ends
  readonly #client: Side
  readonly #server: Side

  constructor(ends: Ends, number: number) {
    this.#ends = ends
    // Any start does; different ones keep streams with the same ends apart.
    this.#client = { sequence: (number * 0x10_0001) >>> 0, pending: 0 }
    this.#server = { sequence: (number * 0x10_0001 + 0x8000_0000) >>> 0, pending: 0 }
  }

  /** The three segments that open a connection (RFC 9293 section 3.5). */
  *open(time: number, comment: string): Generator<Uint8Array, void> {
    yield this.#packet('client', tcpFlags.syn, time, noPayload, comment)
    yield this.#packet('server', tcpFlags.syn | tcpFlags.ack, time, noPayload, comment)
    yield this.#packet('client', tcpFlags.ack, time, noPayload, comment)
  }

  /** A frame from one side, in as many segments as it takes; a comment goes with the first. */
  *sendFrame(
    from: 'client' | 'server',
    frame: WireFrameBytes,
    comment: string,
  ): Generator<Uint8Array, void> {
    const { header, payload, time } = frame
    const start = Buffer.concat([header, maskedPart(frame, 0, segmentBytes)])
    yield* this.send(from, start, time, comment)
    for (let at = segmentBytes; at < payload.byteLength; at += segmentBytes)
      yield* this.send(from, maskedPart(frame, at, at + segmentBytes), time, '')
  }

  /** Bytes from one side, in as many segments as they take; a comment goes with the first. */
  *send(
    from: 'client' | 'server',
    bytes: Uint8Array,
    time: number,
    comment: string,
  ): Generator<Uint8Array, void> {
    for (let at = 0; at < bytes.byteLength; at += segmentBytes + headerRoom) {
      const part = bytes.subarray(at, at + segmentBytes + headerRoom)
      yield this.#packet(from, tcpFlags.push | tcpFlags.ack, time, part, at === 0 ? comment : '')
      const other = from === 'client' ? 'server' : 'client'
      if (this.#side(from).pending > windowBytes)
        yield this.#packet(other, tcpFlags.ack, time, noPayload, '')
    }
  }

  /** The segments that close a connection, the server's side first as RFC 6455 section 7.1.1 has it. */
  *close(time: number, comment: string): Generator<Uint8Array, void> {
    const last = tcpFlags.fin | tcpFlags.ack
    yield this.#packet('server', last, time, noPayload, comment)
    yield this.#packet('client', last, time, noPayload, comment)
    yield this.#packet('server', tcpFlags.ack, time, noPayload, comment)
  }

  #side(name: 'client' | 'server'): Side {
    return name === 'client' ? this.#client : this.#server
  }

  #packet(
    from: 'client' | 'server',
    flags: number,
    time: number,
    payload: Uint8Array,
    comment: string,
  ): Uint8Array {
    const { client, server, role } = this.#ends
    const isClient = from === 'client'
    const side = this.#side(from)
    const other = this.#side(isClient ? 'server' : 'client')
    const headers = packetHeaders({
      source: isClient ? client : server,
      destination: isClient ? server : client,
      sequence: side.sequence,
      acknowledgement: flags & tcpFlags.ack ? other.sequence : 0,
      flags,
      payload,
    })
    // SYN and FIN take a sequence number each.
    const taken = payload.byteLength + (flags & (tcpFlags.syn | tcpFlags.fin) ? 1 : 0)
    side.sequence = (side.sequence + taken) >>> 0
    side.pending += taken
    if (flags & tcpFlags.ack) other.pending = 0
    const direction = from === role ? 'out' : 'in'
    return enhancedPacket({ time, direction, parts: [headers, payload], comment })
  }
}
