import { createServer, type AddressInfo, type Server } from 'node:net'
import { AppError } from '@shared/errors'

/** Ports after a taken one that are tried before the system is asked for any. */
const portsProbed = 100

/** What to listen on when a system has no IPv6. */
const noIpv6: readonly string[] = ['EAFNOSUPPORT', 'EADDRNOTAVAIL']

/**
 * Starts to listen on 127.0.0.1, or on all interfaces, IPv6 and IPv4 alike.
 * @returns the port, and whether IPv6 is listened on.
 * @throws {AppError} PORT_IN_USE with `details.nextFree`, LISTEN_FAILED.
 */
export async function listen(
  server: Server,
  port: number,
  allInterfaces: boolean,
): Promise<{ readonly port: number; readonly ipv6: boolean }> {
  try {
    return await listenOnHosts(server, port, allInterfaces)
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'EADDRINUSE') throw listenFailed(port, code, error)
    const nextFree = await findFreePort(port, allInterfaces)
    const advice = nextFree === null ? 'Choose another one.' : `The next free one is ${nextFree}.`
    throw new AppError('PORT_IN_USE', `Port ${port} is used by another program. ${advice}`, {
      cause: error,
      details: { port, nextFree },
    })
  }
}

async function listenOnHosts(server: Server, port: number, allInterfaces: boolean) {
  if (!allInterfaces) return { port: await listenOn(server, port, '127.0.0.1'), ipv6: false }
  try {
    return { port: await listenOn(server, port, '::'), ipv6: true }
  } catch (error) {
    if (!noIpv6.includes(codeOf(error))) throw error
    return { port: await listenOn(server, port, '0.0.0.0'), ipv6: false }
  }
}

function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host, exclusive: true }, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** The next port above that can be listened on, tried out by doing so; `null` when there is none. */
async function findFreePort(taken: number, allInterfaces: boolean): Promise<number | null> {
  const last = Math.min(taken + portsProbed, 65_535)
  for (let port = taken + 1; port <= last; port += 1)
    if ((await probe(port, allInterfaces)) !== null) return port
  return probe(0, allInterfaces)
}

async function probe(port: number, allInterfaces: boolean): Promise<number | null> {
  const server = createServer()
  try {
    const { port: free } = await listenOnHosts(server, port, allInterfaces)
    return free
  } catch {
    return null
  } finally {
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
}

function listenFailed(port: number, code: string, cause: unknown): AppError {
  const message =
    code === 'EACCES'
      ? `The system does not permit listening on port ${port}. Ports from 1024 on need no special rights.`
      : `Port ${port} cannot be listened on (${code || String(cause)}). Try another one.`
  return new AppError('LISTEN_FAILED', message, { cause, details: { port, code } })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
