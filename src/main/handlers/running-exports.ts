import type { SavedFile } from '@shared/contract'
import { AppError } from '@shared/errors'

/** Exports under way, by the client that asked for them and the name it chose. */
export class RunningExports {
  readonly #running = new Map<string, AbortController>()

  /**
   * Runs one; `work` ends with the outcome `cancelled` once its signal is aborted, as `saveTo` does.
   * @throws {AppError} INVALID_INPUT when the client has one of that name already, or what it throws.
   */
  async run(
    clientId: string,
    exportId: string,
    work: (signal: AbortSignal) => Promise<SavedFile>,
  ): Promise<SavedFile> {
    const key = keyOf(clientId, exportId)
    if (this.#running.has(key))
      throw new AppError('INVALID_INPUT', 'An export of that name is under way already.')
    const controller = new AbortController()
    this.#running.set(key, controller)
    try {
      return await work(controller.signal)
    } finally {
      this.#running.delete(key)
    }
  }

  /** Does nothing when it has ended already. */
  cancel(clientId: string, exportId: string): void {
    this.#running.get(keyOf(clientId, exportId))?.abort()
  }

  /** A client is gone. */
  cancelOwnedBy(clientId: string): void {
    for (const [key, controller] of this.#running)
      if (key.startsWith(keyOf(clientId, ''))) controller.abort()
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort()
  }
}

function keyOf(clientId: string, exportId: string): string {
  return `${clientId}\n${exportId}`
}
