import * as v from 'valibot'

/** Largest certificate with its key, in bytes, in all files together. */
export const maxCertificateBytes = 256 * 1024

/** Most certificates of the user's own that are kept. */
export const maxCertificates = 50

/** What is wrong, on purpose, with a certificate that Framescope makes. */
export const certificateFaults = ['none', 'expired', 'mismatch'] as const
export const CertificateFault = v.picklist(certificateFaults)
export type CertificateFault = v.InferOutput<typeof CertificateFault>

/** Whether the local server speaks TLS, and who it says it is. */
export const TlsConfig = v.variant('mode', [
  v.strictObject({ mode: v.literal('off') }),
  /** With a certificate made for this machine, signed by the test CA. */
  v.strictObject({ mode: v.literal('generated'), fault: CertificateFault }),
  /** With a certificate the user added; `null` until one is chosen. */
  v.strictObject({
    mode: v.literal('own'),
    certificateId: v.nullable(v.pipe(v.string(), v.maxLength(100))),
  }),
])
export type TlsConfig = v.InferOutput<typeof TlsConfig>

/** What a certificate says about itself (RFC 5280 section 4.1.2). */
export const CertificateFacts = v.strictObject({
  /** Distinguished names as `CN=…, O=…`. */
  subject: v.string(),
  issuer: v.string(),
  /** Subject alternative names, such as `DNS:localhost` and `IP Address:127.0.0.1`. */
  names: v.array(v.string()),
  /** Milliseconds since the epoch. */
  notBefore: v.number(),
  notAfter: v.number(),
  /** SHA-256 of the certificate: pairs of upper-case hex digits between colons. */
  fingerprint256: v.string(),
})
export type CertificateFacts = v.InferOutput<typeof CertificateFacts>

/**
 * Why a certificate of the user's own cannot be used:
 * - `no-certificate`, `no-key`, `many-keys`: what the files hold.
 * - `other-key`: the key is not that of a certificate.
 * - `passphrase-missing`, `passphrase-wrong`; `old-encryption` is none that can be opened at all.
 * - `unreadable`: neither PEM nor PKCS #12, or damaged.
 * - `unusable`: TLS refuses it, for example for a short key.
 */
export type CertificateProblem =
  | 'no-certificate'
  | 'no-key'
  | 'many-keys'
  | 'other-key'
  | 'passphrase-missing'
  | 'passphrase-wrong'
  | 'old-encryption'
  | 'unreadable'
  | 'unusable'

/** A certificate of the user's own, without its key. */
export const OwnCertificate = v.strictObject({
  certificateId: v.string(),
  name: v.string(),
  /** Those of the server's certificate, not of the chain above it. */
  facts: CertificateFacts,
  /** Its passphrase is not known in this run and must be entered again. */
  passphraseMissing: v.boolean(),
})
export type OwnCertificate = v.InferOutput<typeof OwnCertificate>

/** The CA that signs generated certificates, without its key. */
export const TestAuthority = v.strictObject({
  /** The certificate to be trusted. */
  pem: v.string(),
  facts: CertificateFacts,
})
export type TestAuthority = v.InferOutput<typeof TestAuthority>
