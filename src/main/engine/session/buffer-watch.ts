/** Milliseconds between looks at a buffer that is not empty. */
const lookInterval = 100

/**
 * Tells while bytes wait to be written, which no event does, and once more when none do.
 * @param amount the bytes that wait now.
 */
export class BufferWatch {
  readonly #amount: () => number
  readonly #onChange: () => void
  #timer: NodeJS.Timeout | undefined

  constructor(amount: () => number, onChange: () => void) {
    this.#amount = amount
    this.#onChange = onChange
  }

  /** Starts to look if there is something to see. */
  look(): void {
    if (this.#timer === undefined && this.#amount() > 0)
      this.#timer = setInterval(() => this.#tell(), lookInterval)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #tell(): void {
    if (this.#amount() === 0) this.stop()
    this.#onChange()
  }
}
