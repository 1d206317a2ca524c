import { describe, expect, it } from 'vitest'
import { caseVariants } from './case-variants'
import { fold } from './fold'

const utf8 = new TextEncoder()

describe('caseVariants', () => {
  it('has every character of Unicode that folding changes', () => {
    const known = new Map(
      [...caseVariants().byFirst.values()].flat().map((one) => [one.character, one]),
    )
    const wrong: string[] = []
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue
      const character = String.fromCodePoint(code)
      const folded = fold(character)
      const variant = known.get(character)
      if (folded === character ? variant : variant?.folded.join('') !== folded)
        wrong.push(character)
      if (!variant) continue
      const { length } = utf8.encode(character)
      const same = [...folded].length === 1 && utf8.encode(folded).length === length
      // A search for those that are not plain counts on their length.
      if (variant.plain !== same || (!same && (length < 2 || length > 3))) wrong.push(character)
    }
    expect(wrong).toEqual([])
  })

  it('tells apart those that become several characters', () => {
    const { expanding, byFirst } = caseVariants()
    const several = [...byFirst.values()].flat().filter(({ folded }) => folded.length > 1)
    expect(new Set(expanding)).toEqual(new Set(several))
    expect(expanding.map(({ character }) => character)).toEqual(expect.arrayContaining(['ß', 'ﬁ']))
  })
})
