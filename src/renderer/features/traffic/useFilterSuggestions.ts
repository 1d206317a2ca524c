import { computed, ref, shallowRef } from 'vue'
import { suggestFilter, type Suggestion } from '@shared/filter/suggest'

/** What could be written at the caret, and which of it is chosen. Nothing is chosen by itself. */
export function useFilterSuggestions() {
  const items = shallowRef<readonly Suggestion[]>([])
  const active = ref(-1)
  const open = computed(() => items.value.length > 0)
  const chosen = computed(() => items.value[active.value])

  function close() {
    items.value = []
    active.value = -1
  }

  /** Offers what fits; while typing only where a term has been begun. */
  function offer(text: string, caret: number, typing: boolean) {
    close()
    const fitting = suggestFilter(text, caret)
    if (typing && !isBegun(text.slice(0, caret), fitting)) return
    items.value = fitting
  }

  function move(step: number) {
    const count = items.value.length
    // One place beside the list stands for none.
    active.value = ((active.value + 1 + step + count + 1) % (count + 1)) - 1
  }

  return { items, active, open, chosen, offer, move, close }
}

function isBegun(before: string, [first]: readonly Suggestion[]): boolean {
  if (!first) return false
  return first.start < before.length || /[:,<>=]\s*$|(?:^|[\s(-])\$\S*\s$/.test(before)
}
