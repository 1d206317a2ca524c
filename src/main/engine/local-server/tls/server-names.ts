import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'

/** Names and addresses a certificate is made for. */
export interface ServerNames {
  readonly dns: readonly string[]
  readonly ip: readonly string[]
}

const dnsName = /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

/** Under which names this machine can be reached: loopback, its own name and all its addresses. */
export function serverNames(
  host = hostname(),
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): ServerNames {
  const own = host.toLowerCase()
  const dns = ['localhost', own, `${own.split('.')[0]}.local`].filter((name) => dnsName.test(name))
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal)
    // A zone is not part of an address in a certificate.
    .map(({ address }) => address.replace(/%.*$/, ''))
    .filter((address) => isIP(address) !== 0)
  return {
    dns: [...new Set(dns)],
    ip: [...new Set(['127.0.0.1', '::1', ...addresses])],
  }
}
