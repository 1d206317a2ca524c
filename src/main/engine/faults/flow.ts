import { Rate } from './rate'

/** Whether bytes may pass in one direction, and how many. */
export class Flow {
  readonly #rate = new Rate()
  readonly #blocks = new Set<object>()
  readonly #onChange: () => void
  #timer: NodeJS.Timeout | undefined

  /** @param onChange more bytes may pass, or fewer. */
  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  get isLimited(): boolean {
    return this.#blocks.size > 0 || this.#rate.isLimited
  }

  block(by: object): void {
    this.#blocks.add(by)
    this.#onChange()
  }

  unblock(by: object): void {
    if (this.#blocks.delete(by)) this.#onChange()
  }

  limit(by: object, bytesPerSecond: number | null): void {
    this.#rate.limit(by, bytesPerSecond)
    this.#onChange()
  }

  /** How many bytes may pass now; when none may, it says later that they may. */
  portion(): number {
    clearTimeout(this.#timer)
    if (this.#blocks.size > 0) return 0
    const wait = this.#rate.wait(performance.now())
    if (wait === 0) return this.#rate.portion
    this.#timer = setTimeout(this.#onChange, Math.ceil(wait))
    return 0
  }

  passed(bytes: number): void {
    this.#rate.passed(bytes, performance.now())
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
