import { highlightSpecialChars, type EditorView } from '@codemirror/view'
import { EditorState, type Extension } from '@codemirror/state'

const carriageReturn = 0x0d

const names: Readonly<Record<number, string>> = {
  0x00: 'NUL',
  0x08: 'backspace',
  0x0b: 'vertical tab',
  0x0c: 'form feed',
  [carriageReturn]: 'carriage return',
  0x1b: 'escape',
  0x7f: 'delete',
  0xad: 'soft hyphen',
  0x200b: 'zero-width space',
  0xfeff: 'byte order mark',
}

/**
 * Only LF ends a line, so that the document is the text: CR and every other control character stay in
 * it as characters and are drawn as marks. By default CodeMirror turns CRLF and CR into LF.
 */
export const exactText: Extension = [
  EditorState.lineSeparator.of('\n'),
  highlightSpecialChars({
    render: drawMark,
    // Bidirectional embeddings and invisible operators, which the default set leaves out.
    addSpecialChars: /[\u202a-\u202c\u2060-\u2064\u2068]/g,
  }),
]

/** What a character that does not show is drawn as. */
export function markFor(code: number): string {
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function drawMark(code: number): HTMLElement {
  const mark = document.createElement('span')
  mark.textContent = markFor(code)
  mark.className = code === carriageReturn ? 'cm-carriageReturn' : 'cm-invisible'
  mark.title = names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  mark.setAttribute('role', 'img')
  mark.setAttribute('aria-label', mark.title)
  return mark
}

/** The text, exactly as it was typed, pasted or set. */
export function exactTextOf(view: EditorView): string {
  return view.state.doc.toString()
}
