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
  #ready: Promise<void> = Promise.resolve()

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
  get(ref: string): string | undefined {
    return this.#values.get(ref)
  }

  /** Resolves when every stored secret that can be read is known. Never rejects. */
  get ready(): Promise<void> {
    return this.#ready
  }

  /**
   * Reads what is stored, in the background: the system may ask the user for leave first. Forgets
   * what nothing refers to, which only the start may do, for later an undo may need it; `null` keeps
   * all.
   */
  unlock(referenced: ReadonlySet<string> | null): void {
    const stored = Object.entries(this.#document.data)
    const dropped = new Set(
      stored.map(([ref]) => ref).filter((ref) => referenced && !referenced.has(ref)),
    )
    this.#ready = Promise.all([
      this.#forget(dropped),
      ...stored.filter(([ref]) => !dropped.has(ref)).map(([ref, text]) => this.#decrypt(ref, text)),
    ]).then(() => undefined)
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }

  async #forget(refs: ReadonlySet<string>): Promise<void> {
    if (refs.size === 0) return
    const others = (all: Ciphertexts) =>
      Object.fromEntries(Object.entries(all).filter(([ref]) => !refs.has(ref)))
    // What cannot be removed now is found again at the next start.
    await this.#document.update(others).catch(() => undefined)
  }

  async #decrypt(ref: string, ciphertext: string): Promise<void> {
    try {
      const value = await this.#box?.decrypt(Buffer.from(ciphertext, 'base64'))
      if (value !== undefined) this.#values.set(ref, value)
    } catch {
      // Encrypted for another user or machine; connecting says that it must be entered again.
    }
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
