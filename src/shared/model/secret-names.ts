/** Parts of names, in lower case without signs, under which credentials are kept. */
const sensitiveParts =
  /authorization|cookie|secwebsocketprotocol|subprotocol|token|secret|passw|passphrase|apikey|accesskey|privatekey|credential/

/** Whether a header, field or parameter of that name holds what must not be written to a log. */
export function isSensitiveName(name: string): boolean {
  return sensitiveParts.test(name.toLowerCase().replaceAll(/[^a-z]/g, ''))
}

/** Words of names that say that a value is a credential. */
const secretWords: ReadonlySet<string> = new Set([
  ...['auth', 'bearer', 'csrf', 'dpop', 'hmac', 'jsessionid', 'jwt', 'key', 'nonce', 'otp', 'pass'],
  ...['passcode', 'passkey', 'phpsessid', 'pin', 'pw', 'pwd', 'saml', 'sess', 'sessid', 'session'],
  ...['sessionid', 'sid', 'sig', 'signature', 'sso', 'ticket', 'xsrf'],
])

/** Headers of the opening handshake whose names have such a word and which hold no credential. */
const handshakeNames: ReadonlySet<string> = new Set(['sec-websocket-key', 'sec-websocket-protocol'])

/** Whether the values of a header look like credentials by its name; Cookie and the like do. */
export function isSecretHeader(name: string): boolean {
  return !handshakeNames.has(name.toLowerCase()) && isSecretParameter(name)
}

/** Whether the values of a URL parameter look like credentials by its name. */
export function isSecretParameter(name: string): boolean {
  return isSensitiveName(name) || wordsOf(name).some((word) => secretWords.has(word))
}

/** `X-Amz-Signature`, `apiKey` and `api_key` as words in lower case. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
}

const jwt = /^eyJ[\w-]{5,}\.[\w-]*(?:\.[\w-]*)*$/
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** Shortest text that is taken for a token because of its characters alone. */
const leastTokenLength = 24

/**
 * Whether a text looks like a token: a JSON Web Token, or letters and digits mixed and too long to
 * have a meaning. UUIDs do not count: they name things.
 */
export function looksLikeToken(text: string): boolean {
  if (jwt.test(text)) return true
  if (text.length < leastTokenLength || uuid.test(text)) return false
  return /^[\w.~+/=-]+$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text)
}
