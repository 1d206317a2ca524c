import * as tls from 'node:tls'

let context: { readonly of: tls.SecureContext; readonly authority: string | null } | undefined

/** The certificates trusted: Node's own, those of NODE_EXTRA_CA_CERTS, and the system's, in PEM. */
export function trustedCertificates(): readonly string[] {
  // Electron's Node may be older than the one that learned to read the system's store.
  if (typeof tls.getCACertificates !== 'function') return tls.rootCertificates
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])]
}

/**
 * The TLS context of every connection; made once, since reading hundreds of certificates is slow.
 * @param authority one more certificate that is trusted, in PEM.
 */
export function trustedContext(authority: string | null = null): tls.SecureContext {
  if (context?.authority !== authority) {
    const ca = [...trustedCertificates(), ...(authority === null ? [] : [authority])]
    context = { of: tls.createSecureContext({ ca }), authority }
  }
  return context.of
}
