/** Most bytes of heads kept per direction. */
const limit = 64 * 1024

const requestLine = /(?:^|\r?\n)([!#$%&'*+\-.^_`|~0-9A-Za-z]+ \S+ HTTP\/\d\.\d\r?\n)/g

/** Keeps the HTTP heads of one direction byte for byte, at most the last 64 KiB. */
export class HeadRecorder {
  #chunks: Buffer[] = []
  #size = 0
  #ended = false
  #text = ''

  /** Whether the heads are over and frames follow. */
  get ended(): boolean {
    return this.#ended
  }

  /** Everything recorded, one character per byte. */
  get text(): string {
    return this.#ended ? this.#text : Buffer.concat(this.#chunks).toString('latin1')
  }

  /** The last request in it: on a connection kept alive others may have come before. */
  get requestText(): string {
    const text = this.text
    const starts = [...text.matchAll(requestLine)]
    const last = starts.at(-1)
    return last ? text.slice(last.index + last[0].length - (last[1]?.length ?? 0)) : text
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    while (this.#size > limit && this.#chunks.length > 1)
      this.#size -= (this.#chunks.shift() as Buffer).length
  }

  /** Adds up to the blank line that ends a head. @returns what follows it, `null` before it came. */
  addUntilBlankLine(chunk: Buffer): Buffer | null {
    const before = this.#size
    this.add(chunk)
    const end = Buffer.concat(this.#chunks).indexOf('\r\n\r\n')
    if (end < 0) return null
    const rest = chunk.subarray(Math.max(0, end + 4 - before))
    this.end(rest.length)
    return rest
  }

  /** Ends the heads, the last `restLength` bytes of which are none. */
  end(restLength: number): void {
    const all = Buffer.concat(this.#chunks)
    this.#text = all.toString('latin1', 0, all.length - restLength)
    this.#chunks = []
    this.#ended = true
  }
}
