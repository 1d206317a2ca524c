import { describe, expect, it } from 'vitest'
import { fold, isAscii, isAsciiBytes, mayFoldToAscii } from './fold'

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
      const foldsToAscii = code > 0x7f && [...folded].some((part) => part < '\x80')
      if (!holds || (foldsToAscii && !mayFoldToAscii(utf8.encode(character))))
        broken.push(character)
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
      expect(mayFoldToAscii(utf8.encode(`${text}ß`))).toBe(true)
      expect(mayFoldToAscii(utf8.encode(`${text}é–日`))).toBe(false)
    }
  })
})
