import { createPrivateKey, X509Certificate } from 'node:crypto'
import * as v from 'valibot'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'

/** A CA's private key and certificate, both PEM; `null` before there is one. */
type Authority = { readonly key: string; readonly certificate: string } | null

export const authorityFormat: DocumentFormat<Authority> = {
  name: 'test-ca',
  schema: v.nullable(
    v.pipe(
      v.strictObject({ key: v.string(), certificate: v.string() }),
      v.check(isWhole, 'the key and the certificate do not fit together'),
    ),
  ),
  migrations: migrations['test-ca'],
  initial: () => null,
}

/** The CA that signs the certificates of the local server, with its key. */
export class AuthorityStore {
  readonly #document: JsonDocument<Authority>
  readonly #notify: Notify

  private constructor(document: JsonDocument<Authority>, notify: Notify) {
    this.#document = document
    this.#notify = notify
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(folder: string, notify: Notify): Promise<AuthorityStore> {
    return new AuthorityStore(await JsonDocument.open(folder, authorityFormat, notify), notify)
  }

  get(): Authority {
    return this.#document.data
  }

  /** Keeps a CA instead of the one before. Never rejects: one that cannot be kept serves this run. */
  async put(authority: NonNullable<Authority>): Promise<void> {
    const replaced = this.get() !== null || !this.#document.intact
    try {
      await this.#document.update(() => authority)
      if (replaced)
        this.#notify(
          'warning',
          'The local server has a new test CA. Whoever trusted the one before must trust this one.',
        )
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#notify('warning', `The test CA is kept for this run only. ${reason}`)
    }
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }
}

function isWhole({ key, certificate }: NonNullable<Authority>): boolean {
  try {
    const parsed = new X509Certificate(certificate)
    return parsed.ca && parsed.checkPrivateKey(createPrivateKey(key))
  } catch {
    return false
  }
}
