/** A ping that went to the socket. */
export interface SentPing {
  /** Counts up with every ping. */
  readonly number: number
  /** Its payload; see {@link payloadKey}. */
  readonly key: string
  /** `performance.now()` at which its bytes went to the socket. */
  readonly time: number
}

/** Pings in the order they were sent, found by payload without looking at the others. */
export class PingQueue {
  readonly #pings = new Map<number, SentPing>()
  /** The numbers of the pings with one payload, oldest first. */
  readonly #byKey = new Map<string, number[]>()

  get size(): number {
    return this.#pings.size
  }

  get oldest(): SentPing | undefined {
    return this.#pings.values().next().value
  }

  push(ping: SentPing): void {
    this.#pings.set(ping.number, ping)
    const numbers = this.#byKey.get(ping.key)
    if (numbers) numbers.push(ping.number)
    else this.#byKey.set(ping.key, [ping.number])
  }

  /** Removes the oldest ping. */
  shift(): SentPing | undefined {
    const ping = this.oldest
    // The oldest of all is the oldest of its payload.
    return ping && this.take(ping.key)
  }

  /** Removes the oldest ping with this payload. */
  take(key: string): SentPing | undefined {
    const numbers = this.#byKey.get(key)
    const number = numbers?.shift()
    if (numbers === undefined || number === undefined) return undefined
    if (numbers.length === 0) this.#byKey.delete(key)
    const ping = this.#pings.get(number)
    this.#pings.delete(number)
    return ping
  }

  clear(): void {
    this.#pings.clear()
    this.#byKey.clear()
  }
}

/** The payload of a control frame as a text to look it up by. */
export function payloadKey(payload: Uint8Array): string {
  return String.fromCharCode(...payload)
}
