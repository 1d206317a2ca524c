import { AppError } from '@shared/errors'
import type { CertificateProblem } from '@shared/model/certificate'

const sentences: Readonly<Record<CertificateProblem, string>> = {
  'no-certificate': 'There is no certificate in it. Add the file with the certificate too.',
  'no-key': 'There is no private key in it. Add the file with the key too.',
  'many-keys': 'There are several private keys in it. Add only the one of the certificate.',
  'other-key':
    'The private key belongs to none of the certificates. Add the one the certificate was made for.',
  'passphrase-missing': 'The private key is encrypted. Enter its passphrase.',
  'passphrase-wrong': 'The passphrase does not open the private key. Enter the right one.',
  'old-encryption':
    'It is encrypted in a way that is not supported any more. Save it anew with a current tool, ' +
    'with AES instead of RC2 or DES.',
  unreadable:
    'It cannot be read as a certificate. Add PEM, in one file or several, or one PKCS #12 file ' +
    '(.pfx, .p12).',
  unusable: 'It cannot be used for TLS. Add one with another key or signature.',
}

/** CERTIFICATE_INVALID with the sentence for the problem, and what TLS itself said where it did. */
export function certificateInvalid(problem: CertificateProblem, cause?: unknown): AppError {
  const reason = cause instanceof Error ? ` (${cause.message})` : ''
  return new AppError('CERTIFICATE_INVALID', sentences[problem] + reason, {
    cause,
    details: { problem },
  })
}
