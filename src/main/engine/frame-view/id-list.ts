const chunkLength = 4096
const offsetLimit = 2 ** 32

/** Ids of one chunk, counted from the chunk's first. */
type Offsets = Uint32Array | Float64Array

/**
 * Ascending row ids in fixed chunks, four bytes each: growing never copies what is there,
 * forgetting frees chunks.
 */
export class IdList {
  readonly #chunks: Offsets[] = []
  /** The id that the offsets of each chunk count from. */
  readonly #bases: number[] = []
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
    if (place === 0) {
      this.#chunks.push(new Uint32Array(chunkLength))
      this.#bases.push(id)
    }
    const last = this.#chunks.length - 1
    const offset = id - (this.#bases[last] ?? 0)
    let chunk = this.#chunks[last]
    if (!chunk) return
    if (offset >= offsetLimit && chunk instanceof Uint32Array) {
      chunk = Float64Array.from(chunk)
      this.#chunks[last] = chunk
    }
    chunk[place] = offset
    this.#length += 1
  }

  /** Adds ids that count from `base`, ascending and larger than all before. */
  pushAll(base: number, offsets: Uint32Array): void {
    for (const offset of offsets) this.push(base + offset)
  }

  /** The id at a position counted from the first ever added; `undefined` when out of range or freed. */
  at(position: number): number | undefined {
    if (position < 0 || position >= this.#length) return undefined
    const place = Math.floor(position / chunkLength) - this.#freed
    const offset = this.#chunks[place]?.[position % chunkLength]
    return offset === undefined ? undefined : (this.#bases[place] ?? 0) + offset
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
    const free = whole - this.#freed
    if (free <= 0) return
    this.#chunks.splice(0, free)
    this.#bases.splice(0, free)
    this.#freed = whole
  }
}
