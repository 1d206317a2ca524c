import { join } from 'node:path'
import { readFile } from 'node:fs/promises'
import * as v from 'valibot'
import { Bookmark } from '@shared/model/capture'
import { writeDurably } from '../../files/durable-file'

/** The file of a capture's bookmarks, in its folder. */
export const bookmarksFile = 'bookmarks.json'

const Document = v.object({ schemaVersion: v.literal(1), data: v.array(Bookmark) })

/** The rows of a log that the user marked, kept in a file of the log's folder if it has one. */
export class LogBookmarks {
  readonly notes = new Map<number, string>()
  readonly #folder: string | null
  readonly #prepare: () => Promise<void>
  readonly #onProblem: (error: unknown) => void
  #changed = false
  #writing: Promise<void> | null = null

  /**
   * @param prepare makes the folder.
   * @param onProblem is told why they cannot be written, and `null` when they were.
   */
  constructor(
    folder: string | null,
    prepare: () => Promise<void>,
    onProblem: (error: unknown) => void,
  ) {
    this.#folder = folder
    this.#prepare = prepare
    this.#onProblem = onProblem
  }

  /** Reads those that were kept; of a file that cannot be read, none. */
  async load(): Promise<void> {
    if (this.#folder === null) return
    for (const { rowId, note } of await readBookmarks(this.#folder)) this.notes.set(rowId, note)
  }

  /** @returns whether anything changed. */
  set(id: number, note: string | null): boolean {
    if (note === null ? !this.notes.delete(id) : this.notes.get(id) === note) return false
    if (note !== null) this.notes.set(id, note)
    this.#changed = true
    this.#writing ??= this.#write()
    return true
  }

  /** Lets go of those of evicted rows; the file follows when it is written next. */
  forgetBefore(firstId: number): void {
    for (const id of this.notes.keys()) if (id < firstId) this.notes.delete(id)
  }

  /** Resolves when they were written or could not be. */
  async flush(): Promise<void> {
    if (this.#changed) this.#writing ??= this.#write()
    await this.#writing
  }

  async #write(): Promise<void> {
    const folder = this.#folder
    // Changes of the same turn share one write.
    await Promise.resolve()
    try {
      while (this.#changed && folder !== null) {
        this.#changed = false
        await this.#prepare()
        await writeBookmarks(folder, this.notes)
      }
      this.#onProblem(null)
    } catch (error) {
      this.#changed = true
      this.#onProblem(error)
    } finally {
      this.#writing = null
    }
  }
}

/** Bookmarks of a capture's folder; none when the file is missing or broken. */
export async function readBookmarks(folder: string): Promise<Bookmark[]> {
  try {
    const json: unknown = JSON.parse(await readFile(join(folder, bookmarksFile), 'utf8'))
    return v.parse(Document, json).data
  } catch {
    return []
  }
}

/** @throws {AppError} STORAGE_UNWRITABLE. */
export function writeBookmarks(
  folder: string,
  bookmarks: ReadonlyMap<number, string>,
): Promise<void> {
  const data = [...bookmarks].map(([rowId, note]) => ({ rowId, note }))
  const text = JSON.stringify({ schemaVersion: 1, data })
  return writeDurably(join(folder, bookmarksFile), `${text}\n`)
}
