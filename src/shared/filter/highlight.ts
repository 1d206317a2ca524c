import { fold } from './fold'
import { selectPath } from './json-path'
import { locateJson, LocatedValue } from './located-json'
import type { FilterNode, PathStep, PathTest } from './node'
import { compileValueTest } from './path-test'

/** What a filter looks for and a text that passed it should show marked; plain data. */
export type HighlightTerm =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  /** Of what the path selects the values that pass, and of these the part that is asked for. */
  | { readonly kind: 'path'; readonly steps: readonly PathStep[]; readonly test: PathTest | null }

/** A part of a text in UTF-16 units, `end` after its last. */
export interface HighlightRange {
  readonly start: number
  readonly end: number
}

/** The words, phrases, regular expressions and paths of a filter, without those under an odd number of `not`. */
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
    case 'path':
      return positive ? [{ kind: 'path', steps: node.steps, test: node.test }] : []
    default:
      return []
  }
}

/** Whether a term holds a regular expression, which may run for ever and is for a thread that can be stopped. */
export function hasRegex(term: HighlightTerm): boolean {
  return term.kind === 'regex' || (term.kind === 'path' && term.test?.kind === 'matches')
}

/**
 * Where a text shows what the terms look for, as a filter finds it: in order, without overlaps, at most
 * `limit`. Terms with a regular expression ({@link hasRegex}) may take for ever.
 * @param whole whether this is the whole text of the row, and not only its beginning.
 */
export function findHighlights(
  text: string,
  terms: readonly HighlightTerm[],
  limit: number,
  whole = true,
): HighlightRange[] {
  if (text === '') return []
  const ranges = findTexts(
    text,
    terms.flatMap((term) => (term.kind === 'text' ? [term.text] : [])),
    limit,
  )
  const paths = terms.filter((term) => term.kind === 'path')
  const json = paths.length > 0 ? locateJson(text, whole) : undefined
  for (const term of terms) {
    if (term.kind === 'regex') ranges.push(...findRegex(text, term, limit))
    else if (term.kind === 'path') ranges.push(...findValues(text, json, whole, term, limit))
  }
  return mergeHighlights(ranges).slice(0, limit)
}

/** Where texts stand, whatever the case. */
function findTexts(text: string, sought: readonly string[], limit: number): HighlightRange[] {
  if (sought.length === 0) return []
  const folded = fold(text)
  const found = sought.flatMap((needle) => occurrences(folded, fold(needle), limit))
  return folded.length === text.length ? found : inOriginal(text, found)
}

/** Where a regular expression matches; empty matches are left out. */
function findRegex(
  text: string,
  { pattern, flags }: { readonly pattern: string; readonly flags: string },
  limit: number,
): HighlightRange[] {
  const ranges: HighlightRange[] = []
  for (const match of text.matchAll(new RegExp(pattern, `${flags}g`))) {
    if (match[0] === '') continue
    ranges.push({ start: match.index, end: match.index + match[0].length })
    if (ranges.length >= limit) break
  }
  return ranges
}

/** The values that a path selects and that pass; arrays and objects are not marked. */
function findValues(
  text: string,
  json: unknown,
  whole: boolean,
  { steps, test }: Extract<HighlightTerm, { kind: 'path' }>,
  limit: number,
): HighlightRange[] {
  // What counts from an end is not known before the end is.
  if (!whole && steps.some((step) => step.kind === 'index' && step.index < 0)) return []
  const passes = test === null ? () => true : compileValueTest(test)
  const ranges: HighlightRange[] = []
  for (const found of selectPath(json, steps)) {
    if (!(found instanceof LocatedValue) || passes(found.value) !== true) continue
    const { start, end } = found
    if (start === end) continue
    for (const part of partsOf(text.slice(start, end), test, limit))
      ranges.push({ start: start + part.start, end: start + part.end })
    if (ranges.length >= limit) break
  }
  return ranges
}

/** The parts of a value, as it is written, that a test asks for. */
function partsOf(written: string, test: PathTest | null, limit: number): HighlightRange[] {
  const all = [{ start: 0, end: written.length }]
  // Behind an escape, places in the value are not those in what is written.
  if (test === null || test.kind === 'compare' || written.includes('\\')) return all
  if (test.kind === 'matches') return findRegex(written, test, limit)
  return test.text === '' ? all : findTexts(written, [test.text], limit)
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
