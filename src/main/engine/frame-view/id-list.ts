const chunkLength = 4096

/** Ascending row ids in fixed chunks: growing never copies what is there, forgetting frees chunks. */
export class IdList {
  readonly #chunks: Float64Array[] = []
  /** Chunks already freed in front of the first one held. */
  #freed = 0
  #length = 0

  /** Ids ever added, forgotten ones included. */
  get length(): number {
    return this.#length
  }

  /** Adds an id, which must be larger than all before. */
  push(id: number): void {
    const place = this.#length % chunkLength
    if (place === 0) this.#chunks.push(new Float64Array(chunkLength))
    const chunk = this.#chunks.at(-1)
    if (chunk) chunk[place] = id
    this.#length += 1
  }

  /** The id at a position counted from the first ever added; `undefined` when out of range or freed. */
  at(position: number): number | undefined {
    if (position < 0 || position >= this.#length) return undefined
    const chunk = this.#chunks[Math.floor(position / chunkLength) - this.#freed]
    return chunk?.[position % chunkLength]
  }

  /** The position of the first id not below `id`; freed ones count as below everything. */
  lowerBound(id: number): number {
    let low = this.#freed * chunkLength
    let high = this.#length
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if ((this.at(middle) ?? 0) < id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Frees the chunks that lie wholly before a position; positions stay what they are. */
  forgetBefore(position: number): void {
    const whole = Math.floor(Math.min(position, this.#length) / chunkLength)
    // The last chunk stays while it is being filled, also when every id in it is forgotten.
    while (this.#freed < whole && this.#chunks.length > 0) {
      this.#chunks.shift()
      this.#freed += 1
    }
  }
}
