import { enhancedPacket } from './blocks'
import type { Ends } from './session-ends'

/** Tags of an exported PDU that are used here (Wireshark's epan/exported_pdu.h). */
const tags = {
  end: 0,
  dissector: 12,
  ipv4Source: 20,
  ipv4Destination: 21,
  ipv6Source: 22,
  ipv6Destination: 23,
  portType: 24,
  sourcePort: 25,
  destinationPort: 26,
}

const tcpPortType = 2

/** Bytes that the tags in front of a PDU take at most. */
export const mostTagBytes = 128

/** What of a stream is one PDU. */
export interface Pdu {
  /** What dissects it. */
  readonly dissector: 'http' | 'websocket'
  readonly from: 'client' | 'server'
  readonly parts: readonly Uint8Array[]
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly comment: string
}

/** One message of a protocol above TCP, with the ends it went between, as a packet block. */
export function pduPacket(ends: Ends, { dissector, from, parts, time, comment }: Pdu): Uint8Array {
  const [source, destination] =
    from === 'client' ? [ends.client, ends.server] : [ends.server, ends.client]
  const isIpv6 = source.bytes.byteLength === 16
  const head = Buffer.concat([
    tag(tags.dissector, Buffer.from(dissector)),
    tag(isIpv6 ? tags.ipv6Source : tags.ipv4Source, source.bytes),
    tag(isIpv6 ? tags.ipv6Destination : tags.ipv4Destination, destination.bytes),
    tag(tags.portType, number(tcpPortType)),
    tag(tags.sourcePort, number(source.port)),
    tag(tags.destinationPort, number(destination.port)),
    tag(tags.end, new Uint8Array(0)),
  ])
  const direction = from === ends.role ? 'out' : 'in'
  return enhancedPacket({ time, direction, parts: [head, ...parts], comment })
}

/** Big-endian type and length; values are padded with zeros up to four bytes. */
function tag(type: number, value: Uint8Array): Buffer {
  const length = Math.ceil(value.byteLength / 4) * 4
  const bytes = Buffer.alloc(4 + length)
  bytes.writeUInt16BE(type, 0)
  bytes.writeUInt16BE(length, 2)
  bytes.set(value, 4)
  return bytes
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
