import type { SecureContextOptions } from 'node:tls'
import { AppError } from '@shared/errors'
import type { TlsConfig } from '@shared/model/certificate'
import type { OwnCertificates } from './own-certificates'
import type { ServerCertificates } from './server-certificates'

/**
 * Certificate and key as a server is told to have them.
 * @throws {AppError} CERTIFICATE_INVALID, NOT_FOUND, SECRET_MISSING.
 */
export async function certificateFor(
  tls: TlsConfig,
  generated: ServerCertificates,
  own: OwnCertificates,
): Promise<SecureContextOptions> {
  if (tls.mode === 'generated') return generated.generated(tls.fault)
  if (tls.mode === 'own' && tls.certificateId !== null) return own.contextOf(tls.certificateId)
  throw new AppError(
    'CERTIFICATE_INVALID',
    'No certificate is chosen. Choose one, or let Framescope make one.',
  )
}
