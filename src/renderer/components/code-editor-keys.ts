import {
  historyKeymap,
  indentLess,
  indentMore,
  insertNewline,
  standardKeymap,
} from '@codemirror/commands'
import type { EditorState, Extension } from '@codemirror/state'
import { keymap, type Command, type KeyBinding } from '@codemirror/view'

export type EditorLanguage = 'text' | 'json'

/**
 * Tab writes a tab into text and indents JSON; Escape, then Tab, leaves the editor (CodeMirror's own
 * way out), and so does Shift+Tab where there is nothing to take back.
 */
export function editorKeys(language: EditorLanguage, tabs: boolean): Extension {
  const bindings: KeyBinding[] = []
  if (tabs)
    bindings.push(
      language === 'json'
        ? { key: 'Tab', run: indentMore, shift: indentLessIfIndented }
        : { key: 'Tab', run: insertTab },
    )
  // In text, a new line holds nothing that was not typed.
  if (language === 'text') bindings.push({ key: 'Enter', run: insertNewline, shift: insertNewline })
  return keymap.of([...bindings, ...standardKeymap, ...historyKeymap])
}

const insertTab: Command = ({ state, dispatch }) => {
  if (state.readOnly) return false
  dispatch(state.update(state.replaceSelection('\t'), { scrollIntoView: true, userEvent: 'input' }))
  return true
}

const indentLessIfIndented: Command = (view) =>
  selectedLinesAreIndented(view.state) ? indentLess(view) : false

function selectedLinesAreIndented(state: EditorState): boolean {
  return state.selection.ranges.some((range) => {
    const last = state.doc.lineAt(range.to).number
    for (let number = state.doc.lineAt(range.from).number; number <= last; number += 1)
      if (/^[ \t]/.test(state.doc.line(number).text)) return true
    return false
  })
}
