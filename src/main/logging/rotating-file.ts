import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

export interface RotatingFileOptions {
  readonly folder: string
  /** Name without its extension. */
  readonly name: string
  /** Bytes at which a new file is begun. */
  readonly limit: number
  /** Older files that are kept. */
  readonly keep: number
}

/**
 * Lines in a file that is set aside when it is full. Written at once, so that the last line before a
 * crash is there; lines are few. Opened with the first line, so that a process that has nothing to say
 * leaves no trace.
 */
export class RotatingFile {
  readonly #options: RotatingFileOptions
  #file: number | null = null
  #size = 0

  constructor(options: RotatingFileOptions) {
    this.#options = options
  }

  /** @throws the system's error when it cannot be written. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`)
    if (this.#file !== null && this.#size + bytes.length > this.#options.limit) this.close()
    this.#file ??= this.#open(bytes.length)
    this.#size += writeSync(this.#file, bytes)
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  #open(room: number): number {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 })
    const file = this.#openCurrent()
    if (this.#size === 0 || this.#size + room <= this.#options.limit) return file
    closeSync(file)
    this.#setAside()
    return this.#openCurrent()
  }

  #openCurrent(): number {
    const file = openSync(this.#path(0), 'a', 0o600)
    this.#size = fstatSync(file).size
    return file
  }

  #setAside(): void {
    rmSync(this.#path(this.#options.keep), { force: true })
    for (let age = this.#options.keep - 1; age >= 0; age -= 1) {
      try {
        renameSync(this.#path(age), this.#path(age + 1))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }

  #path(age: number): string {
    const { folder, name } = this.#options
    return join(folder, age === 0 ? `${name}.log` : `${name}.${age}.log`)
  }
}
