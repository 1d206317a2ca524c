import { networkInterfaces } from 'node:os'

/**
 * The URLs a server can be reached at: the loopback one first and, on all interfaces, one for each
 * address of the machine that works without naming an interface.
 */
export function serverUrls(
  port: number,
  reach: { readonly allInterfaces: boolean; readonly ipv6: boolean; readonly tls?: boolean },
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): string[] {
  const scheme = reach.tls ? 'wss' : 'ws'
  const urls = [`${scheme}://127.0.0.1:${port}`]
  if (!reach.allInterfaces) return urls
  const addresses = Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal }) => !internal)
  for (const { address, family } of addresses)
    if (family === 'IPv4') urls.push(`${scheme}://${address}:${port}`)
  if (!reach.ipv6) return urls
  for (const { address, family, scopeid } of addresses)
    if (family === 'IPv6' && scopeid === 0) urls.push(`${scheme}://[${address}]:${port}`)
  return urls
}
