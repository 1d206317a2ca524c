import type { EventName, EventPayload } from '@shared/contract'
import type { BackendEvent } from './backend'

/** Hands events to whoever listens; who is addressed is for the listener to see to. */
export class EventHub {
  readonly #listeners = new Set<(event: BackendEvent) => void>()
  readonly #onDefect: (error: unknown) => void

  /** `onDefect` hears what a listener throws: the engine's work must not end with it. */
  constructor(onDefect: (error: unknown) => void) {
    this.#onDefect = onDefect
  }

  /** Returns the function that stops listening. */
  on(listener: (event: BackendEvent) => void): () => void {
    // Its own function, so that the same listener may be added twice and each addition ended once.
    const own = (event: BackendEvent) => {
      try {
        listener(event)
      } catch (error) {
        this.#onDefect(error)
      }
    }
    this.#listeners.add(own)
    return () => void this.#listeners.delete(own)
  }

  /** Tells one client, or all without a `clientId`. */
  emit<Name extends EventName>(
    name: Name,
    payload: EventPayload<Name>,
    clientId: string | null = null,
  ): void {
    for (const listener of this.#listeners) listener({ clientId, name, payload })
  }

  /** From now on nothing is told. */
  close(): void {
    this.#listeners.clear()
  }
}
