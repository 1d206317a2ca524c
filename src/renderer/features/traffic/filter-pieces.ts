import type { FilterProblem } from '@shared/filter/parse'
import { filterTokens, type FilterTokenKind } from '@shared/filter/tokens'

/** A piece of a filter's text as it is drawn. */
export interface FilterPiece {
  readonly text: string
  readonly kind: FilterTokenKind | 'space'
  /** Whether it is what is wrong with the filter. */
  readonly wrong: boolean
}

/** The text in pieces of one colour each; what is missing at its end is drawn as a space. */
export function filterPieces(text: string, problem: FilterProblem | null): FilterPiece[] {
  const kinds: { readonly end: number; readonly kind: FilterPiece['kind'] }[] = []
  for (const { start, end, kind } of filterTokens(text)) {
    kinds.push({ end: start, kind: 'space' }, { end, kind })
  }
  kinds.push({ end: text.length, kind: 'space' })
  const wrongStart = problem?.start ?? text.length
  const wrongEnd = problem?.end ?? text.length
  const pieces: FilterPiece[] = []
  let at = 0
  for (const { end, kind } of kinds) {
    for (const cut of [wrongStart, wrongEnd, end]) {
      const to = Math.min(cut, end)
      if (to <= at) continue
      pieces.push({ text: text.slice(at, to), kind, wrong: at >= wrongStart && to <= wrongEnd })
      at = to
    }
  }
  if (problem && wrongStart >= text.length) pieces.push({ text: ' ', kind: 'space', wrong: true })
  return pieces
}
