import type { Direction, RowKind } from '../model/frame'

/** Where something stands in the filter's text: UTF-16 units, `end` after its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** `=` and `==` are the same operator and are kept as `==`. */
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Numbers a row is compared by; docs/filter-language.md says what each counts. */
export const numberFields = ['size', 'wire', 'ratio', 'fragments', 'session', 'close'] as const
export type NumberField = (typeof numberFields)[number]

/** What `frame:` asks for. */
export const frameTraits = ['fragmented', 'compressed', 'invalid', 'masked'] as const
export type FrameTrait = (typeof frameTraits)[number]

/** A day of the Gregorian calendar; months and days from 1. */
export interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** A moment as it was written. */
export interface Moment {
  /** `null`: the day that the filter's context names. */
  readonly day: CalendarDay | null
  /** Microseconds since the day's midnight, as a clock shows them. */
  readonly clock: number
  /** Minutes that the clock is ahead of UTC; `null`: the viewer's time zone. */
  readonly offset: number | null
}

/** A step of a JSONPath (RFC 9535); with `deep`, taken from a value and everything below it. */
export type PathStep = { readonly deep: boolean } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
)

/** What a value selected by a path is compared with. */
export type PathValue =
  | { readonly kind: 'text'; readonly text: string }
  /** The number as written, because a double cannot hold every number exactly. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'literal'; readonly value: boolean | null }

/** What must hold of a selected value. */
export type PathTest =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: PathValue }
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'matches'; readonly pattern: string; readonly flags: string }

/**
 * A filter as a tree: plain data that can be cloned to another thread. Every node knows where it
 * stands in the text.
 */
export type FilterNode = Span &
  (
    | { readonly kind: 'and' | 'or'; readonly children: readonly FilterNode[] }
    | { readonly kind: 'not'; readonly child: FilterNode }
    | { readonly kind: 'text'; readonly text: string }
    | RegexTerm
    | PathTerm
    | { readonly kind: 'direction'; readonly values: readonly Direction[] }
    | { readonly kind: 'type'; readonly values: readonly RowKind[] }
    | { readonly kind: 'frame'; readonly values: readonly FrameTrait[] }
    | {
        readonly kind: 'number'
        readonly field: NumberField
        readonly operator: Comparison
        readonly value: number
      }
    | {
        readonly kind: 'number list'
        readonly field: NumberField
        readonly values: readonly number[]
      }
    | {
        readonly kind: 'time'
        readonly operator: '<' | '<=' | '>' | '>='
        readonly moment: Moment
      }
    /** Duration in milliseconds. */
    | { readonly kind: 'since'; readonly duration: number }
  )

/** A regular expression of JavaScript, without the flags g and y. */
export interface RegexTerm {
  readonly kind: 'regex'
  readonly pattern: string
  readonly flags: string
  /** As it stands in the text, to be named in messages. */
  readonly source: string
}

/** A JSONPath with what must hold of the values it selects. */
export interface PathTerm {
  readonly kind: 'path'
  readonly steps: readonly PathStep[]
  /** `null`: the path has to select something. */
  readonly test: PathTest | null
  /** As it stands in the text, to be named in messages. */
  readonly source: string
}

/** The source of every term that may take long; its place in the list is the term's index. */
export function termSources(node: FilterNode | null): string[] {
  return node === null ? [] : expensiveTerms(node).map((term) => term.source)
}

/** Terms that may take long, in the order of the text. */
export function expensiveTerms(
  node: FilterNode,
): Extract<FilterNode, { kind: 'regex' | 'path' }>[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.children.flatMap(expensiveTerms)
    case 'not':
      return expensiveTerms(node.child)
    case 'regex':
    case 'path':
      return [node]
    default:
      return []
  }
}
