import type { PlaceSearch } from '@shared/filter/byte-search'
import { findCharacters, type PartSearch } from '@shared/filter/character-search'
import { fold } from '@shared/filter/fold'
import type { FilterNode } from '@shared/filter/node'
import { isWritable, WrittenWord } from '@shared/filter/written-word'
import { RecordedRow } from '../frame-log/record'
import { rowHeadBytes } from '../frame-log/record-format'

/** Words of which every row that matches has one, so that few rows of a block need to be tested. */
export class WordPrescan {
  readonly #words: readonly WrittenWord[]
  readonly #searches: readonly PlaceSearch[]
  readonly #findRarity: PartSearch

  constructor(words: readonly WrittenWord[]) {
    this.#words = words
    this.#searches = words.map((word) => word.findPlain)
    this.#findRarity = findCharacters(words.flatMap((word) => word.rarities))
  }

  /**
   * As `readRows`, but passes over rows that cannot match: those that have none of the words,
   * neither written plainly nor otherwise.
   * @param bytes at a multiple of four in their buffer, as records are.
   */
  readCandidates(bytes: Uint8Array, firstId: number, visit: (row: RecordedRow) => boolean): number {
    const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
    const hits = this.#searches.map(() => -1)
    const row = new RecordedRow()
    row.load(bytes)
    let id = firstId
    for (let offset = 0; ;) {
      const length = row.moveTo(offset)
      if (length === 0) return id
      const end = offset + length
      if (row.isRow) {
        const start = offset + rowHeadBytes
        row.id = id
        id += 1
        const candidate =
          this.#hasHit(bytes, start, end, hits) ||
          (!isAscii(words, start >> 2, end >> 2) && this.#isRarelyIn(bytes, start, end))
        if (candidate && !visit(row)) return id
      }
      offset = end
    }
  }

  /** @param hits where each search found something last. */
  #hasHit(bytes: Uint8Array, start: number, end: number, hits: number[]): boolean {
    const searches = this.#searches
    for (let index = 0; index < searches.length; index += 1) {
      let hit = hits[index] as number
      if (hit < start) hit = hits[index] = (searches[index] as PlaceSearch)(bytes, start)
      if (hit < end) return true
    }
    return false
  }

  #isRarelyIn(bytes: Uint8Array, start: number, end: number): boolean {
    const words = this.#words
    const [word] = words
    if (word && words.length === 1) return word.isRarelyIn(bytes, start, end)
    const first = this.#findRarity(bytes, start, end)
    return first < end && words.some((one) => one.isRarelyIn(bytes, first, end))
  }
}

/** @returns `null` when no word is certain to be in every row that meets all the expressions. */
export function prescanOf(expressions: readonly FilterNode[]): WordPrescan | null {
  const words = rarest(expressions.map(requiredWords))
  return words && new WordPrescan(words)
}

/** Words of which every row that matches has one; `null` when none are certain. */
function requiredWords(node: FilterNode): readonly WrittenWord[] | null {
  switch (node.kind) {
    case 'text': {
      const word = fold(node.text)
      return isWritable(word) ? [new WrittenWord(word)] : null
    }
    case 'and':
      return rarest(node.children.map(requiredWords))
    case 'or': {
      const branches = node.children.map(requiredWords)
      return branches.includes(null) ? null : branches.flatMap((words) => words ?? [])
    }
    default:
      return null
  }
}

/** The words that are likely to be in the fewest rows, which long ones are. */
function rarest(
  choices: readonly (readonly WrittenWord[] | null)[],
): readonly WrittenWord[] | null {
  const shortest = (words: readonly WrittenWord[]) => Math.min(...words.map(({ length }) => length))
  return choices.reduce(
    (best, words) => (!best || (words && shortest(words) > shortest(best)) ? words : best),
    null,
  )
}

function isAscii(words: Int32Array, start: number, end: number): boolean {
  let bits = 0
  for (let index = start; index < end; index += 1) bits |= words[index] as number
  return (bits & 0x80808080) === 0
}
