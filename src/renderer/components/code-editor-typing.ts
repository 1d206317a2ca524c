import { EditorView } from '@codemirror/view'

/**
 * Typing over a selection, done here instead of by the browser: Chromium gives the new text the look of
 * the old one with an inline style, which the page's policy refuses and reports.
 */
export const typingOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view
    const typed = event.inputType === 'insertText' && !event.isComposing ? event.data : null
    if (typed === null || state.readOnly || state.selection.main.empty) return false
    view.dispatch(state.replaceSelection(state.toText(typed)), {
      userEvent: 'input.type',
      scrollIntoView: true,
    })
    event.preventDefault()
    return true
  },
})
