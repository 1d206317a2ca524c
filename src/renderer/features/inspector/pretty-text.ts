import { checkJson, looksLikeJson } from '@shared/model/json-text'
import { layoutJson, type FoldRange } from './json-layout'

/** A text as it is easiest to read. */
export interface PrettyText {
  readonly language: 'json' | 'text'
  readonly text: string
  readonly folds: readonly FoldRange[]
}

/** Longest text that is checked before it is laid out, in UTF-16 units; longer ones are only laid out. */
const longestChecked = 2 * 1024 * 1024

/** Lays JSON out, and leaves every other text as it is. `complete`: whether the payload ends here. */
export function prettyText(text: string, complete: boolean): PrettyText {
  const plain: PrettyText = { language: 'text', text, folds: [] }
  if (!(complete ? looksLikeJson(text) : /^[ \t\r\n]*[{[]/.test(text))) return plain
  if (complete && text.length <= longestChecked && checkJson(text) !== null) return plain
  return { language: 'json', ...layoutJson(text) }
}
