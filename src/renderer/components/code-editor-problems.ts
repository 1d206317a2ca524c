import { setDiagnostics, setDiagnosticsEffect } from '@codemirror/lint'
import { RangeSet, StateField } from '@codemirror/state'
import { GutterMarker, gutterLineClass, type EditorView } from '@codemirror/view'

/** Something wrong in the text. */
export interface EditorProblem {
  readonly message: string
  /** In UTF-16 units from the start. */
  readonly offset: number
}

const mark = new (class extends GutterMarker {
  override elementClass = 'cm-problemLine'
})()

/** Colours the numbers of lines with a problem. */
export const problemLines = StateField.define<RangeSet<GutterMarker>>({
  create: () => RangeSet.empty,
  update(lines, transaction) {
    let next = lines.map(transaction.changes)
    for (const effect of transaction.effects)
      if (effect.is(setDiagnosticsEffect))
        next = RangeSet.of(
          effect.value.map(({ from }) => mark.range(transaction.state.doc.lineAt(from).from)),
          true,
        )
    return next
  },
  provide: (field) => gutterLineClass.from(field),
})

/** Underlines the character at the problem; at the end of a line, the one before. */
export function showProblem(view: EditorView, problem: EditorProblem | null): void {
  const { doc } = view.state
  if (!problem) {
    view.dispatch(setDiagnostics(view.state, []))
    return
  }
  const at = Math.min(problem.offset, doc.length)
  const line = doc.lineAt(at)
  const from = at === line.to && at > line.from ? at - 1 : at
  const to = Math.min(from + 1, line.to)
  view.dispatch(
    setDiagnostics(view.state, [{ from, to, severity: 'error', message: problem.message }]),
  )
}
