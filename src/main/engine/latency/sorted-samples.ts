/** The latest `capacity` numbers, kept in their order of value, so that any rank is found at once. */
export class SortedSamples {
  readonly #capacity: number
  /** In order of arrival, a ring once it is full. */
  #arrived = new Float64Array(64)
  /** The same numbers in order of value. */
  #sorted = new Float64Array(64)
  #size = 0
  #oldest = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#size
  }

  /** Adds a number, and lets go of the oldest one when there is no room. */
  add(value: number): void {
    if (this.#size === this.#capacity) {
      this.#removeSorted(this.#arrived[this.#oldest] ?? 0)
      this.#arrived[this.#oldest] = value
      this.#oldest = (this.#oldest + 1) % this.#capacity
    } else {
      if (this.#size === this.#arrived.length) this.#grow()
      this.#arrived[this.#size] = value
    }
    const rank = this.#rank(value)
    this.#sorted.copyWithin(rank + 1, rank, this.#size)
    this.#sorted[rank] = value
    this.#size += 1
  }

  /** The number with this rank, from 0 for the smallest; `null` when there are not that many. */
  at(rank: number): number | null {
    return rank >= 0 && rank < this.#size ? (this.#sorted[rank] ?? null) : null
  }

  /** The nearest-rank percentile: the smallest number that at least `percent` % do not exceed. */
  percentile(percent: number): number | null {
    return this.at(Math.max(1, Math.ceil((percent / 100) * this.#size)) - 1)
  }

  /** The middle number, or the mean of the two in the middle. */
  median(): number | null {
    const middle = this.#size >> 1
    const upper = this.at(middle)
    const lower = this.#size % 2 === 0 ? this.at(middle - 1) : upper
    return upper === null || lower === null ? null : (lower + upper) / 2
  }

  #removeSorted(value: number): void {
    const rank = this.#rank(value)
    this.#sorted.copyWithin(rank, rank + 1, this.#size)
    this.#size -= 1
  }

  /** The first rank whose number is not smaller. */
  #rank(value: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }

  #grow(): void {
    const length = Math.min(this.#arrived.length * 2, this.#capacity)
    this.#arrived = enlarged(this.#arrived, length)
    this.#sorted = enlarged(this.#sorted, length)
  }
}

function enlarged(numbers: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length)
  larger.set(numbers)
  return larger
}
