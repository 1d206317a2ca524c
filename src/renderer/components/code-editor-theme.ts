import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'

/** One theme for dark and light: every colour is a token, which knows both. */
const surface = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-data)',
    fontSize: '12.5px',
    lineHeight: '20px',
    fontVariantLigatures: 'none',
  },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--text)' },
  '.cm-line': { padding: '0 10px 0 0' },
  '.cm-gutters': {
    minWidth: '38px',
    border: '0',
    color: 'var(--text-third)',
    backgroundColor: 'transparent',
  },
  '.cm-lineNumbers': { minWidth: '38px' },
  '.cm-lineNumbers .cm-gutterElement': {
    minWidth: '28px',
    padding: '0 10px 0 4px',
    fontVariantNumeric: 'tabular-nums',
  },
  '.cm-problemLine': { color: 'var(--bad)', fontWeight: '600' },
  '.cm-placeholder': { color: 'var(--text-third)' },
  '.cm-mark': {
    margin: '0 1px',
    padding: '0 2px',
    border: '1px solid currentcolor',
    borderRadius: '3px',
    color: 'var(--warn)',
    fontSize: '9px',
    lineHeight: '12px',
    verticalAlign: '1px',
  },
  '.cm-carriageReturn': { color: 'var(--text-third)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    paddingBottom: '0',
    textDecoration: 'underline wavy var(--bad) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--bad)' },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius-1)',
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-diagnostic': { padding: '3px 8px', fontFamily: 'var(--font-ui)', fontSize: '12px' },
  '.cm-diagnostic-error': { borderLeft: '2px solid var(--bad)' },
})

const syntax = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--syntax-key)' },
  { tag: tags.string, color: 'var(--syntax-string)' },
  { tag: tags.number, color: 'var(--syntax-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--syntax-keyword)' },
  { tag: [tags.separator, tags.punctuation, tags.bracket], color: 'var(--text-second)' },
])

export const editorTheme = [surface, syntaxHighlighting(syntax)]
