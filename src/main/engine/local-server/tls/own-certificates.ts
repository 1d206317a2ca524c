import type { SecureContextOptions } from 'node:tls'
import type { CertificateFacts, OwnCertificate } from '@shared/model/certificate'
import { readCertificate } from './read-certificate'

/** Where certificates of the user's own last. */
export interface CertificateKeeper {
  list(): OwnCertificate[]
  /** @returns the certificate's id. */
  add(certificate: {
    readonly name: string
    readonly content: Uint8Array
    readonly facts: CertificateFacts
    readonly passphrase: string | null
  }): Promise<string>
  remove(certificateId: string): Promise<void>
  /** What was added, without its passphrase. */
  content(certificateId: string): Promise<Uint8Array>
  /** `null` when it has none. */
  passphrase(certificateId: string): Promise<string | null>
  setPassphrase(certificateId: string, passphrase: string): Promise<void>
}

/** Certificates the user added for the local server. */
export class OwnCertificates {
  readonly #keeper: CertificateKeeper

  constructor(keeper: CertificateKeeper) {
    this.#keeper = keeper
  }

  list(): OwnCertificate[] {
    return this.#keeper.list()
  }

  /**
   * Checks a certificate with its key and keeps both as they were given; see {@link readCertificate}.
   * @throws {AppError} CERTIFICATE_INVALID, INVALID_INPUT (too large, too many), STORAGE_UNWRITABLE,
   * STORAGE_NEWER.
   */
  async add(
    name: string,
    files: readonly Uint8Array[],
    passphrase: string | null,
  ): Promise<{ readonly certificateId: string; readonly facts: CertificateFacts }> {
    const { content, encrypted, facts } = await readCertificate(files, passphrase)
    const kept = { name, content, facts, passphrase: encrypted ? passphrase : null }
    return { certificateId: await this.#keeper.add(kept), facts }
  }

  /** @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE, STORAGE_NEWER. */
  remove(certificateId: string): Promise<void> {
    return this.#keeper.remove(certificateId)
  }

  /**
   * Takes the passphrase of a certificate again, where it is not known in this run.
   * @throws {AppError} NOT_FOUND, CERTIFICATE_INVALID, STORAGE_UNWRITABLE, STORAGE_NEWER.
   */
  async unlock(certificateId: string, passphrase: string): Promise<void> {
    await readCertificate([await this.#keeper.content(certificateId)], passphrase)
    await this.#keeper.setPassphrase(certificateId, passphrase)
  }

  /**
   * What `tls.createSecureContext` takes.
   * @throws {AppError} NOT_FOUND, SECRET_MISSING when the passphrase is not known in this run,
   * CERTIFICATE_INVALID when its file was lost or damaged.
   */
  async contextOf(certificateId: string): Promise<SecureContextOptions> {
    const passphrase = await this.#keeper.passphrase(certificateId)
    const content = await this.#keeper.content(certificateId)
    return (await readCertificate([content], passphrase)).context
  }
}
