import { fold, isAscii } from '@shared/filter/fold'
import type { FilterNode } from '@shared/filter/node'
import { RecordedRow } from '../frame-log/record'
import { rowHeadBytes } from '../frame-log/record-format'

/** Finds where something begins in bytes at or after a place; the bytes' length when it does not. */
export type BlockSearch = (bytes: Uint8Array, from: number) => number

/**
 * A search for a word that every row contains which meets all the expressions, so that of a block of
 * records few rows need to be tested. `null` when no word in ASCII is certain.
 */
export function prescanOf(expressions: readonly FilterNode[]): BlockSearch | null {
  const word = longest(expressions.map(requiredWord))
  return word === '' ? null : findWord(word)
}

/**
 * As `readRows`, but passes over rows that cannot match: those which `search` finds nothing in and
 * which are ASCII, beyond which letters may count as ASCII ones (the Kelvin sign as k).
 * @param bytes at a multiple of four in their buffer, as records are.
 */
export function readCandidates(
  bytes: Uint8Array,
  firstId: number,
  search: BlockSearch,
  visit: (row: RecordedRow) => boolean,
): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2)
  const row = new RecordedRow()
  row.load(bytes)
  let id = firstId
  let hit = -1
  for (let offset = 0; ;) {
    const length = row.moveTo(offset)
    if (length === 0) return id
    const end = offset + length
    if (row.isRow) {
      if (hit < offset) hit = search(bytes, offset)
      row.id = id
      id += 1
      const candidate = hit < end || !isAsciiWords(words, (offset + rowHeadBytes) >> 2, end >> 2)
      if (candidate && !visit(row)) return id
    }
    offset = end
  }
}

function isAsciiWords(words: Int32Array, start: number, end: number): boolean {
  let bits = 0
  for (let index = start; index < end; index += 1) bits |= words[index] as number
  return (bits & 0x80808080) === 0
}

/** The longest word that every matching row contains; empty when none is certain. */
function requiredWord(node: FilterNode): string {
  switch (node.kind) {
    case 'text': {
      const word = fold(node.text)
      return isAscii(word) ? word : ''
    }
    case 'and':
      return longest(node.children.map(requiredWord))
    default:
      return ''
  }
}

function longest(words: readonly string[]): string {
  return words.reduce((best, word) => (word.length > best.length ? word : best), '')
}

/** Boyer-Moore-Horspool from any place on, A-Z and a-z being the same. */
function findWord(word: string): BlockSearch {
  const needle = Uint8Array.from(word, (character) => lowered(character.charCodeAt(0)))
  const last = needle.length - 1
  const final = needle[last]
  const skip = new Uint32Array(256)
  // 0 where a match may end.
  for (let byte = 0; byte < 256; byte += 1) skip[byte] = last - needle.lastIndexOf(lowered(byte))
  const afterMiss = last - needle.subarray(0, last).lastIndexOf(final ?? 0)
  return (bytes, from) => {
    const { length } = bytes
    for (let end = from + last; end < length;) {
      const distance = skip[bytes[end] as number] as number
      if (distance > 0) {
        end += distance
        continue
      }
      const start = end - last
      let index = last - 1
      while (index >= 0 && folded[bytes[start + index] as number] === needle[index]) index -= 1
      if (index < 0) return start
      end += afterMiss
    }
    return length
  }
}

const folded = Uint8Array.from({ length: 256 }, (_, byte) => lowered(byte))

function lowered(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte
}
