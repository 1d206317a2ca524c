import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { createSecureContext, type SecureContextOptions } from 'node:tls'
import { AppError } from '@shared/errors'
import { maxCertificateBytes, type CertificateFacts } from '@shared/model/certificate'
import { certificateFacts } from './certificate-facts'
import { certificateInvalid } from './certificate-invalid'
import { pemBlocks } from './pem-blocks'
import { presentedCertificate } from './presented-certificate'

/** A certificate of the user's own that can be used. */
export interface ReadCertificate {
  /** What was given, as one file that reads the same. */
  readonly content: Uint8Array
  /** Whether it takes the passphrase to read it. */
  readonly encrypted: boolean
  readonly facts: CertificateFacts
  /** What `tls.createSecureContext` takes; the server's certificate stands first. */
  readonly context: SecureContextOptions
}

/**
 * Checks a certificate with its private key: PEM in any number of files and in any order, or one
 * PKCS #12 file. One that has expired, or not begun, is as good as any other.
 * @param passphrase - of the key or of the PKCS #12 file; `null` for none. Ignored when the key is not
 * encrypted.
 * @throws {AppError} CERTIFICATE_INVALID with a `CertificateProblem` as `details.problem`,
 * INVALID_INPUT when it is too large.
 */
export async function readCertificate(
  files: readonly Uint8Array[],
  passphrase: string | null,
): Promise<ReadCertificate> {
  if (files.reduce((sum, { length }) => sum + length, 0) > maxCertificateBytes)
    throw new AppError('INVALID_INPUT', 'Certificates are no larger than 256 KiB.')
  const texts = files.map((bytes) => Buffer.from(bytes).toString('latin1'))
  if (texts.every((text) => text.includes('-----BEGIN '))) return readPem(texts, passphrase)
  const [pfx] = files
  if (!pfx || files.length > 1) throw certificateInvalid('unreadable')
  return readPkcs12(pfx, passphrase)
}

function readPem(texts: readonly string[], passphrase: string | null): ReadCertificate {
  const content = texts.join('\n')
  const blocks = pemBlocks(content)
  const certificates = blocks.filter(({ label }) => label === 'CERTIFICATE')
  const [key, ...otherKeys] = blocks.filter(({ label }) => label.endsWith('PRIVATE KEY'))
  if (certificates.length === 0) throw certificateInvalid('no-certificate')
  if (!key) throw certificateInvalid('no-key')
  if (otherKeys.length > 0) throw certificateInvalid('many-keys')
  const encrypted = key.text.includes('ENCRYPTED')
  const privateKey = openKey(key.text, encrypted, passphrase)
  const chain = certificates.map(({ text }) => parseCertificate(text))
  const own = chain.find((certificate) => certificate.checkPrivateKey(privateKey))
  if (!own) throw certificateInvalid('other-key')
  const sorted = [own, ...chain.filter((certificate) => certificate !== own)]
  const context = {
    cert: sorted.map(String).join(''),
    key: key.text,
    ...(encrypted && passphrase !== null && { passphrase }),
  }
  try {
    createSecureContext(context)
  } catch (error) {
    throw certificateInvalid('unusable', error)
  }
  const bytes = Buffer.from(content, 'latin1')
  return { content: bytes, encrypted, facts: certificateFacts(own), context }
}

function openKey(text: string, encrypted: boolean, passphrase: string | null): KeyObject {
  if (encrypted && passphrase === null) throw certificateInvalid('passphrase-missing')
  try {
    return createPrivateKey({ key: text, ...(passphrase !== null && { passphrase }) })
  } catch (error) {
    if (!encrypted) throw certificateInvalid('unreadable', error)
    throw certificateInvalid(isUnsupported(error) ? 'old-encryption' : 'passphrase-wrong')
  }
}

function parseCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (error) {
    throw certificateInvalid('unreadable', error)
  }
}

async function readPkcs12(pfx: Uint8Array, passphrase: string | null): Promise<ReadCertificate> {
  const context = { pfx: Buffer.from(pfx), ...(passphrase !== null && { passphrase }) }
  const secureContext = openPkcs12(context, passphrase)
  const certificate = await presentedCertificate(secureContext).catch((error: unknown) => {
    throw certificateInvalid('unusable', error)
  })
  if (!certificate) throw certificateInvalid('no-certificate')
  const facts = certificateFacts(certificate)
  return { content: pfx, encrypted: passphrase !== null, facts, context }
}

function openPkcs12(context: SecureContextOptions, passphrase: string | null) {
  try {
    return createSecureContext(context)
  } catch (error) {
    // The words are OpenSSL's, BoringSSL's and Node's; not all of them come with a code.
    const words = error instanceof Error ? error.message : ''
    if (/mac verify|incorrect.password/i.test(words))
      throw certificateInvalid(passphrase === null ? 'passphrase-missing' : 'passphrase-wrong')
    if (isUnsupported(error)) throw certificateInvalid('old-encryption')
    if (/load private key/i.test(words)) throw certificateInvalid('no-key')
    if (/load certificate/i.test(words)) throw certificateInvalid('no-certificate')
    const usable = error instanceof Error && 'code' in error && String(error.code).includes('_SSL_')
    throw certificateInvalid(usable ? 'unusable' : 'unreadable', error)
  }
}

function isUnsupported(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /UNSUPPORTED/.test(String(error.code))
}
