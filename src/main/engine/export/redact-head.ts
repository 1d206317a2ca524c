import type { Redaction } from '@shared/model/export'
import { isSecretHeader, isSecretParameter, looksLikeToken } from '@shared/model/secret-names'
import { isCredentials, redacted, redactTokens, redactUrls } from './redact-url'

/** A field line of RFC 9112 section 5. */
const fieldLine = /^([!#$%&'*+.^_`|~\w-]+):(.*)$/s

/** A field value that goes on in the next line (RFC 9112 section 5.2). */
const foldedLine = /^[ \t]+(?=\S)/

/** Random by nature, and no secret (RFC 6455 section 1.3). */
const randomFields: ReadonlySet<string> = new Set(['sec-websocket-key', 'sec-websocket-accept'])

/** What a subprotocol says of a version, which is no secret. */
const version = /^v?\d{1,3}(?:\.\d{1,3}){0,2}$/i

/**
 * Hides the secrets of handshake heads (one, or request and response one after the other) and of
 * events that quote them: header values by name, tokens, subprotocols that carry one, and what URLs
 * hold.
 */
export function redactHeads(heads: string, redaction: Redaction): string {
  const redactor = new HeadRedactor(redaction)
  // Every second part is a line break.
  return heads
    .split(/(\r?\n)/)
    .map((part, index) => (index % 2 === 0 ? redactor.line(part) : part))
    .join('')
}

class HeadRedactor {
  readonly #redaction: Redaction
  readonly #extra: ReadonlySet<string>
  /** Subprotocols hidden so far: the answer names one of them again. */
  readonly #hiddenProtocols = new Set<string>()
  /** Whether the subprotocol before announces that the next one is a secret. */
  #isAnnounced = false
  /** Whether the value of the field before was hidden as a whole. */
  #isHidden = false

  constructor(redaction: Redaction) {
    this.#redaction = redaction
    this.#extra = new Set(redaction.headers.map((name) => name.trim().toLowerCase()))
  }

  line(line: string): string {
    const [indent] = foldedLine.exec(line) ?? []
    if (indent !== undefined) return this.#isHidden ? indent + redacted : this.#text(line)
    this.#isHidden = false
    if (line === '') this.#isAnnounced = false
    const [, name = '', rest = ''] = fieldLine.exec(line) ?? []
    if (name === '') return this.#text(line)
    const value = rest.trim()
    const hidden = this.#value(name.toLowerCase(), value)
    return hidden === value ? line : `${name}: ${hidden}`
  }

  #value(name: string, value: string): string {
    const { credentials } = this.#redaction
    this.#isHidden =
      this.#extra.has(name) || (credentials && (isSecretHeader(name) || isCredentials(value)))
    if (this.#isHidden) return redacted
    if (randomFields.has(name)) return value
    return credentials && name === 'sec-websocket-protocol'
      ? this.#protocols(value)
      : this.#text(value)
  }

  #text(text: string): string {
    const { credentials, urlSecrets } = this.#redaction
    const hidden = urlSecrets ? redactUrls(text) : text
    return credentials ? redactTokens(hidden) : hidden
  }

  /**
   * Some clients, for want of a header of their own, send a token among the subprotocols: as one of
   * its own, often after one whose name announces it, or behind such a name.
   */
  #protocols(value: string): string {
    return value
      .split(',')
      .map((part) => {
        const protocol = part.trim()
        const hidden = this.#protocol(protocol)
        return hidden === protocol ? part : part.replace(protocol, () => hidden)
      })
      .join(',')
  }

  #protocol(protocol: string): string {
    const wasAnnounced = this.#isAnnounced
    this.#isAnnounced = false
    if (wasAnnounced || this.#hiddenProtocols.has(protocol) || looksLikeToken(protocol)) {
      this.#hiddenProtocols.add(protocol)
      return redacted
    }
    const hidden = redactTokens(redactBehindName(protocol))
    this.#isAnnounced = hidden === protocol && isSecretParameter(protocol)
    return hidden
  }
}

/** Of `bearer.abc` the second part, of `auth.v1` and `access_token` nothing. */
function redactBehindName(protocol: string): string {
  const parts = protocol.split(/([^\p{L}\d]+)/u)
  const name = parts.findLastIndex((part) => isSecretParameter(part))
  const rest = parts.slice(name + 2)
  if (name < 0 || rest.length === 0 || version.test(rest.join(''))) return protocol
  return [...parts.slice(0, name + 2), redacted].join('')
}
