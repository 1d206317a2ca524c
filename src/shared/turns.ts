/**
 * Returns a function that runs pieces of work one after the other, in the order they were given to it.
 * Work that fails holds up none of the next; its failure goes to whoever gave it.
 */
export function createTurns(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}
