import type { Envelope } from '@shared/transport'

/** Calls that are not answered yet, so that none is left waiting when the engine ends. */
export class PendingCalls {
  readonly #waiting = new Set<(envelope: Envelope) => void>()
  #end: Envelope | null = null

  /** The call's answer, or the last one when that comes first. */
  answer(call: () => Promise<Envelope>): Promise<Envelope> {
    if (this.#end) return Promise.resolve(this.#end)
    return new Promise((resolve, reject) => {
      this.#waiting.add(resolve)
      call()
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(resolve))
    })
  }

  /** From now on every call is answered with this. */
  refuse(envelope: Envelope): void {
    this.#end = envelope
  }

  /** Answers whoever still waits with what {@link refuse} was given. */
  end(): void {
    if (!this.#end) return
    for (const resolve of this.#waiting) resolve(this.#end)
    this.#waiting.clear()
  }
}
