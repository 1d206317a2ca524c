import type { HighlightRange, HighlightTerm } from '@shared/filter/highlight'

/** Texts to be searched for the same terms. */
export interface HighlightRequest {
  readonly texts: readonly string[]
  readonly terms: readonly HighlightTerm[]
  /** Most ranges of each text. */
  readonly limit: number
  /** Whether the texts are those of whole rows, and not only their beginnings. */
  readonly whole: boolean
}

/** `ready` once after the worker's start; then for each request the ranges of each of its texts. */
export type HighlightReply = 'ready' | readonly (readonly HighlightRange[])[]
