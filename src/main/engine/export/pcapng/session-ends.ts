import type { SessionInfo } from '@shared/model/frame'
import { addressBytes, parseEndpoint, type Endpoint } from '../endpoint'
import { isForeignPort } from './foreign-ports'
import type { Address } from './tcp-packet'

/** Both ends of a connection as its packets name them. */
export interface Ends {
  /** Which of them was this end. */
  readonly role: SessionInfo['role']
  readonly client: Address
  readonly server: Address
  /** What of it is not as it was, in words; empty when all is. */
  readonly remark: string
}

/** Where a port is not known: the first one of RFC 6335 section 6 that anybody may use. */
const firstFreePort = 49_152

/** Addresses for documentation (RFC 5737, RFC 3849), where one is not known. */
const unknownAddresses = {
  4: { client: '192.0.2.1', server: '192.0.2.2' },
  6: { client: '2001:db8::1', server: '2001:db8::2' },
}

/** Stands for a server's port that readers take for another protocol. */
const plainPort = 80

/** Gives every session ends of its own, as near to the real ones as can be. */
export class SessionEnds {
  readonly #taken = new Set<string>()

  endsOf(session: SessionInfo): Ends {
    const remarks: string[] = []
    const local = parseEndpoint(session.local)
    const peer = parseEndpoint(session.peer)
    const [client, server] = session.role === 'client' ? [local, peer] : [peer, local]
    const version = (client ?? server)?.address.includes(':') ? 6 : 4
    const matches = (end: Endpoint | null) => end?.address.includes(':') === (version === 6)
    const unknown = unknownAddresses[version]
    if (!client || !server || !matches(client) || !matches(server))
      remarks.push('Addresses that are not known are replaced by ones for documentation.')
    const realPort = server?.port ?? portOf(session.url)
    const serverPort = isForeignPort(realPort) ? plainPort : realPort
    if (serverPort !== realPort)
      remarks.push(
        `Port ${realPort} is written as ${serverPort}, because readers expect another protocol there.`,
      )
    const clientAddress = client && matches(client) ? client.address : unknown.client
    const serverAddress = server && matches(server) ? server.address : unknown.server
    const wanted = client?.port ?? firstFreePort + (session.number % 0x1000)
    const clientPort = this.#freePort(wanted, `${clientAddress} ${serverAddress}:${serverPort}`)
    if (client && clientPort !== client.port)
      remarks.push(
        `Client port ${client.port} is written as ${clientPort}, because it was used twice or readers expect another protocol there.`,
      )
    return {
      role: session.role,
      client: { bytes: addressBytes(clientAddress), port: clientPort },
      server: { bytes: addressBytes(serverAddress), port: serverPort },
      remark: remarks.join(' '),
    }
  }

  /** A port that no other session has towards the same server and that means nothing else. */
  #freePort(wanted: number, ends: string): number {
    let port = wanted
    for (let tries = 0; tries < 0x1_0000; tries += 1) {
      const key = `${ends} ${port}`
      if (!this.#taken.has(key) && !isForeignPort(port)) {
        this.#taken.add(key)
        return port
      }
      port = port >= 0xffff ? 1024 : port + 1
    }
    return wanted
  }
}

function portOf(url: string): number {
  const parsed = URL.parse(url)
  if (!parsed) return plainPort
  return Number(parsed.port) || (parsed.protocol === 'wss:' ? 443 : plainPort)
}
