import { randomUUID } from 'node:crypto'
import type { Bytes } from './decode-failure'

/** Most results that one client may have open; the oldest goes. */
export const maxResultsPerClient = 10

/** Bytes of all results together beyond which the oldest go; the newest always stays. */
const maxBytes = 512 * 1024 * 1024

interface Result {
  readonly clientId: string
  readonly bytes: Bytes
}

/** Decoded payloads that are being looked at, oldest first, under opaque ids. */
export class KeptResults {
  readonly #limit: number
  readonly #results = new Map<string, Result>()

  /** @param limit In bytes. */
  constructor(limit = maxBytes) {
    this.#limit = limit
  }

  /** Keeps a result. @returns its id. */
  add(clientId: string, bytes: Bytes): string {
    const own = [...this.#results].filter(([, result]) => result.clientId === clientId)
    for (const [id] of own.slice(0, Math.max(0, own.length + 1 - maxResultsPerClient)))
      this.#results.delete(id)
    let total = bytes.length
    for (const result of this.#results.values()) total += result.bytes.length
    for (const [id, result] of this.#results) {
      if (total <= this.#limit) break
      this.#results.delete(id)
      total -= result.bytes.length
    }
    const id = randomUUID()
    this.#results.set(id, { clientId, bytes })
    return id
  }

  /** `undefined` when the client has no such result (any more). */
  get(clientId: string, id: string): Bytes | undefined {
    const result = this.#results.get(id)
    return result?.clientId === clientId ? result.bytes : undefined
  }

  /** Does nothing when the client has no such result. */
  remove(clientId: string, id: string): void {
    if (this.get(clientId, id)) this.#results.delete(id)
  }

  removeOwnedBy(clientId: string): void {
    for (const [id, result] of this.#results)
      if (result.clientId === clientId) this.#results.delete(id)
  }

  clear(): void {
    this.#results.clear()
  }
}
