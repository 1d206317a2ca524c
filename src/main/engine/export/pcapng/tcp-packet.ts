/** Bits of a TCP header (RFC 9293 section 3.1). */
export const tcpFlags = { fin: 0x01, syn: 0x02, push: 0x08, ack: 0x10 } as const

/** Bits by which a window is shifted; the largest that RFC 7323 section 2.3 allows. */
const windowShift = 14

/** Of the first segment of each side: maximum segment size, no operation, window scale. */
const synOptions = Uint8Array.of(2, 4, 0xff, 0xd7, 1, 3, 3, windowShift)

const noOptions = new Uint8Array(0)
const tcpHeaderBytes = 20
const ipv4HeaderBytes = 20
const ipv6HeaderBytes = 40
const tcpProtocol = 6
const hopLimit = 64

/** One end as a packet names it. */
export interface Address {
  /** 4 or 16 bytes; the same at both ends. */
  readonly bytes: Uint8Array
  readonly port: number
}

export interface Segment {
  readonly source: Address
  readonly destination: Address
  readonly sequence: number
  readonly acknowledgement: number
  readonly flags: number
  readonly payload: Uint8Array
}

/** The IP and TCP headers of a segment, with their checksums (RFC 791, RFC 8200, RFC 9293). */
export function packetHeaders(segment: Segment): Uint8Array {
  const { source, destination, flags, payload } = segment
  const options = flags & tcpFlags.syn ? synOptions : noOptions
  const tcp = Buffer.alloc(tcpHeaderBytes + options.byteLength)
  tcp.writeUInt16BE(source.port, 0)
  tcp.writeUInt16BE(destination.port, 2)
  tcp.writeUInt32BE(segment.sequence, 4)
  tcp.writeUInt32BE(segment.acknowledgement, 8)
  tcp.writeUInt8((tcp.byteLength / 4) << 4, 12)
  tcp.writeUInt8(flags, 13)
  tcp.writeUInt16BE(0xffff, 14)
  tcp.set(options, tcpHeaderBytes)
  const length = tcp.byteLength + payload.byteLength
  // The pseudo header: addresses, length and protocol (RFC 9293 section 3.1, RFC 8200 section 8.1).
  const pseudo = sumOf(source.bytes) + sumOf(destination.bytes) + length + tcpProtocol
  tcp.writeUInt16BE(checksum(pseudo + sumOf(tcp) + sumOf(payload)), 16)
  return Buffer.concat([ipHeader(source.bytes, destination.bytes, length), tcp])
}

function ipHeader(source: Uint8Array, destination: Uint8Array, length: number): Buffer {
  if (source.byteLength === 16) {
    const header = Buffer.alloc(ipv6HeaderBytes)
    header.writeUInt8(0x60, 0)
    header.writeUInt16BE(length, 4)
    header.writeUInt8(tcpProtocol, 6)
    header.writeUInt8(hopLimit, 7)
    header.set(source, 8)
    header.set(destination, 24)
    return header
  }
  const header = Buffer.alloc(ipv4HeaderBytes)
  header.writeUInt8(0x45, 0)
  header.writeUInt16BE(ipv4HeaderBytes + length, 2)
  // Do not fragment.
  header.writeUInt16BE(0x4000, 6)
  header.writeUInt8(hopLimit, 8)
  header.writeUInt8(tcpProtocol, 9)
  header.set(source, 12)
  header.set(destination, 16)
  header.writeUInt16BE(checksum(sumOf(header)), 10)
  return header
}

/** The sum of big-endian 16-bit words, the last one padded (RFC 1071). */
function sumOf(bytes: Uint8Array): number {
  let sum = 0
  const even = bytes.byteLength & ~1
  for (let at = 0; at < even; at += 2)
    sum += ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  return even === bytes.byteLength ? sum : sum + ((bytes[even] as number) << 8)
}

function checksum(sum: number): number {
  let folded = sum
  while (folded > 0xffff) folded = (folded % 0x1_0000) + Math.floor(folded / 0x1_0000)
  return ~folded & 0xffff
}
