import { fold } from './fold'
import type { FilterNode, PathTest } from './node'

/**
 * What a filter looks for and a text that passed it should show marked. Texts can be found at once;
 * a regular expression may run for ever and is for a thread that can be stopped.
 */
export type HighlightTerm =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }

/** A part of a text in UTF-16 units, `end` after its last. */
export interface HighlightRange {
  readonly start: number
  readonly end: number
}

/**
 * The words, phrases and regular expressions of a filter, and the texts that a path asks for; without
 * those under an odd number of `not`.
 */
export function highlightTerms(node: FilterNode | null): HighlightTerm[] {
  return node === null ? [] : termsOf(node, true)
}

function termsOf(node: FilterNode, positive: boolean): HighlightTerm[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.children.flatMap((child) => termsOf(child, positive))
    case 'not':
      return termsOf(node.child, !positive)
    case 'text':
      return positive ? [{ kind: 'text', text: node.text }] : []
    case 'regex':
      return positive ? [{ kind: 'regex', pattern: node.pattern, flags: node.flags }] : []
    case 'path': {
      const text = node.test === null ? '' : askedText(node.test)
      return positive && text !== '' ? [{ kind: 'text', text }] : []
    }
    default:
      return []
  }
}

/** The text that a value must contain or be. */
function askedText(test: PathTest): string {
  if (test.kind === 'contains') return test.text
  const equals = test.kind === 'compare' && test.operator === '=='
  return equals && test.value.kind === 'text' ? test.value.text : ''
}

/**
 * Where the words and phrases stand in a text, whatever the case, as a filter finds them; regular
 * expressions are passed over. In order, without overlaps, at most `limit`.
 */
export function findHighlights(
  text: string,
  terms: readonly HighlightTerm[],
  limit: number,
): HighlightRange[] {
  const sought = terms.flatMap((term) => (term.kind === 'text' ? [fold(term.text)] : []))
  if (sought.length === 0 || text === '') return []
  const folded = fold(text)
  const found = sought.flatMap((needle) => occurrences(folded, needle, limit))
  const ranges = folded.length === text.length ? found : inOriginal(text, found)
  return mergeHighlights(ranges).slice(0, limit)
}

/**
 * Where a regular expression matches, in order, at most `limit`; empty matches are left out. It may
 * take for ever: run it only where it can be stopped.
 */
export function findRegexHighlights(
  text: string,
  term: Extract<HighlightTerm, { kind: 'regex' }>,
  limit: number,
): HighlightRange[] {
  const regex = new RegExp(term.pattern, `${term.flags}g`)
  const ranges: HighlightRange[] = []
  for (const match of text.matchAll(regex)) {
    if (match[0] === '') continue
    ranges.push({ start: match.index, end: match.index + match[0].length })
    if (ranges.length >= limit) break
  }
  return ranges
}

/** The same places in order, with those that overlap or touch joined. */
export function mergeHighlights(ranges: readonly HighlightRange[]): HighlightRange[] {
  const merged: HighlightRange[] = []
  for (const range of [...ranges].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1)
    if (last === undefined || range.start > last.end) merged.push(range)
    else if (range.end > last.end) merged[merged.length - 1] = { start: last.start, end: range.end }
  }
  return merged
}

function occurrences(text: string, needle: string, limit: number): HighlightRange[] {
  const found: HighlightRange[] = []
  let at = text.indexOf(needle)
  while (at !== -1 && found.length < limit) {
    found.push({ start: at, end: at + needle.length })
    at = text.indexOf(needle, at + needle.length)
  }
  return found
}

/** Turns places in the folded text into those of whole characters in the text itself. */
function inOriginal(text: string, ranges: readonly HighlightRange[]): HighlightRange[] {
  const starts: number[] = []
  let at = 0
  for (const character of text) {
    for (let unit = fold(character).length; unit > 0; unit -= 1) starts.push(at)
    at += character.length
  }
  return ranges.map(({ start, end }) => {
    const last = starts[end - 1] ?? 0
    const lastLength = String.fromCodePoint(text.codePointAt(last) ?? 0).length
    return { start: starts[start] ?? 0, end: last + lastLength }
  })
}
