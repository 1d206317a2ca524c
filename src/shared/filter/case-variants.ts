import { fold } from './fold'

/** A character that folding changes. */
export interface CaseVariant {
  readonly character: string
  /** The characters it is folded to. */
  readonly folded: readonly string[]
  /** Whether it is folded to one character, with as many bytes in UTF-8. */
  readonly plain: boolean
}

/** All characters that folding changes. */
export interface CaseVariants {
  /** By the first character that they are folded to. */
  readonly byFirst: ReadonlyMap<string, readonly CaseVariant[]>
  /** Those that are folded to more than one character. */
  readonly expanding: readonly CaseVariant[]
}

/** Scripts with cases are in the first two planes of Unicode. */
const endOfCases = 0x2_0000
const codesAtOnce = 2048

let known: CaseVariants | undefined

/** Worked out at the first call, which takes about ten milliseconds. */
export function caseVariants(): CaseVariants {
  known ??= findVariants()
  return known
}

function findVariants(): CaseVariants {
  const byFirst = new Map<string, CaseVariant[]>()
  const expanding: CaseVariant[] = []
  for (const character of casedCharacters()) {
    const text = fold(character)
    if (text === character) continue
    const folded = [...text]
    const [first = ''] = folded
    const plain = folded.length === 1 && utf8Bytes(first) === utf8Bytes(character)
    const variant = { character, folded, plain }
    const others = byFirst.get(first)
    if (others) others.push(variant)
    else byFirst.set(first, [variant])
    if (folded.length > 1) expanding.push(variant)
  }
  return { byFirst, expanding }
}

function casedCharacters(): string[] {
  const cased: string[] = []
  const codes = Array<number>(codesAtOnce)
  for (let start = 0; start < endOfCases; start += codesAtOnce) {
    for (let index = 0; index < codesAtOnce; index += 1) codes[index] = start + index
    const found = String.fromCodePoint(...codes).match(/\p{Changes_When_Casemapped}/gu)
    if (found) cased.push(...found)
  }
  return cased
}

function utf8Bytes(character: string): number {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x1_0000 ? 3 : 4
}
