import type { ExportFormat } from '@shared/model/export'
import type { ExportedRow } from '../exported-row'
import { inventedHeads, splitHeads } from '../handshake-text'
import type { Piece, RowFormat } from '../row-format'
import { interfaceDescription, linkTypes, longestPacket, sectionHeader } from './blocks'
import { mostTagBytes, pduPacket } from './exported-pdu'
import { SessionEnds, type Ends } from './session-ends'
import { TcpStream } from './tcp-stream'
import { maskedPart, refragmented, wireFramesOf, type WireFrameBytes } from './wire-frames'

/** `tcp`: invented TCP over raw IP. `pdu`: exported PDU. */
export type PcapngMode = Extract<ExportFormat, { name: 'pcapng' }>['mode']

const fileComments: Readonly<Record<PcapngMode, string>> = {
  tcp: 'Written by Framescope from the WebSocket traffic it recorded. The IP and TCP headers are invented: addresses and ports are real where a packet does not say otherwise; sequence numbers, acknowledgements, checksums, segments, and the packets that open and close a connection are not.',
  pdu: 'Written by Framescope from the WebSocket traffic it recorded: HTTP heads and WebSocket frames as exported PDUs.',
}

const inventedTcp = 'Invented: TCP was not recorded.'

/** Longest payload of a frame that fits into a packet with its tags and its header. */
const mostPayload = longestPacket - mostTagBytes - 16

/** A connection in the file. */
interface Stream {
  readonly ends: Ends
  readonly tcp: TcpStream
  closes: number
  lastTime: number
}

/** pcapng with nanosecond times, for Wireshark and its relatives. */
export class PcapngFormat implements RowFormat {
  readonly handshakes = true
  readonly #mode: PcapngMode
  readonly #ends = new SessionEnds()
  readonly #streams = new Map<number, Stream>()

  constructor(mode: PcapngMode) {
    this.#mode = mode
  }

  *begin(): Generator<Piece, void> {
    yield sectionHeader(fileComments[this.#mode])
    yield this.#mode === 'tcp'
      ? interfaceDescription(linkTypes.rawIp, 'WebSocket connections')
      : interfaceDescription(linkTypes.exportedPdu, 'WebSocket frames')
  }

  *row(exported: ExportedRow): Generator<Piece, void> {
    const { row, payload } = exported
    if (row.kind === 'open') {
      yield* this.#handshake(exported, Buffer.from(payload).toString('utf8'), '')
      return
    }
    const message = wireFramesOf(exported)
    if (!message) return
    let stream = this.#streams.get(row.session)
    if (!stream) {
      const remark = 'Invented: the opening handshake was not at hand.'
      stream = yield* this.#handshake(exported, inventedHeads(exported.session.url), remark)
    }
    const from = (row.direction === 'out') === (stream.ends.role === 'client') ? 'client' : 'server'
    let comment = [row.broken && `${row.broken.rule} (${row.broken.section}).`, message.remark]
      .filter((part) => part)
      .join(' ')
    for (const frame of message.frames) {
      yield* this.#frame(stream, from, frame, comment)
      comment = ''
    }
    stream.lastTime = row.time
    if (row.kind === 'close') stream.closes += 1
  }

  *end(): Generator<Piece, void> {
    if (this.#mode === 'pdu') return
    for (const { tcp, closes, lastTime } of this.#streams.values())
      if (closes > 1) yield* tcp.close(lastTime, inventedTcp)
  }

  *#handshake(exported: ExportedRow, heads: string, remark: string): Generator<Piece, Stream> {
    const { session, row } = exported
    const ends = this.#ends.endsOf(session)
    const tcp = new TcpStream(ends, session.number)
    const stream: Stream = { ends, tcp, closes: 0, lastTime: row.time }
    this.#streams.set(session.number, stream)
    const { request, response } = splitHeads(heads)
    const comment = [remark, ends.remark].filter((part) => part).join(' ')
    if (this.#mode === 'tcp') {
      yield* tcp.open(row.time, inventedTcp)
      yield* tcp.send('client', Buffer.from(request), row.time, comment)
      yield* tcp.send('server', Buffer.from(response), row.time, remark)
      return stream
    }
    const common = { dissector: 'http', time: row.time } as const
    if (request)
      yield pduPacket(ends, { ...common, from: 'client', parts: [Buffer.from(request)], comment })
    if (response)
      yield pduPacket(ends, {
        ...common,
        from: 'server',
        parts: [Buffer.from(response)],
        comment: remark,
      })
    return stream
  }

  *#frame(
    { ends, tcp }: Stream,
    from: 'client' | 'server',
    frame: WireFrameBytes,
    comment: string,
  ): Generator<Piece, void> {
    if (this.#mode === 'tcp') {
      yield* tcp.sendFrame(from, frame, comment)
      return
    }
    let remark = comment
    const frames =
      frame.payload.byteLength <= mostPayload ? [frame] : refragmented(frame, mostPayload)
    for (const part of frames) {
      const { header, time } = part
      const parts = [header, maskedPart(part, 0, part.payload.byteLength)]
      yield pduPacket(ends, { dissector: 'websocket', from, parts, time, comment: remark })
      remark = ''
    }
  }
}
