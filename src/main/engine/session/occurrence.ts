/** Something that happens now and then, such as the end of a session, and can be waited for. */
export class Occurrence {
  #waiting: (() => void)[] = []

  /** It happened: whoever waits hears of it. */
  happened(): void {
    for (const tell of this.#waiting.splice(0)) tell()
  }

  /** Resolves with `true` when it happens the next time, with `false` when `patience` ms are over. */
  within(patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), patience)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve(true)
      })
    })
  }
}
