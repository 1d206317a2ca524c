import type { Span } from './node'

/** What is wrong with a filter's text, and where. */
export interface FilterProblem extends Span {
  /** Says what was expected and what to do. */
  readonly message: string
}

/** Thrown while parsing; `parseFilter` turns it into its result. */
export class FilterSyntaxError extends Error {
  readonly problem: FilterProblem

  constructor(message: string, start: number, end: number) {
    super(message)
    this.problem = { message, start, end }
  }
}

const space = /\s/
const boundary = /[\s()]/
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Walks over the text of a filter and reads its smallest parts. */
export class Scanner {
  readonly text: string
  at = 0

  constructor(text: string) {
    this.text = text
  }

  /** The character here; empty at the end. */
  get character(): string {
    return this.text.charAt(this.at)
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  skipSpace(): void {
    while (!this.atEnd && space.test(this.character)) this.at += 1
  }

  startsWith(part: string): boolean {
    return this.text.startsWith(part, this.at)
  }

  /** Goes past `part` when it stands here. */
  take(part: string): boolean {
    if (!this.startsWith(part)) return false
    this.at += part.length
    return true
  }

  /** Goes past what the sticky expression matches here. @returns its text, empty without a match. */
  takeMatch(sticky: RegExp): string {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }

  /** Whether a term ends here: at white space, a parenthesis or the end. */
  get atBoundary(): boolean {
    return this.atEnd || boundary.test(this.character)
  }

  /** Goes on to where a term ends. @returns what was passed. */
  takeWord(): string {
    const start = this.at
    while (!this.atBoundary) this.at += 1
    return this.text.slice(start, this.at)
  }

  /** Reads a string in the quotation marks that stand here, with the escapes of JSON. */
  takeString(what: string): string {
    const start = this.at
    const quote = this.character
    let value = ''
    for (this.at += 1; !this.atEnd; this.at += 1) {
      if (this.character === quote) {
        this.at += 1
        return value
      }
      value += this.character === '\\' ? this.#escaped() : this.character
    }
    throw new FilterSyntaxError(
      `The ${what} is not closed. Add ${quote} at its end.`,
      start,
      this.text.length,
    )
  }

  /** Reads an escape sequence and stays on its last character. */
  #escaped(): string {
    const start = this.at
    this.at += 1
    if (this.character === 'u') {
      const digits = this.text.slice(this.at + 1, this.at + 5)
      if (/^[\da-f]{4}$/i.test(digits)) {
        this.at += 4
        return String.fromCharCode(parseInt(digits, 16))
      }
      throw this.problem('After \\u four hexadecimal digits are expected, as in \\u00e9.', start)
    }
    const value = escapes[this.character]
    if (value !== undefined) return value
    throw this.problem(
      `“\\${this.character}” is not an escape. Write \\\\ for a backslash and \\" for a quotation mark.`,
      start,
    )
  }

  /** A problem with what stands from `start` to `end` (one past the position when left out). */
  problem(message: string, start: number, end = this.at + 1): FilterSyntaxError {
    const length = this.text.length
    return new FilterSyntaxError(message, Math.min(start, length), Math.min(end, length))
  }
}
