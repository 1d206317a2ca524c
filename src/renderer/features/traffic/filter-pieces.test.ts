import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilter } from '@shared/filter/parse'
import { filterPieces } from './filter-pieces'

const drawn = (text: string) => {
  const parsed = parseFilter(text)
  return filterPieces(text, parsed.ok ? null : parsed.problem)
}

describe('filterPieces', () => {
  it('colours each part', () => {
    expect(drawn('dir:in  -x').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'field dir:',
      'value in',
      'space   ',
      'keyword -',
      'word x',
    ])
  })

  it('marks what is wrong, across parts and beyond the end', () => {
    const wrong = (text: string) =>
      drawn(text)
        .filter((piece) => piece.wrong)
        .map((piece) => piece.text)
    expect(wrong('a dir:x,in b')).toEqual(['x'])
    expect(wrong('"open phrase')).toEqual(['"open phrase'])
    expect(wrong('a size>')).toEqual(['size', '>'])
    expect(wrong('$.')).toEqual([' '])
    expect(wrong('a b')).toEqual([])
  })

  it('loses no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a ()"/$.:>size') }), (text) => {
        const joined = drawn(text)
          .map((piece) => piece.text)
          .join('')
        expect([text, `${text} `]).toContain(joined)
      }),
      { numRuns: 300 },
    )
  })
})
