import type { X509Certificate } from 'node:crypto'
import type { CertificateFacts } from '@shared/model/certificate'

const betweenNames = /, (?=(?:DNS|IP Address|URI|email|DirName|Registered ID|othername):)/

/** Reads the facts of a certificate. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  return {
    subject: inOneLine(certificate.subject),
    issuer: inOneLine(certificate.issuer),
    names: certificate.subjectAltName?.split(betweenNames) ?? [],
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    fingerprint256: certificate.fingerprint256,
  }
}

/** Node puts each part on a line, and leaves an empty name undefined. */
function inOneLine(name: string | undefined): string {
  return name?.split('\n').join(', ') ?? ''
}
