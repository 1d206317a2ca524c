import { createHash } from 'node:crypto'
import { basename, resolve } from 'node:path'
import * as v from 'valibot'
import type { Folder } from '@shared/model/folder'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'

type Folders = readonly string[]

export const foldersFormat: DocumentFormat<Folders> = {
  name: 'folders',
  schema: v.array(v.string()),
  migrations: migrations.folders,
  initial: () => [],
}

/** The folders that local servers may serve: those the host allows, or else those that were chosen. */
export class FolderStore {
  readonly #document: JsonDocument<Folders>
  readonly #allowed: readonly string[] | null

  private constructor(document: JsonDocument<Folders>, allowed: readonly string[] | null) {
    this.#document = document
    this.#allowed = allowed
  }

  /**
   * @param allowed paths that this run may serve; `null` where a dialog chooses them.
   * @throws {AppError} STORAGE_UNWRITABLE when the data folder cannot be made.
   */
  static async open(
    folder: string,
    allowed: readonly string[] | null,
    notify: Notify,
  ): Promise<FolderStore> {
    return new FolderStore(await JsonDocument.open(folder, foldersFormat, notify), allowed)
  }

  list(): Folder[] {
    return this.#paths().map(folderOf)
  }

  /** @returns its path; `null` for one that is not known, or not allowed in this run. */
  pathOf(folderId: string): string | null {
    return this.#paths().find((path) => idOf(path) === folderId) ?? null
  }

  /** Keeps a folder that the user chose. */
  async add(path: string): Promise<Folder> {
    const absolute = resolve(path)
    await this.#document.update((known) =>
      known.includes(absolute) ? known : [...known, absolute],
    )
    return folderOf(absolute)
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }

  #paths(): readonly string[] {
    return this.#allowed ?? this.#document.data
  }
}

const folderOf = (path: string): Folder => ({ folderId: idOf(path), name: basename(path) || path })

/** The same for the same path, so that a server finds its folder again. */
function idOf(path: string): string {
  return createHash('sha256').update(path).digest('base64url').slice(0, 22)
}
