import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Bytes read at once. */
const windowBytes = 256 * 1024

/**
 * A file that is read where it lies. It blocks while it reads, which is meant for a worker thread:
 * parsers stay simple, and nobody waits for that thread.
 */
export class FileBytes {
  readonly size: number
  readonly #descriptor: number
  readonly #window = Buffer.allocUnsafeSlow(windowBytes)
  #start = 0
  #end = 0

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r')
    this.size = fstatSync(this.#descriptor).size
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
      const found = this.#window
        .subarray(0, this.#end - this.#start)
        .indexOf(byte, place - this.#start)
      if (found >= 0) return this.#start + found
      place = this.#end
    }
  }

  /** A copy of the bytes from `start` to before `end`. */
  read(start: number, end: number): Buffer {
    const length = Math.max(0, Math.min(end, this.size) - start)
    const bytes = Buffer.allocUnsafeSlow(length)
    let filled = 0
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
    this.#start = place
    this.#end = place + readSync(this.#descriptor, this.#window, 0, windowBytes, place)
    return this.#end > place
  }
}
