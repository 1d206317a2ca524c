import { characterBoundary } from '../../frame-log/row-preview'

/** Link types of the packets of a file (tcpdump.org/linktypes.html). */
export const linkTypes = { rawIp: 101, exportedPdu: 252 } as const

/** What a packet's flags say of its direction, seen from this end. */
export const packetDirections = { in: 1, out: 2 } as const

const blockTypes = { section: 0x0a0d0d0a, interface: 1, packet: 6 }
const options = { end: 0, comment: 1, application: 4, resolution: 9, flags: 2, name: 2 }

/** Packets longer than this make readers stop. */
export const longestPacket = 262_144

/** Longest value of an option, whose length takes 16 bits. */
const longestOption = 0xffff

const nanosecondsPerMicrosecond = 1000n

/** A section header block, little-endian, with a comment on the whole file (pcapng section 4.1). */
export function sectionHeader(comment: string): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(0x1a2b3c4d, 0)
  head.writeUInt16LE(1, 4)
  // The length of the section is not known.
  head.fill(0xff, 8, 16)
  const described = [option(options.comment, comment), option(options.application, 'Framescope')]
  return block(blockTypes.section, [head, ...described, option(options.end)])
}

/** An interface whose times are nanoseconds since the epoch (pcapng section 4.2). */
export function interfaceDescription(linkType: number, name: string): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt16LE(linkType, 0)
  const described = [option(options.name, name), option(options.resolution, Uint8Array.of(9))]
  return block(blockTypes.interface, [head, ...described, option(options.end)])
}

/** A packet and what is told of it. */
export interface Packet {
  /** Milliseconds since the epoch, microseconds as the fraction. */
  readonly time: number
  readonly direction: 'in' | 'out'
  /** The packet's bytes in parts. */
  readonly parts: readonly Uint8Array[]
  readonly comment: string
}

/** An enhanced packet block on the first interface (pcapng section 4.3). */
export function enhancedPacket({ time, direction, parts, comment }: Packet): Buffer {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0)
  const head = Buffer.alloc(20)
  const nanoseconds = BigInt(Math.round(time * 1000)) * nanosecondsPerMicrosecond
  head.writeUInt32LE(Number(nanoseconds >> 32n), 4)
  head.writeUInt32LE(Number(nanoseconds & 0xffff_ffffn), 8)
  head.writeUInt32LE(length, 12)
  head.writeUInt32LE(length, 16)
  const flags = Buffer.alloc(4)
  flags.writeUInt32LE(packetDirections[direction])
  return block(blockTypes.packet, [
    head,
    ...parts,
    padding(length),
    ...(comment ? [option(options.comment, comment)] : []),
    option(options.flags, flags),
    option(options.end),
  ])
}

function block(type: number, parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0) + 12
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  head.writeUInt32LE(length, 4)
  return Buffer.concat([head, ...parts, head.subarray(4)])
}

function option(code: number, value: string | Uint8Array = ''): Buffer {
  const whole = typeof value === 'string' ? Buffer.from(value) : value
  const bytes = whole.subarray(0, characterBoundary(whole, longestOption))
  const head = Buffer.alloc(4)
  head.writeUInt16LE(code, 0)
  head.writeUInt16LE(bytes.byteLength, 2)
  return Buffer.concat([head, bytes, padding(bytes.byteLength)])
}

const zeros = Buffer.alloc(3)

function padding(length: number): Uint8Array {
  return zeros.subarray(0, (4 - (length & 3)) & 3)
}
