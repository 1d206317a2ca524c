import { computed, shallowRef, toValue, watch, type ComputedRef, type MaybeRefOrGetter } from 'vue'
import {
  findHighlights,
  hasRegex,
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
 * @param whole whether this is the whole text of the row, and not only its beginning.
 */
export function useHighlights(
  text: MaybeRefOrGetter<string>,
  query: MaybeRefOrGetter<string>,
  whole: MaybeRefOrGetter<boolean> = true,
): { readonly ranges: ComputedRef<readonly HighlightRange[]> } {
  const shown = computed(() => toValue(text).slice(0, markedLength))
  const isWhole = computed(() => toValue(whole) && toValue(text).length <= markedLength)
  const terms = computed(() => (shown.value === '' ? [] : termsOf(toValue(query))))
  const words = computed(() => {
    const quick = terms.value.filter((term) => !hasRegex(term))
    return findHighlights(shown.value, quick, mostMarks, isWhole.value)
  })
  const matches = shallowRef<readonly HighlightRange[]>([])

  watch(
    [shown, terms, isWhole],
    async ([searched, asked, all], _, onCleanup) => {
      const expressions = asked.filter(hasRegex)
      // Only a change may trigger what shows the ranges.
      if (matches.value.length > 0) matches.value = []
      if (expressions.length === 0) return
      let current = true
      onCleanup(() => (current = false))
      const found = await highlighter.find(searched, expressions, mostMarks, all)
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
