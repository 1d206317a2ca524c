/** Milliseconds that one piece stands for. */
const step = 20

/** Shares out bytes so that no more than so many a second are passed. */
export class Rate {
  readonly #limits = new Map<object, number>()
  /** When the next byte may pass, in `performance.now()`. */
  #ready = 0

  /** @param bytesPerSecond `null` for no limit by this one. */
  limit(by: object, bytesPerSecond: number | null): void {
    if (bytesPerSecond === null) this.#limits.delete(by)
    else this.#limits.set(by, bytesPerSecond)
    this.#ready = 0
  }

  get isLimited(): boolean {
    return this.#limits.size > 0
  }

  /** Milliseconds until bytes may pass. */
  wait(now: number): number {
    return this.isLimited ? Math.max(0, this.#ready - now) : 0
  }

  /** How many bytes may pass at once. */
  get portion(): number {
    return this.isLimited ? Math.max(1, Math.floor((this.#bytesPerSecond * step) / 1000)) : Infinity
  }

  passed(bytes: number, now: number): void {
    if (!this.isLimited) return
    this.#ready = Math.max(this.#ready, now) + (bytes / this.#bytesPerSecond) * 1000
  }

  get #bytesPerSecond(): number {
    return Math.min(...this.#limits.values())
  }
}
