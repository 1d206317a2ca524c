import { readBookmarks, writeBookmarks } from './bookmark-file'

/** The rows of a log that the user marked, kept in a file of the log's folder if it has one. */
export class LogBookmarks {
  readonly notes = new Map<number, string>()
  readonly #folder: string | null
  readonly #prepare: () => Promise<void>
  readonly #onProblem: (error: unknown) => void
  #untouchable = false
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

  /** Reads those that were kept. @returns what is wrong with their file; `null` when nothing is. */
  async load(): Promise<string | null> {
    if (this.#folder === null) return null
    const { bookmarks, problem, untouchable } = await readBookmarks(this.#folder)
    for (const { rowId, note } of bookmarks) this.notes.set(rowId, note)
    this.#untouchable = untouchable
    return problem
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
      while (this.#changed && folder !== null && !this.#untouchable) {
        this.#changed = false
        await this.#prepare()
        await writeBookmarks(folder, this.notes)
        this.#onProblem(null)
      }
    } catch (error) {
      this.#changed = true
      this.#onProblem(error)
    } finally {
      this.#writing = null
    }
  }
}
