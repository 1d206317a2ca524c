/** Rows of one part of the index; a power of two. */
const chunkRows = 4096

/** Rows that the first part of an index has room for, so that an idle log costs little. */
const firstRows = 64

/** Bytes that a row costs. */
const rowBytes = 25

/** Metadata of consecutive rows. */
class Chunk {
  readonly capacity: number
  readonly time: Float64Array
  readonly offset: Uint32Array
  readonly size: Uint32Array
  readonly wireSize: Uint32Array
  readonly session: Uint32Array
  readonly flags: Uint8Array

  constructor(capacity: number, copied?: Chunk) {
    this.capacity = capacity
    // One buffer for all, so that the garbage collector has fewer to look after.
    const buffer = new ArrayBuffer(capacity * rowBytes)
    this.time = new Float64Array(buffer, 0, capacity)
    this.offset = new Uint32Array(buffer, capacity * 8, capacity)
    this.size = new Uint32Array(buffer, capacity * 12, capacity)
    this.wireSize = new Uint32Array(buffer, capacity * 16, capacity)
    this.session = new Uint32Array(buffer, capacity * 20, capacity)
    this.flags = new Uint8Array(buffer, capacity * 24, capacity)
    if (!copied) return
    this.time.set(copied.time)
    this.offset.set(copied.offset)
    this.size.set(copied.size)
    this.wireSize.set(copied.wireSize)
    this.session.set(copied.session)
    this.flags.set(copied.flags)
  }
}

/** Stands for rows none of which is held. */
const empty = new Chunk(0)

/**
 * What is known of every row without its payload, in typed arrays. A row whose place in its segment
 * is 0 is not held: a segment's header lies there.
 */
export class RowIndex {
  readonly #chunks: Chunk[] = []
  /** Number of the chunk that comes first in the list. */
  #firstChunk = 0
  #last = empty
  /** Id of the last chunk's first row. */
  #lastStart = 0
  #end = 0

  /** The id of the next row. */
  get end(): number {
    return this.#end
  }

  push(
    offset: number,
    time: number,
    size: number,
    wireSize: number,
    session: number,
    flags: number,
  ): void {
    let index = this.#end - this.#lastStart
    if (index >= this.#last.capacity) {
      this.#makeRoom()
      index = this.#end - this.#lastStart
    }
    const chunk = this.#last
    chunk.offset[index] = offset
    chunk.time[index] = time
    chunk.size[index] = size
    chunk.wireSize[index] = wireSize
    chunk.session[index] = session
    chunk.flags[index] = flags
    this.#end += 1
  }

  #makeRoom(): void {
    const number = Math.floor(this.#end / chunkRows)
    if (this.#chunks.length === 0) this.#firstChunk = number
    const place = number - this.#firstChunk
    while (this.#chunks.length < place) this.#chunks.push(empty)
    const growing = this.#chunks[place] ?? empty
    const needed = (this.#end % chunkRows) + 1
    const first = number === 0 && growing === empty ? firstRows : chunkRows
    const capacity = Math.min(chunkRows, Math.max(growing.capacity * 2, needed, first))
    this.#last = new Chunk(capacity, growing)
    this.#chunks[place] = this.#last
    this.#lastStart = number * chunkRows
  }

  /** Gives ids up to `end` to rows that are not held. */
  skipTo(end: number): void {
    if (end <= this.#end) return
    this.#end = end
    this.#last = empty
    this.#lastStart = end
  }

  /** Lets go of rows in the middle; their ids stay used. */
  lose(from: number, end: number): void {
    for (let id = from; id < end;) {
      const chunk = this.#chunk(id)
      const start = id % chunkRows
      const stop = Math.min(chunkRows, start + end - id)
      if (start === 0 && stop === chunkRows && chunk !== this.#last)
        this.#chunks[Math.floor(id / chunkRows) - this.#firstChunk] = empty
      else chunk.offset.fill(0, start, stop)
      id += stop - start
    }
  }

  /** Lets go of all rows before this one. */
  forgetBefore(id: number): void {
    const place = Math.min(Math.floor(id / chunkRows) - this.#firstChunk, this.#chunks.length)
    if (place > 0) {
      this.#chunks.splice(0, place)
      this.#firstChunk += place
    }
    const first = this.#chunks[0]
    const start = this.#firstChunk * chunkRows
    if (first && first !== empty && id > start) first.offset.fill(0, 0, id - start)
  }

  clear(): void {
    this.#chunks.length = 0
    this.#last = empty
    this.#lastStart = this.#end
  }

  /** Where the row's record starts in its segment; 0 when the row is not held. */
  offset(id: number): number {
    return this.#chunk(id).offset[id % chunkRows] ?? 0
  }

  /** Of rows held, as everything below. Milliseconds since the epoch. */
  time(id: number): number {
    return this.#chunk(id).time[id % chunkRows] ?? Number.NaN
  }

  size(id: number): number {
    return this.#chunk(id).size[id % chunkRows] ?? 0
  }

  wireSize(id: number): number {
    return this.#chunk(id).wireSize[id % chunkRows] ?? 0
  }

  session(id: number): number {
    return this.#chunk(id).session[id % chunkRows] ?? 0
  }

  /** See `rowFlags`. */
  flags(id: number): number {
    return this.#chunk(id).flags[id % chunkRows] ?? 0
  }

  setFlags(id: number, flags: number): void {
    this.#chunk(id).flags[id % chunkRows] = flags
  }

  #chunk(id: number): Chunk {
    return this.#chunks[Math.floor(id / chunkRows) - this.#firstChunk] ?? empty
  }
}
