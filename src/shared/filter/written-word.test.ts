import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, foldedBytes, foldedWord } from '../../../test/support/filter-language'
import { caseVariants } from './case-variants'
import { fold } from './fold'
import { isWritable, WrittenWord } from './written-word'

const utf8 = new TextEncoder()

describe('WrittenWord', () => {
  it.each([
    ['ss', 'ß', true],
    ['s', 'ß', true],
    ['ass', 'aß', true],
    ['asss', 'aß', false],
    ['sx', 'ßx', true],
    ['ssx', 'ſSx', true],
    ['sy', 'ßx', false],
    ['fi', 'oﬃce', true],
    ['ﬀ', 'oﬃce', true],
    ['ic', 'oﬃce', true],
    ['fic', 'oﬀice', true],
    ['ff', 'oﬁce', false],
    ['kkk', 'kK\u212a', true],
    ['р', 'ѐ', false],
    ['т', '\u1c84', true],
    ['ᾳ', 'αΙ', true],
    ['å', '\u212b', true],
    ['𐐨', '𐐀', true],
    ['ⱥ', 'Ⱥ', true],
    ['Ⱥⱥ', 'xȺȺ', true],
    ['é', 'e\u0301', false],
  ])('finds %s in %s: %s', (word, text, expected) => {
    expect(new WrittenWord(fold(word)).isIn(utf8.encode(text))).toBe(expected)
    expect(contains(text, word)).toBe(expected)
  })

  it('finds every character by every part of what it is folded to', () => {
    const missed: string[] = []
    for (const { character, folded } of [...caseVariants().byFirst.values()].flat()) {
      for (let start = 0; start < folded.length; start += 1)
        for (let end = start + 1; end <= folded.length; end += 1) {
          const word = new WrittenWord(folded.slice(start, end).join(''))
          if (!word.isIn(utf8.encode(`日${character}`))) missed.push(character)
        }
    }
    expect(missed).toEqual([])
  })

  it('finds what is in the folded text, in bytes of every kind', () => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    fc.assert(
      fc.property(
        foldedWord.filter((word) => isWritable(fold(word))),
        fc.array(foldedBytes, { minLength: 1, maxLength: 10 }),
        (sought, all) => {
          const word = new WrittenWord(fold(sought))
          for (const bytes of all)
            expect(word.isIn(bytes)).toBe(contains(decoder.decode(bytes), sought))
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes nothing for a character that is not one', () => {
    expect(new WrittenWord('\u0301').isIn(Uint8Array.of(0xce, 0xd0, 0xa1))).toBe(false)
    expect(new WrittenWord('s').isIn(Uint8Array.of(0xc3, 0xdf))).toBe(false)
    expect(new WrittenWord('k').isIn(Uint8Array.of(0xe2, 0x84, 0x6a))).toBe(false)
  })

  it('finds plain ways in the order they stand, from any place on', () => {
    const { findPlain, length } = new WrittenWord('рё')
    const bytes = utf8.encode('рё, ѐё, Рё, ß, РЁ')
    const places = [0, 1, 10, 17, 20].map((from) => findPlain(bytes, from))
    expect(length).toBe(4)
    expect(places).toEqual([0, 12, 12, 22, 22])
  })
})
