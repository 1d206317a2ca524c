import { AppError } from '../errors'

/**
 * Makes a WebSocket URL of what somebody typed.
 *
 * - Space around it is dropped; `http` becomes `ws`, `https` becomes `wss`.
 * - A missing scheme is completed: `ws` on port 80, `wss` on port 443, otherwise `ws` for
 *   `localhost`, names ending in `.localhost`, IP addresses and names of one label, and `wss` for
 *   every other name.
 *
 * @returns the URL in the form the WHATWG URL standard writes it; the same again for its own result.
 * @throws {AppError} URL_INVALID, saying what to change.
 */
export function normalizeUrl(text: string): string {
  const typed = text.trim()
  if (typed === '') throw invalid('Enter a URL, for example ws://127.0.0.1:8765.')
  if (typed.includes('#'))
    throw invalid(
      'A WebSocket URL has no fragment (RFC 6455 section 3). Remove everything from the # on, or write %23 for a literal #.',
    )
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(typed)?.[1]?.toLowerCase()
  const url = scheme === undefined ? withScheme(typed) : parse(withWebSocketScheme(typed, scheme))
  if (url.hostname === '') throw invalid(`${quote(typed)} names no host.`)
  checkCredentials(url)
  return url.href
}

/** The URL without its user name and password, to be shown and stored. */
export function withoutCredentials(href: string): string {
  const url = new URL(href)
  url.username = ''
  url.password = ''
  return url.href
}

const replacements: Readonly<Record<string, string>> = {
  ws: 'ws',
  wss: 'wss',
  http: 'ws',
  https: 'wss',
}

function withWebSocketScheme(typed: string, scheme: string): string {
  const replacement = Object.hasOwn(replacements, scheme) ? replacements[scheme] : undefined
  if (replacement === undefined)
    throw invalid(
      `A WebSocket URL starts with ws:// or wss://; ${quote(`${scheme}://`)} cannot be used.`,
    )
  return replacement + typed.slice(scheme.length)
}

function withScheme(typed: string): URL {
  const rest = typed.replace(/^\/\//, '')
  const url = parse(`ws://${rest}`)
  // The parser drops the port that is the default of the scheme, so both schemes are asked.
  const secure = parse(`wss://${rest}`)
  if (secure.port === '' && url.port !== '') return secure
  if (url.port === '' && secure.port !== '') return url
  return isNearby(url.hostname) ? url : secure
}

function isNearby(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.startsWith('[') ||
    /^\d+(?:\.\d+){3}$/.test(host) ||
    !host.includes('.')
  )
}

function parse(candidate: string): URL {
  try {
    return new URL(candidate)
  } catch {
    const rest = candidate.replace(/^wss?:\/\//, '')
    throw invalid(
      `${quote(rest)} is no valid address. It should look like host:port/path, with a port of at most 65535.`,
    )
  }
}

function checkCredentials(url: URL): void {
  try {
    decodeURIComponent(url.username)
    decodeURIComponent(url.password)
  } catch {
    throw invalid(
      'The user name or password in the URL has a % that starts no valid escape. Write %25 for a literal %.',
    )
  }
}

function quote(text: string): string {
  return text.length > 200 ? `"${text.slice(0, 200)}…"` : `"${text}"`
}

function invalid(message: string): AppError {
  return new AppError('URL_INVALID', message)
}
