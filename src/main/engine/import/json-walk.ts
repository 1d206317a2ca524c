import type { FileBytes } from './file-bytes'

/** The file ends in the middle of its JSON, or is not JSON; `place` is the byte. */
export class JsonFault extends Error {
  readonly place: number

  constructor(message: string, place: number) {
    super(message)
    this.place = place
  }
}

/** From a byte to before another. */
export interface Place {
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Longest name of a member that is read. */
const longestName = 64 * 1024

/**
 * Walks over JSON in a file without holding it: where members and elements lie, not what they are.
 * Takes any depth, because it counts brackets.
 */
export class JsonWalk {
  readonly #file: FileBytes

  constructor(file: FileBytes) {
    this.#file = file
  }

  /** The first place from `from` on that is not white space. */
  skipSpace(from: number): number {
    let place = from
    for (;;) {
      const byte = this.#file.at(place)
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return place
      place += 1
    }
  }

  /**
   * The members of the object at `start`: their names and where their values begin. After each, `done`
   * must be told where its value ends.
   * @throws {JsonFault}
   */
  *members(
    start: number,
  ): Generator<{ name: string; start: number; done: (end: number) => void }, number> {
    let place = this.skipSpace(this.#expect(start, openBrace, '{') + 1)
    if (this.#file.at(place) === closeBrace) return place + 1
    for (;;) {
      const nameEnd = this.#endOfString(this.#expect(place, quote, 'a name in quotation marks'))
      const name = this.#nameAt({ start: place, end: nameEnd })
      const valueStart = this.skipSpace(this.#expect(this.skipSpace(nameEnd), colon, ':') + 1)
      let end = -1
      yield { name, start: valueStart, done: (valueEnd) => (end = valueEnd) }
      place = this.skipSpace(end < 0 ? this.skipValue(valueStart) : end)
      if (this.#file.at(place) === closeBrace) return place + 1
      place = this.skipSpace(this.#expect(place, comma, ', or }') + 1)
    }
  }

  /**
   * The elements of the array at `start`. As {@link members}.
   * @throws {JsonFault}
   */
  *elements(start: number): Generator<{ start: number; done: (end: number) => void }, number> {
    let place = this.skipSpace(this.#expect(start, openBracket, '[') + 1)
    if (this.#file.at(place) === closeBracket) return place + 1
    for (;;) {
      let end = -1
      yield { start: place, done: (valueEnd) => (end = valueEnd) }
      place = this.skipSpace(end < 0 ? this.skipValue(place) : end)
      if (this.#file.at(place) === closeBracket) return place + 1
      place = this.skipSpace(this.#expect(place, comma, ', or ]') + 1)
    }
  }

  /** The place after the value that begins at `start`. @throws {JsonFault} */
  skipValue(start: number): number {
    const first = this.#file.at(start)
    if (first === quote) return this.#endOfString(start)
    if (first !== openBrace && first !== openBracket) return this.#endOfScalar(start)
    let depth = 0
    for (let place = start; ;) {
      const byte = this.#file.at(place)
      if (byte === quote) {
        place = this.#endOfString(place)
        continue
      }
      if (byte < 0) throw this.#cutOff()
      place += 1
      if (byte === openBrace || byte === openBracket) depth += 1
      else if (byte === closeBrace || byte === closeBracket) depth -= 1
      if (depth === 0) return place
    }
  }

  #endOfScalar(start: number): number {
    let place = start
    for (;;) {
      const byte = this.#file.at(place)
      // Letters, digits and the signs of numbers.
      if (!(byte > 0x2a && byte < 0x7b) || byte === comma || byte === closeBracket) break
      place += 1
    }
    if (place > start) return place
    if (this.#file.at(place) < 0) throw this.#cutOff()
    throw new JsonFault('A value is expected', place)
  }

  #endOfString(start: number): number {
    for (let from = start + 1; ;) {
      const end = this.#file.indexOf(quote, from)
      if (end >= this.#file.size) throw this.#cutOff()
      let escapes = end
      while (escapes > start + 1 && this.#file.at(escapes - 1) === backslash) escapes -= 1
      if ((end - escapes) % 2 === 0) return end + 1
      from = end + 1
    }
  }

  #nameAt({ start, end }: Place): string {
    if (end - start > longestName) return ''
    try {
      return JSON.parse(this.#file.read(start, end).toString('utf8')) as string
    } catch {
      throw new JsonFault('This name cannot be read', start)
    }
  }

  #expect(place: number, byte: number, what: string): number {
    const found = this.#file.at(place)
    if (found === byte) return place
    if (found < 0) throw this.#cutOff()
    throw new JsonFault(`${what} is expected`, place)
  }

  #cutOff(): JsonFault {
    return new JsonFault('The file ends in the middle of a value', this.#file.size)
  }
}
