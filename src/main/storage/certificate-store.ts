import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as v from 'valibot'
import { AppError } from '@shared/errors'
import { CertificateFacts, maxCertificates, type OwnCertificate } from '@shared/model/certificate'
import { createTurns } from '@shared/turns'
import { causeInWords } from '../files/file-failure'
import { ContentFiles } from './content-files'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'
import type { SecretStore } from './secret-store'

const StoredCertificate = v.strictObject({
  certificateId: v.string(),
  name: v.string(),
  facts: CertificateFacts,
  /** The secret that opens the key; `null` for a key that is not encrypted. */
  passphraseRef: v.nullable(v.string()),
  /** The name of the file with the certificate and its key. */
  file: v.pipe(v.string(), v.uuid()),
})
type StoredCertificate = v.InferOutput<typeof StoredCertificate>
type Certificates = readonly StoredCertificate[]

export const certificatesFormat: DocumentFormat<Certificates> = {
  name: 'certificates',
  schema: v.array(StoredCertificate),
  migrations: migrations.certificates,
  initial: () => [],
}

/** A certificate to be kept; `content` holds its key too. */
interface NewCertificate {
  readonly name: string
  readonly content: Uint8Array
  readonly facts: CertificateFacts
  readonly passphrase: string | null
}

/** The certificates the user added, as they were given; their passphrases are among the secrets. */
export class CertificateStore {
  readonly #document: JsonDocument<Certificates>
  readonly #files: ContentFiles
  readonly #secrets: SecretStore
  /** Changes wait for one another, because they depend on what is there. */
  readonly #inTurn = createTurns()

  private constructor(
    document: JsonDocument<Certificates>,
    files: ContentFiles,
    secrets: SecretStore,
  ) {
    this.#document = document
    this.#files = files
    this.#secrets = secrets
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(
    folder: string,
    secrets: SecretStore,
    notify: Notify,
  ): Promise<CertificateStore> {
    const document = await JsonDocument.open(folder, certificatesFormat, notify)
    const files = new ContentFiles(join(folder, 'certificates'))
    // A document that was set aside may come back, and with it what it refers to.
    if (document.intact) await files.removeExcept(new Set(document.data.map(({ file }) => file)))
    return new CertificateStore(document, files, secrets)
  }

  /** Whether nothing of what earlier runs wrote had to be left out. */
  get intact(): boolean {
    return this.#document.intact
  }

  /** The secrets that are needed, whether they are known or not. */
  secretRefs(): string[] {
    return this.#document.data.flatMap(({ passphraseRef }) => passphraseRef ?? [])
  }

  list(): OwnCertificate[] {
    return this.#document.data.map(({ certificateId, name, facts, passphraseRef }) => ({
      certificateId,
      name,
      facts,
      passphraseMissing: passphraseRef !== null && this.#secrets.get(passphraseRef) === undefined,
    }))
  }

  /**
   * @returns the certificate's id.
   * @throws {AppError} INVALID_INPUT when there are too many, STORAGE_UNWRITABLE, STORAGE_NEWER.
   */
  add(certificate: NewCertificate): Promise<string> {
    return this.#inTurn(() => this.#add(certificate))
  }

  /** @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE, STORAGE_NEWER. */
  remove(certificateId: string): Promise<void> {
    return this.#inTurn(async () => {
      const { file } = this.#require(certificateId)
      await this.#document.update((all) =>
        all.filter((each) => each.certificateId !== certificateId),
      )
      await this.#files.remove(file)
    })
  }

  /**
   * What was added: the certificate with its key.
   * @throws {AppError} NOT_FOUND, CERTIFICATE_INVALID when the file cannot be read any more.
   */
  async content(certificateId: string): Promise<Uint8Array> {
    const { name, file } = this.#require(certificateId)
    try {
      return await this.#files.read(file)
    } catch (error) {
      throw new AppError(
        'CERTIFICATE_INVALID',
        `The file of the certificate “${name}” cannot be read: ${causeInWords(error)}. ` +
          'The certificate must be added again.',
        { cause: error },
      )
    }
  }

  /**
   * The passphrase of a certificate; `null` when it has none. Waits until stored secrets were read.
   * @throws {AppError} NOT_FOUND, SECRET_MISSING.
   */
  async passphrase(certificateId: string): Promise<string | null> {
    await this.#secrets.ready
    const { name, passphraseRef } = this.#require(certificateId)
    if (passphraseRef === null) return null
    const passphrase = this.#secrets.get(passphraseRef)
    if (passphrase !== undefined) return passphrase
    throw new AppError(
      'SECRET_MISSING',
      `The passphrase of the certificate “${name}” is not known in this run. Enter it again.`,
      { details: { certificateId } },
    )
  }

  /** @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE, STORAGE_NEWER. */
  setPassphrase(certificateId: string, passphrase: string): Promise<void> {
    return this.#inTurn(async () => {
      this.#require(certificateId)
      const passphraseRef = await this.#secrets.put(passphrase)
      await this.#document.update((all) =>
        all.map((each) =>
          each.certificateId === certificateId ? { ...each, passphraseRef } : each,
        ),
      )
    })
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }

  async #add({ name, content, facts, passphrase }: NewCertificate): Promise<string> {
    if (this.#document.data.length >= maxCertificates)
      throw new AppError(
        'INVALID_INPUT',
        `There are ${maxCertificates} certificates already. One of them must be removed first.`,
      )
    const certificateId = randomUUID()
    const file = await this.#files.write(content)
    try {
      const passphraseRef = passphrase === null ? null : await this.#secrets.put(passphrase)
      const certificate = { certificateId, name, facts, passphraseRef, file }
      await this.#document.update((all) => [...all, certificate])
    } catch (error) {
      await this.#files.remove(file)
      throw error
    }
    return certificateId
  }

  #require(certificateId: string): StoredCertificate {
    const found = this.#document.data.find((each) => each.certificateId === certificateId)
    if (found) return found
    throw new AppError('NOT_FOUND', 'That certificate is not there any more.')
  }
}
