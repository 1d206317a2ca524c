import { normalizeUrl, withoutCredentials } from '@shared/model/target-url'
import { SessionFailure } from './failure'

/** Most redirects followed in one attempt. */
export const maxRedirects = 10

/** The statuses that redirect a GET (RFC 9110 section 15.4). */
const statuses = [301, 302, 303, 307, 308]

/** Where to go next. */
export interface Redirect {
  readonly url: string
  /** Whether it stays with the same host and port and does not leave TLS. */
  readonly sameOrigin: boolean
}

/** Whether an answer is a redirect that can be followed. */
export function isRedirect(status: number, location: string | undefined): location is string {
  return location !== undefined && statuses.includes(status)
}

/**
 * Finds the place a Location header names, seen from the URL that answered. Credentials in the URL
 * stay within the origin they were given for; those a Location brings along are never used.
 * @throws {SessionFailure} when the place cannot be connected to.
 */
export function followLocation(location: string, from: string): Redirect {
  const base = new URL(from)
  const next = parseLocation(location, base)
  const sameOrigin =
    next.hostname === base.hostname &&
    portOf(next) === portOf(base) &&
    !(base.protocol === 'wss:' && next.protocol === 'ws:')
  next.username = sameOrigin ? base.username : ''
  next.password = sameOrigin ? base.password : ''
  return { url: next.href, sameOrigin }
}

/** What a redirect says about itself in a row. */
export function redirectNote(status: number, to: Redirect): string {
  const kept = to.sameOrigin
    ? ''
    : ' Headers, Origin and credentials are not sent there, as it is another host, port or no TLS.'
  return `The server redirected with ${status} to ${withoutCredentials(to.url)}.${kept}`
}

function parseLocation(location: string, base: URL): URL {
  try {
    const http = new URL(base)
    http.protocol = base.protocol === 'wss:' ? 'https:' : 'http:'
    const resolved = new URL(location, http)
    resolved.hash = ''
    return new URL(normalizeUrl(resolved.href))
  } catch (cause) {
    throw new SessionFailure(
      {
        step: 'redirect',
        code: '',
        message: `The server redirected to "${location}", which is no place for a WebSocket.`,
        hint: 'Connect to the final URL directly.',
      },
      { cause },
    )
  }
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'wss:' ? '443' : '80') : url.port
}
