import { randomUUID } from 'node:crypto'
import * as v from 'valibot'
import type { SecretBox } from '../host'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'

/** Ciphertext in base64 by reference. */
type Ciphertexts = Readonly<Record<string, string>>

export const secretsFormat: DocumentFormat<Ciphertexts> = {
  name: 'secrets',
  schema: v.record(v.string(), v.pipe(v.string(), v.base64())),
  migrations: migrations.secrets,
  initial: () => ({}),
}

/**
 * Secret header values. On disk only as the system's encryption made them; without that, in memory
 * for this run. A value goes in and is looked up by the engine, and never comes out to the interface.
 */
export class SecretStore {
  readonly #document: JsonDocument<Ciphertexts>
  readonly #box: SecretBox | null
  readonly #notify: Notify
  readonly #values = new Map<string, string>()

  private constructor(document: JsonDocument<Ciphertexts>, box: SecretBox | null, notify: Notify) {
    this.#document = document
    this.#box = box
    this.#notify = notify
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(folder: string, box: SecretBox | null, notify: Notify): Promise<SecretStore> {
    return new SecretStore(await JsonDocument.open(folder, secretsFormat, notify), box, notify)
  }

  /** @returns the reference a header holds instead of the value. */
  async put(value: string): Promise<string> {
    const ref = randomUUID()
    this.#values.set(ref, value)
    if (this.#box) await this.#persist(this.#box, ref, value)
    return ref
  }

  /** @returns the value, or `undefined` when it is not known in this run. */
  async get(ref: string): Promise<string | undefined> {
    const known = this.#values.get(ref)
    if (known !== undefined) return known
    const stored = Object.hasOwn(this.#document.data, ref) ? this.#document.data[ref] : undefined
    if (stored === undefined || !this.#box) return undefined
    try {
      const value = await this.#box.decrypt(Buffer.from(stored, 'base64'))
      this.#values.set(ref, value)
      return value
    } catch {
      // Encrypted for another user or machine; the caller says that it must be entered again.
      return undefined
    }
  }

  /** Forgets every stored secret that nothing refers to. Only for the start: later, undo may need one. */
  async collect(referenced: ReadonlySet<string>): Promise<void> {
    const kept = (all: Ciphertexts) =>
      Object.fromEntries(Object.entries(all).filter(([ref]) => referenced.has(ref)))
    const count = Object.keys(this.#document.data).length
    if (Object.keys(kept(this.#document.data)).length < count) await this.#document.update(kept)
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }

  async #persist(box: SecretBox, ref: string, value: string): Promise<void> {
    try {
      const ciphertext = Buffer.from(await box.encrypt(value)).toString('base64')
      await this.#document.update((all) => ({ ...all, [ref]: ciphertext }))
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#notify('warning', `A secret is kept for this run only. ${reason}`)
    }
  }
}
