import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EditorState } from '@codemirror/state'
import { exactText, markFor } from './code-editor-invisibles'

const awkward = fc.string({
  unit: fc.constantFrom('a', '\r', '\n', '\r\n', '\0', '\t', '\u2028', '\ufeff', '\ud800', '😀'),
})

describe('exactText', () => {
  it('keeps every character of a document', () => {
    fc.assert(
      fc.property(awkward, (text) => {
        const state = EditorState.create({ doc: text, extensions: [exactText] })
        expect(state.doc.toString()).toBe(text)
      }),
    )
  })

  it('keeps every character of what is inserted, at any place', () => {
    fc.assert(
      fc.property(awkward, awkward, fc.nat(), (text, inserted, place) => {
        const at = place % (text.length + 1)
        const state = EditorState.create({ doc: text, extensions: [exactText] })
        const changes = { from: at, insert: state.toText(inserted) }
        const changed = state.update({ changes }).state.doc.toString()
        expect(changed).toBe(text.slice(0, at) + inserted + text.slice(at))
      }),
    )
  })

  it('copies a selection as it stands', () => {
    const state = EditorState.create({ doc: 'a\r\nb\rc\nd', extensions: [exactText] })
    expect(state.sliceDoc(0, state.doc.length)).toBe('a\r\nb\rc\nd')
  })
})

describe('markFor', () => {
  it.each([
    [0x00, 'NUL'],
    [0x0d, 'CR'],
    [0x1b, 'ESC'],
    [0x1f, 'US'],
    [0x7f, 'DEL'],
    [0x85, 'U+0085'],
    [0x202e, 'U+202E'],
    [0xfeff, 'U+FEFF'],
  ])('names %i %s', (code, mark) => {
    expect(markFor(code)).toBe(mark)
  })
})
