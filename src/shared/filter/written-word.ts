import { findByteSets, type PlaceSearch } from './byte-search'
import { caseVariants, type CaseVariant } from './case-variants'
import { codeAt, findCharacters, type PartSearch } from './character-search'

/** One way to write some characters of a folded word: one character. */
interface Spelling {
  /** In UTF-8. */
  readonly bytes: Uint8Array
  /** The first of these. */
  readonly first: number
  /** How many characters of the word it stands for; at the word's end it may be more than are left. */
  readonly characters: number
}

/** Where a word would go on if a character belonged to it. */
interface Continuation {
  /** The bytes from the character to there. */
  readonly distance: number
  /** The character of the word that would be there. */
  readonly index: number
}

/**
 * A folded word as it may stand in UTF-8, found without decoding. Most letters take as many bytes in
 * upper case as in lower, so that the plain ways to write a word are all of one length and found
 * quickly; every other way needs one of the {@link rarities}, such as `ß` for `ss`.
 */
export class WrittenWord {
  /** Bytes of a plain way to write it. */
  readonly length: number
  /** Finds the next place where it is written plainly. */
  readonly findPlain: PlaceSearch
  /** Characters of which one is in every other way to write it. */
  readonly rarities: readonly string[]
  /** For each character of the word, what may stand for it and for those that follow. */
  readonly #spellings: readonly (readonly Spelling[])[]
  readonly #findRarity: PartSearch
  /** By the code point of a rarity that is the first in the word. */
  readonly #continuations: ReadonlyMap<number, readonly Continuation[]>

  /** @param word folded, not empty and {@link isWritable}. */
  constructor(word: string) {
    const characters = [...word]
    const variants = characters.map((_, index) => variantsAt(characters, index))
    const plain = variants.map((all, index) => [
      utf8.encode(characters[index]),
      ...all.filter((one) => one.plain).map(({ character }) => utf8.encode(character)),
    ])
    const rare = rareContinuations(characters, variants, plain)
    this.rarities = [...rare.keys()]
    this.#findRarity = findCharacters(this.rarities)
    this.#continuations = new Map(
      [...rare].map(([character, all]) => [character.codePointAt(0) ?? 0, all]),
    )
    this.#spellings = variants.map((all, index) => [
      spellingOf(characters[index] as string, 1),
      ...all.map(({ character, folded }) => spellingOf(character, folded.length)),
    ])
    const sets = plain.map(byteSets)
    this.length = sets.flat().length
    // The sets of a letter's bytes allow any first byte of its cases with any second one.
    const exact = plain.every((ways, index) => countOf(sets[index] ?? []) === ways.length)
    this.findPlain = exact
      ? findByteSets(sets.flat())
      : findByteSets(sets.flat(), (bytes, start) => this.#goesOn(bytes, start, 0))
  }

  /** Whether it is anywhere in bytes, in whatever way. */
  isIn(bytes: Uint8Array): boolean {
    const { length } = bytes
    return this.findPlain(bytes, 0) < length || this.isRarelyIn(bytes, 0, length)
  }

  /** Whether it is written with {@link rarities}, of which the first is in a part of bytes. */
  isRarelyIn(bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#findRarity(bytes, start, end)
    for (; at < end; at = this.#findRarity(bytes, at + 1, end)) {
      const continuations = this.#continuations.get(codeAt(bytes, at)) ?? none
      for (let index = 0; index < continuations.length; index += 1) {
        const { distance, index: next } = continuations[index] as Continuation
        if (this.#goesOn(bytes, at + distance, next)) return true
      }
    }
    return false
  }

  /** Whether the word from one of its characters on stands at a place. */
  #goesOn(bytes: Uint8Array, place: number, index: number): boolean {
    if (place < 0) return false
    const spellings = this.#spellings
    let at = place
    for (let next = index; next < spellings.length;) {
      const spelling = spellingAt(bytes, at, spellings[next] as readonly Spelling[])
      if (!spelling) return false
      at += spelling.bytes.length
      next += spelling.characters
    }
    return true
  }
}

const utf8 = new TextEncoder()
const none: readonly Continuation[] = []

/** Whether a text occurs in others exactly where its bytes occur in theirs. */
export function isWritable(text: string): boolean {
  // U+FFFD also stands for what is not UTF-8, and half a surrogate pair is not in UTF-8 at all.
  return !/[\p{Surrogate}\ufffd]/u.test(text)
}

/** Characters that stand for those of a word from `index` on, for one, for all or for more. */
function variantsAt(word: readonly string[], index: number): readonly CaseVariant[] {
  const all = caseVariants().byFirst.get(word[index] ?? '') ?? []
  return all.filter(({ folded }) => agree(word, index, folded, 0))
}

/**
 * For every character that is not plain, where the word would begin if it were the first such in it;
 * where it would go on if the word began within what the character is folded to.
 */
function rareContinuations(
  word: readonly string[],
  variants: readonly (readonly CaseVariant[])[],
  plain: readonly (readonly Uint8Array[])[],
): ReadonlyMap<string, readonly Continuation[]> {
  const all = new Map<string, Continuation[]>()
  const add = (character: string, distance: number, index: number) => {
    const others = all.get(character)
    if (others) others.push({ distance, index })
    else all.set(character, [{ distance, index }])
  }
  let before = 0
  variants.forEach((these, index) => {
    for (const { character, plain: isPlain } of these) if (!isPlain) add(character, -before, 0)
    before += plain[index]?.[0]?.length ?? 0
  })
  for (const { character, folded } of caseVariants().expanding)
    for (let from = 1; from < folded.length; from += 1)
      if (agree(word, 0, folded, from))
        add(character, utf8.encode(character).length, folded.length - from)
  return all
}

/** Whether two texts from two places on are the same up to where the shorter one ends. */
function agree(a: readonly string[], aFrom: number, b: readonly string[], bFrom: number): boolean {
  const length = Math.min(a.length - aFrom, b.length - bFrom)
  for (let index = 0; index < length; index += 1)
    if (a[aFrom + index] !== b[bFrom + index]) return false
  return true
}

/** The bytes at each place of some sequences of the same length. */
function byteSets(sequences: readonly Uint8Array[]): number[][] {
  const [first = new Uint8Array()] = sequences
  return Array.from(first, (_, place) => [
    ...new Set(sequences.map((bytes) => bytes[place] as number)),
  ])
}

/** How many sequences sets of bytes allow. */
function countOf(sets: readonly (readonly number[])[]): number {
  return sets.reduce((count, set) => count * set.length, 1)
}

function spellingOf(character: string, characters: number): Spelling {
  const bytes = utf8.encode(character)
  return { bytes, first: bytes[0] as number, characters }
}

/** The one of some spellings that stands at a place; no two could. */
function spellingAt(
  bytes: Uint8Array,
  at: number,
  spellings: readonly Spelling[],
): Spelling | undefined {
  // Asking for bytes that are not there is slow.
  if (at >= bytes.length) return undefined
  const first = bytes[at]
  for (let index = 0; index < spellings.length; index += 1) {
    const spelling = spellings[index] as Spelling
    if (spelling.first === first && continuesAt(bytes, at, spelling.bytes)) return spelling
  }
  return undefined
}

/** Whether the bytes behind the first one are there as well. */
function continuesAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  if (at + part.length > bytes.length) return false
  for (let index = 1; index < part.length; index += 1)
    if (bytes[at + index] !== part[index]) return false
  return true
}
