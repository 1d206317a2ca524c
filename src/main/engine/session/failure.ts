import type { Failure } from '@shared/model/connection'

type Step = Failure['step']

/** Ends an attempt or a connection with a failure that is ready to be shown. */
export class SessionFailure extends Error {
  readonly failure: Failure

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options)
    this.name = 'SessionFailure'
    this.failure = failure
  }
}

/** What was being reached, for the words of a failure. */
export interface FailureContext {
  readonly host: string
  readonly port: number
  readonly secure: boolean
}

type Words = (context: FailureContext) => readonly [message: string, hint: string]

const untrusted = 'Verify certificate can be switched off for this connection.'

/** What the system's, TLS's and the HTTP parser's codes mean, and what to try next. */
const table: Readonly<Record<string, Words>> = {
  ENOTFOUND: ({ host }) => [
    `No address was found for ${host}.`,
    'Check the spelling of the host name, and that the name server knows it.',
  ],
  EAI_AGAIN: ({ host }) => [
    `The name server did not answer the look-up of ${host}.`,
    'Check the network connection and try again.',
  ],
  ECONNREFUSED: ({ host, port }) => [
    `${host} refused the connection on port ${port}.`,
    'Check that the server is running and that the port is right.',
  ],
  ECONNRESET: ({ host }) => [
    `${host} reset the connection.`,
    'The server, or something between, cut it; its log may say why.',
  ],
  ETIMEDOUT: ({ host, port }) => [
    `${host} did not answer on port ${port}.`,
    'Check the address; a firewall may drop the packets.',
  ],
  EHOSTUNREACH: ({ host }) => [
    `No route leads to ${host}.`,
    'Check the network or VPN connection.',
  ],
  ENETUNREACH: ({ host }) => [
    `The network of ${host} cannot be reached.`,
    'Check the network or VPN connection.',
  ],
  EADDRNOTAVAIL: ({ host, port }) => [
    `The system has no address from which it could reach ${host} on port ${port}.`,
    'Check the address and the port.',
  ],
  EACCES: ({ host, port }) => [
    `The system does not permit a connection to ${host} on port ${port}.`,
    'Check the rules of a local firewall.',
  ],
  EPIPE: ({ host }) => [
    `${host} had already closed the connection.`,
    'The server may have stopped reading; its log may say why.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: ({ host }) => [
    `The certificate of ${host} is self-signed and not trusted.`,
    `${untrusted} Or add the certificate to the system's trusted ones.`,
  ],
  SELF_SIGNED_CERT_IN_CHAIN: ({ host }) => [
    `The certificate of ${host} leads to a self-signed authority that is not trusted.`,
    `${untrusted} Or add the authority to the system's trusted ones.`,
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ({ host }) => [
    `The certificate of ${host} was issued by an authority that is not known.`,
    `The server may not send its intermediate certificates. ${untrusted}`,
  ],
  UNABLE_TO_GET_ISSUER_CERT: ({ host }) => [
    `The issuer of the certificate of ${host} is not known.`,
    `Add the authority to the system's trusted ones. ${untrusted}`,
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ({ host }) => [
    `The issuer of the certificate of ${host} is not known.`,
    `Add the authority to the system's trusted ones. ${untrusted}`,
  ],
  CERT_HAS_EXPIRED: ({ host }) => [
    `The certificate of ${host} has expired.`,
    `Renew it on the server, and check the clock of this computer. ${untrusted}`,
  ],
  CERT_NOT_YET_VALID: ({ host }) => [
    `The certificate of ${host} is not valid yet.`,
    `Check the clock of this computer. ${untrusted}`,
  ],
  CERT_REVOKED: ({ host }) => [`The certificate of ${host} was revoked.`, untrusted],
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => [
    `The certificate is for another name than ${host}.`,
    `Use a name the certificate is for. ${untrusted}`,
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: ({ host }) => [
    `${host} offers no TLS version that is accepted here.`,
    'TLS 1.2 or newer is needed.',
  ],
  EPROTO: ({ host }) => [
    `The TLS handshake with ${host} failed.`,
    'The port may not speak TLS, or its settings do not match; for a port without TLS use ws://.',
  ],
  HPE_HEADER_OVERFLOW: () => [
    'The head of the answer is longer than is accepted.',
    'Check that the URL leads to a WebSocket server.',
  ],
}

/** Codes OpenSSL gives to an answer that is not TLS at all. */
function notTls({ host, port }: FailureContext): readonly [string, string] {
  return [
    `Port ${port} of ${host} does not speak TLS.`,
    'For a server without TLS use ws:// instead of wss://.',
  ]
}

function notHttp({ host, port, secure }: FailureContext): readonly [string, string] {
  return [
    `What answered on port ${port} of ${host} does not speak HTTP.`,
    secure ? 'Check the port.' : 'Check the port; for a port with TLS use wss:// instead of ws://.',
  ]
}

const hungUp: Words = ({ host, secure }) => [
  `${host} closed the connection without answering the handshake.`,
  secure
    ? 'The server may not serve WebSockets at this address; its log may say why.'
    : 'The server may not serve WebSockets at this address, or may expect wss://.',
]

const stepWords: Readonly<Record<Step, string>> = {
  lookup: 'The look-up failed',
  connect: 'The connection failed',
  tls: 'The TLS handshake failed',
  handshake: 'The opening handshake failed',
  timeout: 'The time ran out',
  redirect: 'The redirect failed',
  network: 'The connection was lost',
  protocol: 'The protocol was broken',
}

/** Says in plain words what an error of the network, TLS or HTTP means. */
export function describeFailure(step: Step, error: unknown, context: FailureContext): Failure {
  const code = codeOf(error)
  const [message, hint] = wordsFor(step, code, error, context)
  return { step, code, message, hint }
}

/** The system's or library's code of an error; of several attempts the first one's. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code)
  return ''
}

function wordsFor(
  step: Step,
  code: string,
  error: unknown,
  context: FailureContext,
): readonly [string, string] {
  if (step === 'handshake' && (code === 'ECONNRESET' || code === 'EPIPE')) return hungUp(context)
  if (code.startsWith('HPE_') && code !== 'HPE_HEADER_OVERFLOW') return notHttp(context)
  const words = Object.hasOwn(table, code) ? table[code] : undefined
  if (words) return words(context)
  const reason = error instanceof Error ? error.message : String(error)
  return [`${stepWords[step]}: ${reason || code || 'no reason was given'}.`, '']
}
