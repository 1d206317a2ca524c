import * as tls from 'node:tls'

let context: tls.SecureContext | undefined

/** The certificates trusted: Node's own, those of NODE_EXTRA_CA_CERTS, and the system's, in PEM. */
export function trustedCertificates(): readonly string[] {
  // Electron's Node may be older than the one that learned to read the system's store.
  if (typeof tls.getCACertificates !== 'function') return tls.rootCertificates
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])]
}

/** The TLS context of every connection; made once, since reading hundreds of certificates is slow. */
export function trustedContext(): tls.SecureContext {
  context ??= tls.createSecureContext({ ca: [...trustedCertificates()] })
  return context
}
