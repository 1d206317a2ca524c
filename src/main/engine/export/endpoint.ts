import { isIPv4, isIPv6 } from 'node:net'

/** One end of a TCP connection. */
export interface Endpoint {
  /** IPv4, or IPv6 without brackets and zone. */
  readonly address: string
  readonly port: number
}

/** Reads `127.0.0.1:8080` or `[::1]:8080`; `null` for what is neither. */
export function parseEndpoint(text: string): Endpoint | null {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? []
  const inside = /^\[(.*)\]$/.exec(host)?.[1] ?? host
  const address = inside.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv4(address) && !isIPv6(address)) return null
  return Number(port) > 0xffff ? null : { address, port: Number(port) }
}

/** The bytes of an address: 4 or 16, in network order. */
export function addressBytes(address: string): Uint8Array {
  return isIPv4(address) ? Uint8Array.from(address.split('.'), Number) : ipv6Bytes(address)
}

function ipv6Bytes(address: string): Uint8Array {
  // The last 32 bits may be written as IPv4 (RFC 4291 section 2.2).
  const text = address.replace(/\d+\.\d+\.\d+\.\d+$/, (last) => {
    const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number)
    return `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
  })
  const [left = '', right] = text.split('::')
  const head = groupsOf(left)
  const tail = right === undefined ? [] : groupsOf(right)
  const groups = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  const bytes = Buffer.alloc(16)
  for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, index * 2)
  return bytes
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
