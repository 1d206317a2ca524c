import { AppError } from '@shared/errors'
import importWorkerPath from '../../workers/import-worker?modulePath'
import { startWorker } from '../../workers/start-worker'
import type { ImportReply, ImportRequest, ImportTask } from './import-messages'
import type { Imported } from './imported'
import type { SourceFile } from './read-file'

export type { Imported } from './imported'
export type { SourceFile } from './read-file'

/** Most memory that the thread may take for objects, in MiB: one message is held whole. */
const heapLimit = 2048

/** What a file holds, read while it is asked for. Can be gone through once. */
export interface ImportedFile extends AsyncIterable<Imported> {
  /** Complete once iteration has ended: parts that were left out, in words, at most 20. */
  readonly skipped: readonly string[]
  /** How many parts were left out. */
  readonly skippedCount: number
}

export interface ImportOptions {
  /** Files that a HAR names, by their names. */
  readonly attachments?: readonly SourceFile[]
  /** Ends it: iteration then fails with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Reads a HAR or JSON Lines file in a thread of its own, which ends with the iteration.
 *
 * Iteration throws an {@link AppError} IMPORT_FAILED when the file is neither, or when nothing in it
 * could be read; what could not be read besides is in `skipped`.
 */
export function importFile(file: SourceFile, options: ImportOptions = {}): ImportedFile {
  const { attachments = [], signal } = options
  const state = { skipped: [] as readonly string[], skippedCount: 0 }
  async function* items(): AsyncGenerator<Imported, void> {
    const thread = new ImportThread({ file, attachments }, signal)
    try {
      for (;;) {
        const reply = await thread.next()
        if ('error' in reply) throw AppError.from(reply.error)
        state.skipped = reply.skipped
        state.skippedCount = reply.skippedCount
        yield* reply.items
        if (reply.isLast) return
      }
    } finally {
      await thread.stop()
    }
  }
  return {
    get skipped() {
      return state.skipped
    },
    get skippedCount() {
      return state.skippedCount
    },
    [Symbol.asyncIterator]: items,
  }
}

/** Asks for a batch while the one before is being used. */
class ImportThread {
  readonly #worker
  readonly #signal: AbortSignal | undefined
  readonly #abort = () => this.#settle(this.#failed(this.#signal?.reason))
  #waiting: ((reply: Promise<ImportReply>) => void) | null = null
  #ready: Promise<ImportReply> | null = null

  constructor(task: ImportTask, signal: AbortSignal | undefined) {
    this.#signal = signal
    this.#worker = startWorker<ImportRequest, ImportReply>(importWorkerPath, {
      name: 'import',
      data: task,
      heapLimit,
      onReply: (reply) => this.#settle(Promise.resolve(reply)),
      onFailure: (error) =>
        this.#settle(
          this.#failed(
            new AppError('IMPORT_FAILED', `The file could not be read: ${error.message}`, {
              cause: error,
            }),
          ),
        ),
    })
    this.#worker.post('next')
    signal?.addEventListener('abort', this.#abort)
    if (signal?.aborted) this.#abort()
  }

  async next(): Promise<ImportReply> {
    const reply = await (this.#ready ??
      new Promise<ImportReply>((resolve) => {
        this.#waiting = resolve
      }))
    this.#signal?.throwIfAborted()
    this.#ready = null
    if (!('error' in reply) && !reply.isLast) this.#worker.post('next')
    return reply
  }

  async stop(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort)
    await this.#worker.stop()
  }

  #failed(reason: unknown): Promise<ImportReply> {
    const failed = Promise.reject<ImportReply>(reason)
    // It is looked at when the next batch is asked for.
    failed.catch(() => undefined)
    return failed
  }

  #settle(reply: Promise<ImportReply>): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting) waiting(reply)
    else this.#ready = reply
  }
}
