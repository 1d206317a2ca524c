/**
 * The names under which this server may be asked for, and the origins of its own page. A page of
 * another site can reach a loopback port, directly or by letting its own name resolve to 127.0.0.1
 * (DNS rebinding), but a browser always sends the name it used.
 */
export interface OwnAddresses {
  isOwnHost(host: string | undefined): boolean
  isOwnOrigin(origin: string | undefined): boolean
}

export function ownAddresses(port: number): OwnAddresses {
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`))
  // Browsers leave out the default port of http.
  if (port === 80) for (const name of ['127.0.0.1', 'localhost', '[::1]']) hosts.add(name)
  const origins = new Set([...hosts].map((host) => `http://${host}`))
  return {
    isOwnHost: (host) => host !== undefined && hosts.has(host.toLowerCase()),
    isOwnOrigin: (origin) => origin !== undefined && origins.has(origin),
  }
}
