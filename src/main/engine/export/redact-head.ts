import type { Redaction } from '@shared/model/export'
import { isSecretHeader, isSecretParameter, looksLikeToken } from '@shared/model/secret-names'
import { redacted, redactUrl, redactUrls } from './redact-url'

/** The request line of RFC 9112 section 3. */
const requestLine = /^([A-Z]+ )(\S+)( HTTP\/\d(?:\.\d)?)$/

/**
 * Hides the secrets of handshake heads (one, or request and response one after the other): header
 * values by name, subprotocols that look like tokens, and what URLs hold.
 */
export function redactHeads(heads: string, redaction: Redaction): string {
  const extra = new Set(redaction.headers.map((name) => name.trim().toLowerCase()))
  return heads
    .split('\r\n')
    .map((line) => redactLine(line, redaction, extra))
    .join('\r\n')
}

function redactLine(line: string, redaction: Redaction, extra: ReadonlySet<string>): string {
  const request = requestLine.exec(line)
  if (request) {
    const [, method = '', target = '', version = ''] = request
    return redaction.urlSecrets ? method + redactUrl(target) + version : line
  }
  const colon = line.indexOf(':')
  if (colon <= 0) return redaction.urlSecrets ? redactUrls(line) : line
  const name = line.slice(0, colon)
  const value = line.slice(colon + 1).trim()
  const hidden = redactValue(name, value, redaction, extra)
  return hidden === value ? line : `${name}: ${hidden}`
}

function redactValue(
  name: string,
  value: string,
  { credentials, urlSecrets }: Redaction,
  extra: ReadonlySet<string>,
): string {
  if (extra.has(name.toLowerCase())) return redacted
  if (credentials && isSecretHeader(name)) return redacted
  if (credentials && name.toLowerCase() === 'sec-websocket-protocol') return redactProtocols(value)
  if (!urlSecrets) return value
  // RFC 9110 section 10.2.2: what it names may be relative.
  return name.toLowerCase() === 'location' ? redactUrl(value) : redactUrls(value)
}

/**
 * Some clients, for want of a header of their own, send a token among the subprotocols, often after
 * one whose name announces it.
 */
function redactProtocols(value: string): string {
  let announced = false
  return value
    .split(',')
    .map((part) => {
      const protocol = part.trim()
      const secret = announced || looksLikeToken(protocol)
      announced = isSecretParameter(protocol)
      return secret ? part.replace(protocol, () => redacted) : part
    })
    .join(',')
}
