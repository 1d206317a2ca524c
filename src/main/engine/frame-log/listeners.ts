/** Those who want to be told of something, in the order in which they came. */
export class Listeners<Input extends unknown[]> {
  #all: readonly ((...input: Input) => void)[] = []

  /** @returns the function that takes it out again. */
  add(listener: (...input: Input) => void): () => void {
    // A function of its own, so that adding one listener twice and taking it out once works.
    const entry = (...input: Input) => listener(...input)
    this.#all = [...this.#all, entry]
    return () => {
      this.#all = this.#all.filter((item) => item !== entry)
    }
  }

  tell(...input: Input): void {
    for (const listener of this.#all) listener(...input)
  }

  clear(): void {
    this.#all = []
  }
}
