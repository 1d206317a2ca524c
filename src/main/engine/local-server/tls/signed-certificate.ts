// @peculiar/x509 keeps its registry with decorators, which need this to have run before.
import '@abraham/reflection'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { randomBytes } from 'node:crypto'
import type { ServerNames } from './server-names'

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyedCertificate {
  readonly key: string
  readonly certificate: string
}

/** From when until when, as `Date` counts. */
export interface Validity {
  readonly notBefore: number
  readonly notAfter: number
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const signature = { name: 'ECDSA', hash: 'SHA-256' }

/** Makes a CA that signs itself and may sign servers, but no further CA (RFC 5280 section 4.2.1.9). */
export async function createAuthority(validity: Validity): Promise<KeyedCertificate> {
  const keys = await newKeys()
  const shortId = randomBytes(4).toString('hex')
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [`Framescope test CA ${shortId}`] }],
    keys,
    signingAlgorithm: signature,
    ...asDates(validity),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await inPem(keys.privateKey), certificate: `${certificate.toString('pem')}\n` }
}

/** Makes a server's certificate with a key of its own, signed by the authority. */
export async function createServerCertificate(
  authority: KeyedCertificate,
  names: ServerNames,
  validity: Validity,
): Promise<KeyedCertificate> {
  const { privateKey, publicKey } = await newKeys()
  const issuer = new X509Certificate(authority.certificate)
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [names.dns[0] ?? names.ip[0] ?? 'localhost'] }],
    issuer: issuer.subjectName,
    publicKey,
    signingKey: await signingKey(authority.key),
    signingAlgorithm: signature,
    ...asDates(validity),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...names.dns.map((value) => ({ type: 'dns' as const, value })),
        ...names.ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuer),
    ],
  })
  return { key: await inPem(privateKey), certificate: `${certificate.toString('pem')}\n` }
}

function newKeys() {
  return crypto.subtle.generateKey(curve, true, ['sign', 'verify'])
}

function signingKey(pem: string) {
  const bytes = PemConverter.decodeFirst(pem)
  return crypto.subtle.importKey('pkcs8', bytes, curve, false, ['sign'])
}

async function inPem(key: Parameters<typeof crypto.subtle.exportKey>[1]): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key)
  return `${PemConverter.encode(bytes, 'PRIVATE KEY')}\n`
}

function asDates({ notBefore, notAfter }: Validity) {
  return { notBefore: new Date(notBefore), notAfter: new Date(notAfter) }
}
