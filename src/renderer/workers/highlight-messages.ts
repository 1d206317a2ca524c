import type { HighlightRange, HighlightTerm } from '@shared/filter/highlight'

export type RegexTerm = Extract<HighlightTerm, { kind: 'regex' }>

/** Texts to be searched for the same expressions. */
export interface HighlightRequest {
  readonly texts: readonly string[]
  readonly terms: readonly RegexTerm[]
  /** Most ranges of each text. */
  readonly limit: number
}

/** `ready` once after the worker's start; then for each request the ranges of each of its texts. */
export type HighlightReply = 'ready' | readonly (readonly HighlightRange[])[]
