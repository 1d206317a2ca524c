import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHighlights } from '@shared/filter/highlight'
import { escapeControl } from '@shared/format/escape-control'
import { markPreview } from './preview-marks'

const marked = (preview: string, text: string) =>
  markPreview(preview, findHighlights(preview, [{ kind: 'text', text }], 100))

describe('markPreview', () => {
  it('marks the text wherever it stands, in any case', () => {
    expect(marked('btc to BTC', 'Btc')).toEqual([
      { text: 'btc', found: true },
      { text: ' to ', found: false },
      { text: 'BTC', found: true },
    ])
  })

  it('looks before it escapes, so that what is shown cannot be taken for what came', () => {
    expect(marked('a\nb n', 'n')).toEqual([
      { text: 'a\\nb ', found: false },
      { text: 'n', found: true },
    ])
    expect(marked('x\u202ey', '\u202e')[1]).toEqual({ text: '\\u{202e}', found: true })
  })

  it('passes over what lies beyond the text', () => {
    expect(
      markPreview('ab', [
        { start: 1, end: 5 },
        { start: 7, end: 9 },
      ]),
    ).toEqual([
      { text: 'a', found: false },
      { text: 'b', found: true },
    ])
    expect(markPreview('', [{ start: 0, end: 1 }])).toEqual([])
  })

  it('takes every character literally, and loses none', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (preview, sought) => {
        const pieces = marked(preview, sought)
        expect(pieces.map((piece) => piece.text).join('')).toBe(escapeControl(preview))
        if (preview.includes(sought)) expect(pieces.some((piece) => piece.found)).toBe(true)
      }),
    )
  })
})
