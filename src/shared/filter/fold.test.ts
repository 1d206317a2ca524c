import { describe, expect, it } from 'vitest'
import { fold, isAscii, isAsciiBytes } from './fold'

const utf8 = new TextEncoder()

describe('fold', () => {
  it('keeps what the search relies on, for every character', () => {
    const broken: string[] = []
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const character = String.fromCodePoint(code)
      const folded = fold(character)
      const holds =
        fold(folded) === folded &&
        fold(character.toLowerCase()) === folded &&
        fold(character.toUpperCase()) === folded &&
        folded.length >= character.length
      if (!holds) broken.push(character)
    }
    expect(broken).toEqual([])
  })

  it('folds each character by itself', () => {
    expect(fold('ΟΔΟΣ ΟΔΟΣΑ')).toBe([...'οδος οδοςα'].map(fold).join(''))
  })

  it('tells ASCII from the rest, wherever it ends', () => {
    for (let length = 0; length < 10; length += 1) {
      const text = 'a'.repeat(length)
      expect([isAscii(text), isAsciiBytes(utf8.encode(text))]).toEqual([true, true])
      expect([isAscii(`${text}é`), isAsciiBytes(utf8.encode(`${text}é`))]).toEqual([false, false])
    }
  })
})
