import { X509Certificate } from 'node:crypto'
import type { CertificateFault, TestAuthority } from '@shared/model/certificate'
import { certificateFacts } from './certificate-facts'
import { serverNames, type ServerNames } from './server-names'
import type { KeyedCertificate, Validity } from './signed-certificate'

/** Where the CA lasts. */
export interface AuthorityKeeper {
  /** `null` when none was kept. */
  get(): KeyedCertificate | null
  put(authority: KeyedCertificate): Promise<void>
}

/** What `tls.createSecureContext` takes. */
export interface GeneratedCertificate {
  readonly key: string
  /** The server's certificate, then that of the CA, in PEM. */
  readonly cert: string
}

const day = 24 * 60 * 60 * 1000
const authorityLife = 3650 * day

/** Clients distrust what is valid for more than 397 days. */
const serverLife = 90 * day

/** Made early enough for peers whose clock is behind. */
const leeway = day

/** Certificates for the local server, signed by a CA that this data folder alone has. */
export class ServerCertificates {
  readonly #keeper: AuthorityKeeper
  readonly #names: () => ServerNames
  #authority: Promise<KeyedCertificate> | null = null

  constructor(keeper: AuthorityKeeper, names: () => ServerNames = serverNames) {
    this.#keeper = keeper
    this.#names = names
  }

  /**
   * Makes a certificate with a new key for the names and addresses this machine has now. `expired`
   * ended yesterday; `mismatch` is for `wrong.example` alone.
   */
  async generated(fault: CertificateFault): Promise<GeneratedCertificate> {
    const { createServerCertificate } = await import('./signed-certificate')
    const authority = await this.#opened()
    const names = fault === 'mismatch' ? { dns: ['wrong.example'], ip: [] } : this.#names()
    const validity = validityOf(fault)
    const { key, certificate } = await createServerCertificate(authority, names, validity)
    return { key, cert: certificate + authority.certificate }
  }

  /** The CA to be trusted; made when asked for the first time. */
  async authority(): Promise<TestAuthority> {
    const { certificate } = await this.#opened()
    return { pem: certificate, facts: certificateFacts(new X509Certificate(certificate)) }
  }

  #opened(): Promise<KeyedCertificate> {
    this.#authority ??= this.#open()
    return this.#authority
  }

  async #open(): Promise<KeyedCertificate> {
    const kept = this.#keeper.get()
    if (kept && endOf(kept) > Date.now() + serverLife) return kept
    const { createAuthority } = await import('./signed-certificate')
    const now = Date.now()
    const made = await createAuthority({ notBefore: now - leeway, notAfter: now + authorityLife })
    await this.#keeper.put(made)
    return made
  }
}

function validityOf(fault: CertificateFault): Validity {
  const now = Date.now()
  return fault === 'expired'
    ? { notBefore: now - day - serverLife, notAfter: now - day }
    : { notBefore: now - leeway, notAfter: now + serverLife }
}

function endOf({ certificate }: KeyedCertificate): number {
  return Date.parse(new X509Certificate(certificate).validTo)
}
