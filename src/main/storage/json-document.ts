import { mkdir, readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '@shared/errors'
import {
  parseDocument,
  serializeDocument,
  type DocumentFormat,
  type ParsedDocument,
} from './document-format'
import { previousOf, removeLeftovers, writeDurably } from '../files/durable-file'
import { currentVersion } from './migrations/migrations'
import { causeInWords, systemCode, unwritable } from '../files/file-failure'

/** Tells the user what a store met, in a sentence or two. */
export type Notify = (level: 'info' | 'warning' | 'error', message: string) => void

type Read<Data> =
  | ParsedDocument<Data>
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'unreadable'; readonly cause: unknown }

interface Change<Data> {
  readonly apply: (data: Data) => Data
  readonly resolve: (data: Data) => void
  readonly reject: (error: unknown) => void
}

interface Start<Data> {
  readonly data: Data
  readonly intact: boolean
  readonly refusal: AppError | null
}

/**
 * One JSON file with a format version. What it holds in memory is what is on disk: a change counts
 * once it was written, and a change that could not be written did not happen.
 */
export class JsonDocument<Data> {
  /** Whether nothing of what earlier runs wrote had to be left out. */
  readonly intact: boolean
  readonly #path: string
  readonly #format: DocumentFormat<Data>
  readonly #refusal: AppError | null
  readonly #waiting: Change<Data>[] = []
  #data: Data
  #writing: Promise<void> | null = null

  private constructor(path: string, format: DocumentFormat<Data>, start: Start<Data>) {
    this.#path = path
    this.#format = format
    this.#data = start.data
    this.#refusal = start.refusal
    this.intact = start.intact
  }

  /**
   * Reads the document. A damaged one is set aside and its previous version used; one of a newer
   * Framescope is left alone and refuses changes in this run. Either is told through `notify`.
   * @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made.
   */
  static async open<Data>(
    folder: string,
    format: DocumentFormat<Data>,
    notify: Notify,
  ): Promise<JsonDocument<Data>> {
    const path = join(folder, `${format.name}.json`)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw unwritable(folder, error)
    })
    await removeLeftovers(path)
    const read = await readDocument(path, format)
    const start = await startFrom(read, path, format, notify)
    return new JsonDocument(path, format, start)
  }

  get data(): Data {
    return this.#data
  }

  /**
   * Changes the data and writes it. Changes asked for while a write is under way are applied in order
   * and written together.
   * @returns the data as written.
   * @throws {AppError} STORAGE_NEWER, STORAGE_UNWRITABLE, INVALID_INPUT, or what `apply` throws.
   */
  update(apply: (data: Data) => Data): Promise<Data> {
    if (this.#refusal) return Promise.reject(this.#refusal)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ apply, resolve, reject })
      this.#writing ??= this.#writeWaiting()
    })
  }

  /** Resolves when nothing is waiting to be written. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing
  }

  async #writeWaiting(): Promise<void> {
    // Changes asked for in the same turn share one write.
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const { next, applied } = this.#applyWaiting()
      try {
        const text = serializeDocument(this.#format, next)
        if (text !== serializeDocument(this.#format, this.#data))
          await writeDurably(this.#path, text)
        this.#data = next
        for (const change of applied) change.resolve(next)
      } catch (error) {
        for (const change of applied) change.reject(error)
      }
    }
    // In the same turn as the last look, so that no change is left waiting.
    this.#writing = null
  }

  #applyWaiting() {
    let next = this.#data
    const applied: Change<Data>[] = []
    for (const change of this.#waiting.splice(0)) {
      try {
        next = this.#asReadBack(change.apply(next))
        applied.push(change)
      } catch (error) {
        change.reject(error)
      }
    }
    return { next, applied }
  }

  /** What could not be read back must not be written: the next start would take it for damage. */
  #asReadBack(data: Data): Data {
    const parsed = parseDocument(this.#format, serializeDocument(this.#format, data))
    if (parsed.outcome === 'whole') return parsed.data
    const reason = parsed.outcome === 'corrupt' ? ` (${parsed.reason})` : ''
    throw new AppError('INVALID_INPUT', `${basename(this.#path)} cannot hold that${reason}.`)
  }
}

async function readDocument<Data>(path: string, format: DocumentFormat<Data>): Promise<Read<Data>> {
  try {
    return parseDocument(format, await readFile(path, 'utf8'))
  } catch (cause) {
    return systemCode(cause) === 'ENOENT'
      ? { outcome: 'missing' }
      : { outcome: 'unreadable', cause }
  }
}

async function startFrom<Data>(
  read: Read<Data>,
  path: string,
  format: DocumentFormat<Data>,
  notify: Notify,
): Promise<Start<Data>> {
  switch (read.outcome) {
    case 'whole':
      return { data: read.data, intact: true, refusal: null }
    case 'newer':
      return refused(newer(path, format, read.version), format, notify)
    case 'unreadable':
      return refused(unreadable(path, read.cause), format, notify)
    default:
      return recover(read, path, format, notify)
  }
}

function refused<Data>(
  refusal: AppError,
  format: DocumentFormat<Data>,
  notify: Notify,
): Start<Data> {
  notify('warning', refusal.message)
  return { data: format.initial(), intact: false, refusal }
}

/** Falls back to the previous version, then to the beginning; what is damaged is set aside, never lost. */
async function recover<Data>(
  read: Read<Data> & { readonly outcome: 'missing' | 'corrupt' },
  path: string,
  format: DocumentFormat<Data>,
  notify: Notify,
): Promise<Start<Data>> {
  const previous = await readDocument(previousOf(path), format)
  if (read.outcome === 'missing' && previous.outcome === 'missing')
    return { data: format.initial(), intact: true, refusal: null }
  if (previous.outcome === 'newer')
    return refused(newer(previousOf(path), format, previous.version), format, notify)
  try {
    const kept = [
      ...(read.outcome === 'corrupt' ? [await setAside(path, read.reason)] : []),
      ...(previous.outcome === 'corrupt'
        ? [await setAside(previousOf(path), previous.reason)]
        : []),
    ]
    const found = read.outcome === 'missing' ? [`${basename(path)} was not there.`] : []
    const data = previous.outcome === 'whole' ? previous.data : format.initial()
    const used =
      previous.outcome === 'whole' ? 'The version before it was opened instead.' : 'It starts anew.'
    notify('warning', [...found, ...kept, used].join(' '))
    if (previous.outcome === 'whole') await writeDurably(path, serializeDocument(format, data))
    return { data, intact: false, refusal: null }
  } catch (error) {
    const refusal = error instanceof AppError ? error : unwritable(path, error)
    return refused(refusal, format, notify)
  }
}

async function setAside(path: string, reason: string): Promise<string> {
  const kept = `${path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  await rename(path, kept)
  return `${basename(path)} could not be read (${reason}) and is kept as ${kept}.`
}

function newer<Data>(path: string, format: DocumentFormat<Data>, version: number): AppError {
  const known = currentVersion(format.migrations)
  return new AppError(
    'STORAGE_NEWER',
    `${path} was written by a newer Framescope (format ${version}, this one knows ${known}). ` +
      'It is left as it is, and changes to it are not saved in this run.',
    { details: { path, version, known } },
  )
}

function unreadable(path: string, cause: unknown): AppError {
  return new AppError(
    'STORAGE_UNWRITABLE',
    `${path} cannot be read: ${causeInWords(cause)}. ` +
      'It is left as it is, and changes to it are not saved in this run.',
    { cause, details: { path, systemCode: systemCode(cause) } },
  )
}
