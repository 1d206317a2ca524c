import { highlightSpecialChars, type EditorView } from '@codemirror/view'
import { EditorState, type Extension } from '@codemirror/state'

const carriageReturn = 0x0d

/** The names of ASCII's control characters, as its table has them. */
const controls = (
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'
).split(' ')

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

/** What a character that does not show is drawn as: words, because few fonts have signs for them. */
export function markFor(code: number): string {
  if (code === 0x7f) return 'DEL'
  return controls[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

function drawMark(code: number): HTMLElement {
  const mark = document.createElement('span')
  mark.textContent = markFor(code)
  mark.className = code === carriageReturn ? 'cm-mark cm-carriageReturn' : 'cm-mark'
  mark.title = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  mark.setAttribute('role', 'img')
  mark.setAttribute('aria-label', code === carriageReturn ? 'carriage return' : mark.textContent)
  return mark
}

/** The text, exactly as it was typed, pasted or set. */
export function exactTextOf(view: EditorView): string {
  return view.state.doc.toString()
}
