import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { unwritable } from '../files/file-failure'

/** Contents that a document refers to, one file each under a name of its own, which never changes. */
export class ContentFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @returns the name of the file. @throws {AppError} STORAGE_UNWRITABLE. */
  async write(bytes: Uint8Array): Promise<string> {
    const name = randomUUID()
    const path = join(this.#folder, name)
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 })
      const file = await open(path, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
    } catch (error) {
      await this.remove(name)
      throw unwritable(path, error)
    }
    return name
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await readFile(join(this.#folder, name)))
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true }).catch(() => undefined)
  }

  /** Removes what nothing refers to, such as files of a run that was killed while adding one. */
  async removeExcept(names: ReadonlySet<string>): Promise<void> {
    const found = await readdir(this.#folder).catch(() => [])
    await Promise.all(found.filter((name) => !names.has(name)).map((name) => this.remove(name)))
  }
}
