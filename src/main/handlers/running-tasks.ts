import { AppError } from '@shared/errors'

/** Exports and imports under way, by the client that asked for them and the name it chose. */
export class RunningTasks {
  readonly #running = new Map<string, AbortController>()

  /**
   * Runs one; what `work` does once its signal is aborted is up to it.
   * @throws {AppError} INVALID_INPUT when the client has one of that name already, or what it throws.
   */
  async run<T>(
    clientId: string,
    name: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const key = keyOf(clientId, name)
    if (this.#running.has(key))
      throw new AppError('INVALID_INPUT', 'One of that name is under way already.')
    const controller = new AbortController()
    this.#running.set(key, controller)
    try {
      return await work(controller.signal)
    } finally {
      this.#running.delete(key)
    }
  }

  /** Does nothing when it has ended already. */
  cancel(clientId: string, name: string): void {
    this.#running.get(keyOf(clientId, name))?.abort()
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

function keyOf(clientId: string, name: string): string {
  return `${clientId}\n${name}`
}
