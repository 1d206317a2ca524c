import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import {
  findHighlights,
  highlightTerms,
  mergeHighlights,
  type HighlightRange,
  type HighlightTerm,
} from '@shared/filter/highlight'
import { parseFilter } from '@shared/filter/parse'
import { RegexHighlighter } from '../workers/regex-highlighter'

/** Most marks in one text. */
const mostMarks = 1000

/** Longer texts are marked up to here, in UTF-16 units. */
const markedLength = 1024 * 1024

const highlighter = new RegexHighlighter()

/** The query parsed last: every row on screen asks for the same. */
let last: { readonly query: string; readonly terms: readonly HighlightTerm[] } | undefined

function termsOf(query: string): readonly HighlightTerm[] {
  if (last?.query !== query) {
    const parsed = parseFilter(query)
    last = { query, terms: parsed.ok ? highlightTerms(parsed.node) : [] }
  }
  return last.terms
}

/**
 * Where a text shows what a filter looks for, in order and without overlaps: words and phrases at
 * once, regular expressions a moment later, and not at all when they take too long.
 */
export function useHighlights(
  text: MaybeRefOrGetter<string>,
  query: MaybeRefOrGetter<string>,
): { readonly ranges: ComputedRef<readonly HighlightRange[]> } {
  const shown = computed(() => toValue(text).slice(0, markedLength))
  const terms = computed(() => (shown.value === '' ? [] : termsOf(toValue(query))))
  const words = computed(() => findHighlights(shown.value, terms.value, mostMarks))
  const matches = shallowRef<readonly HighlightRange[]>([])

  watch(
    [shown, terms],
    async ([searched, asked], _, onCleanup) => {
      const expressions = asked.filter((term) => term.kind === 'regex')
      // Only a change may trigger what shows the ranges.
      if (matches.value.length > 0) matches.value = []
      if (expressions.length === 0) return
      let current = true
      onCleanup(() => (current = false))
      const found = await highlighter.find(searched, expressions, mostMarks)
      if (current && found) matches.value = found
    },
    { immediate: true },
  )

  const ranges = computed(() =>
    matches.value.length === 0
      ? words.value
      : mergeHighlights([...words.value, ...matches.value]).slice(0, mostMarks),
  )
  return { ranges }
}
