import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes read at once, unless told otherwise. */
const windowBytes = 256 * 1024

/**
 * A file that is read where it lies. It blocks while it reads, which is meant for a worker thread:
 * parsers stay simple, and nobody waits for that thread.
 */
export class FileBytes {
  readonly size: number
  readonly #descriptor: number
  readonly #windowBytes: number
  #window = Buffer.alloc(0)
  #start = 0
  #end = 0

  private constructor(descriptor: number, size: number, window: number) {
    this.#descriptor = descriptor
    this.size = size
    this.#windowBytes = window
  }

  static open(path: string): FileBytes {
    const descriptor = openSync(path, 'r')
    return new FileBytes(descriptor, fstatSync(descriptor).size, windowBytes)
  }

  /**
   * The same file for a reader at another place, so that neither reads again and again what the other
   * has in between. Good until the file is closed.
   * @param window bytes read at once.
   */
  beside(window: number): FileBytes {
    return new FileBytes(this.#descriptor, this.size, Math.min(window, windowBytes))
  }

  /** The byte at a place; -1 at the end of the file. */
  at(place: number): number {
    if (place >= this.#start && place < this.#end)
      return this.#window[place - this.#start] as number
    return this.#load(place) ? (this.#window[0] as number) : -1
  }

  /** The first place of a byte from `from` on; the size of the file when it does not occur. */
  indexOf(byte: number, from: number): number {
    for (let place = from; ;) {
      if ((place < this.#start || place >= this.#end) && !this.#load(place)) return this.size
      const found = this.#start + this.#window.indexOf(byte, place - this.#start)
      // Behind the end lie bytes of the window before.
      if (found >= place && found < this.#end) return found
      place = this.#end
    }
  }

  /** A copy of the bytes from `start` to before `end`. */
  read(start: number, end: number): Buffer {
    const length = Math.max(0, Math.min(end, this.size) - start)
    const bytes = Buffer.allocUnsafeSlow(length)
    let filled = 0
    if (start >= this.#start && start < this.#end)
      filled = this.#window.copy(bytes, 0, start - this.#start, this.#end - this.#start)
    while (filled < length) {
      const read = readSync(this.#descriptor, bytes, filled, length - filled, start + filled)
      if (read === 0) break
      filled += read
    }
    return bytes.subarray(0, filled)
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #load(place: number): boolean {
    if (place >= this.size) return false
    if (this.#window.byteLength === 0) this.#window = Buffer.allocUnsafeSlow(this.#windowBytes)
    this.#start = place
    this.#end = place + readSync(this.#descriptor, this.#window, 0, this.#windowBytes, place)
    return this.#end > place
  }
}
