import type { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { connect, TLSSocket, type SecureContext } from 'node:tls'

/**
 * The certificate a server with this context shows its clients, learnt by a handshake in memory:
 * Node opens PKCS #12 for TLS alone.
 * @throws what the handshake fails with.
 */
export async function presentedCertificate(
  secureContext: SecureContext,
): Promise<X509Certificate | undefined> {
  const [near, far] = duplexPair()
  const server = new TLSSocket(near, { isServer: true, secureContext })
  // Whom it is for does not matter here; nothing is sent.
  const client = connect({ socket: far, rejectUnauthorized: false })
  server.on('error', (error) => client.destroy(error))
  try {
    await once(client, 'secureConnect')
    return client.getPeerX509Certificate()
  } finally {
    client.destroy()
    server.destroy()
  }
}
