import type { PathStep } from '@shared/filter/node'
import { redacted } from './redact-url'

/** From a byte to before another. */
interface Range {
  readonly start: number
  readonly end: number
}

/** A step of one of the paths that is to be taken next: its path and its place in it. */
interface Next {
  readonly path: number
  readonly step: number
}

/** An object or array being walked through. */
interface Level {
  readonly isArray: boolean
  /** What is looked for in its members. */
  readonly nexts: readonly Next[]
  index: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Bytes looked at between two pauses. */
const pauseBytes = 64 * 1024

const replacement = Buffer.from(`"${redacted}"`)
const none: readonly Next[] = []

/**
 * Replaces the values that paths select in a JSON text; every other byte stays as it is, so that
 * long numbers, the order of names and white space survive. Names that stand twice are both found. A
 * text that is cut or not quite JSON is redacted as far as its structure tells; what is no object or
 * array is left alone. Pauses (yields) often, so that it can be spread over turns.
 * @returns `null` when nothing was replaced.
 */
export function* redactJson(
  text: Uint8Array,
  paths: readonly (readonly PathStep[])[],
): Generator<void, Uint8Array | null> {
  const ranges = yield* new JsonWalk(text, paths).find()
  return ranges.length === 0 ? null : replaced(text, ranges)
}

class JsonWalk {
  readonly #text: Uint8Array
  readonly #paths: readonly (readonly PathStep[])[]
  readonly #levels: Level[] = []
  readonly #found: Range[] = []
  /** What is looked for in the value that comes next; `null` when it is itself to be hidden. */
  #nexts: readonly Next[] | null
  #at = 0

  constructor(text: Uint8Array, paths: readonly (readonly PathStep[])[]) {
    this.#text = text
    this.#paths = paths
    this.#nexts = paths.map((_, path) => ({ path, step: 0 }))
  }

  *find(): Generator<void, readonly Range[]> {
    const text = this.#text
    if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf) this.#at = 3
    while (isSpace(text[this.#at])) this.#at += 1
    if (text[this.#at] !== openBrace && text[this.#at] !== openBracket) return []
    let pauseAt = pauseBytes
    while (this.#at < text.byteLength) {
      if (this.#at >= pauseAt) {
        pauseAt = this.#at + pauseBytes
        yield
      }
      if (this.#nexts === null) yield* this.#hide()
      else yield* this.#token(text[this.#at] as number)
    }
    return this.#found
  }

  *#token(character: number): Generator<void, void> {
    switch (character) {
      case openBrace:
      case openBracket:
        this.#enter(character === openBracket)
        return
      case closeBrace:
      case closeBracket:
        this.#at += 1
        this.#levels.pop()
        this.#nexts = none
        return
      case comma:
        this.#at += 1
        this.#nextElement()
        return
      case quote:
        yield* this.#string()
        return
      default:
        this.#at += 1
    }
  }

  #enter(isArray: boolean): void {
    this.#at += 1
    const level = { isArray, nexts: this.#nexts ?? none, index: -1 }
    this.#levels.push(level)
    this.#nexts = none
    if (isArray) this.#nextElement()
  }

  #nextElement(): void {
    const level = this.#levels.at(-1)
    if (!level) return
    level.index += 1
    const { index } = level
    this.#nexts = level.isArray
      ? this.#taken(
          level,
          (step) => step.kind === 'all' || (step.kind === 'index' && step.index === index),
        )
      : none
  }

  /** A string is the name of a member when it stands in an object and a colon follows. */
  *#string(): Generator<void, void> {
    const start = this.#at
    const end = yield* this.#endOfString(start)
    this.#at = end
    const level = this.#levels.at(-1)
    if (!level || level.isArray || level.nexts.length === 0) return
    let after = end
    while (isSpace(this.#text[after])) after += 1
    if (this.#text[after] !== colon) return
    this.#at = after + 1
    const name = nameOf(this.#text.subarray(start, end))
    this.#nexts = this.#taken(
      level,
      (step) => step.kind === 'all' || (step.kind === 'name' && step.name === name),
    )
  }

  /** What is looked for below a member; `null` when a path ends there. */
  #taken({ nexts }: Level, matches: (step: PathStep) => boolean): readonly Next[] | null {
    if (nexts.length === 0) return none
    const below: Next[] = []
    for (const next of nexts) {
      const path = this.#paths[next.path] ?? []
      const step = path[next.step]
      if (!step) continue
      if (step.deep) below.push(next)
      if (!matches(step)) continue
      if (next.step + 1 === path.length) return null
      const further = { path: next.path, step: next.step + 1 }
      if (!below.some((known) => known.path === further.path && known.step === further.step))
        below.push(further)
    }
    return below
  }

  /** Goes past the value that comes here, and remembers where it stands. */
  *#hide(): Generator<void, void> {
    const text = this.#text
    while (isSpace(text[this.#at])) this.#at += 1
    const start = this.#at
    const first = text[start]
    // `[]` has no element to be hidden; a member without a value neither.
    if (first === closeBracket || first === closeBrace || first === comma || first === undefined) {
      this.#nexts = none
      return
    }
    this.#at = yield* this.#endOfValue(start)
    this.#found.push({ start, end: this.#at })
    this.#nexts = none
  }

  *#endOfValue(start: number): Generator<void, number> {
    const text = this.#text
    const first = text[start]
    if (first === quote) return yield* this.#endOfString(start)
    if (first !== openBrace && first !== openBracket) {
      let end = start
      while (end < text.byteLength && !endsScalar(text[end])) end += 1
      return end
    }
    let depth = 0
    let pauseAt = start + pauseBytes
    for (let at = start; at < text.byteLength;) {
      if (at >= pauseAt) {
        pauseAt = at + pauseBytes
        yield
      }
      const character = text[at]
      if (character === quote) {
        at = yield* this.#endOfString(at)
        continue
      }
      at += 1
      if (character === openBrace || character === openBracket) depth += 1
      else if (character === closeBrace || character === closeBracket) depth -= 1
      if (depth === 0) return at
    }
    return text.byteLength
  }

  /** The place after the closing quotation mark, or the end of the text. */
  *#endOfString(start: number): Generator<void, number> {
    const text = this.#text
    for (let from = start + 1; ;) {
      const end = text.indexOf(quote, from)
      if (end < 0) return text.byteLength
      let escapes = end
      while (escapes > start + 1 && text[escapes - 1] === backslash) escapes -= 1
      if ((end - escapes) % 2 === 0) return end + 1
      from = end + 1
      if (from - start > pauseBytes) yield
    }
  }
}

function isSpace(character: number | undefined): boolean {
  return character === 0x20 || (character !== undefined && character >= 0x09 && character <= 0x0d)
}

function endsScalar(character: number | undefined): boolean {
  return (
    character === comma ||
    character === closeBrace ||
    character === closeBracket ||
    isSpace(character)
  )
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A name as it is meant, escapes resolved; one that JSON cannot read stands for itself. */
function nameOf(quoted: Uint8Array): string {
  const text = decoder.decode(quoted)
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    return text.slice(1, -1)
  }
}

function replaced(text: Uint8Array, ranges: readonly Range[]): Uint8Array {
  const parts: Uint8Array[] = []
  let at = 0
  for (const { start, end } of ranges) {
    parts.push(text.subarray(at, start), replacement)
    at = end
  }
  parts.push(text.subarray(at))
  return Buffer.concat(parts)
}
