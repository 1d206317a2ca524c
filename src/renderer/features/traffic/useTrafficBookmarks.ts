import { computed, ref, type Ref } from 'vue'
import { formatCount } from '@shared/format/bytes'
import type { Bookmarks } from '../../composables/useBookmarks'
import { useToastsStore } from '../../stores/toasts'

/** Bookmarks as the keyboard uses them: on the row in question, and from one to the next. */
export function useTrafficBookmarks(
  bookmarks: Bookmarks,
  selectedId: Ref<number | null | undefined>,
  /** The row the keyboard is on. */
  currentId: () => Promise<number | null>,
  /** @returns whether the list has the row. */
  goTo: (rowId: number) => Promise<boolean>,
  showEverything: () => void,
) {
  const toasts = useToastsStore()
  /** The row whose note is being written. */
  const noting = ref<number | null>(null)

  const dialog = computed(() => {
    const id = noting.value
    if (id === null) return null
    return { rowId: id, note: bookmarks.noteOf(id), row: `Row ${formatCount(id)}` }
  })

  async function withRow(act: (rowId: number) => void) {
    const id = await currentId()
    if (id === null)
      toasts.show('No row is selected. A click or an arrow key in the list selects one.')
    else act(id)
  }

  /** To a bookmark, also where a filter hides it. */
  async function visit(id: number) {
    if (await goTo(id)) return
    toasts.show('The bookmarked row is hidden by the filter', {
      action: 'Show everything',
      run: () => {
        showEverything()
        // The list seeks the row under its new filter.
        selectedId.value = id
      },
    })
  }

  /** The next bookmark in the list, going round at the end. */
  async function step(by: 1 | -1) {
    const ids = bookmarks.bookmarks.value.map((bookmark) => bookmark.rowId)
    if (ids.length === 0) return toasts.show('No row is bookmarked. B bookmarks the selected row.')
    const ordered = by > 0 ? ids : ids.toReversed()
    const here = await currentId()
    const at = ordered.findIndex((id) => here === null || (by > 0 ? id > here : id < here))
    const from = Math.max(at, 0)
    // Those that the filter hides are passed over.
    for (const id of [...ordered.slice(from), ...ordered.slice(0, from)]) if (await goTo(id)) return
    toasts.show('The filter hides every bookmarked row', {
      action: 'Show everything',
      run: showEverything,
    })
  }

  return {
    dialog,
    visit,
    step,
    toggle: () => void withRow((id) => void bookmarks.toggle(id)),
    editNote: () => void withRow((id) => (noting.value = id)),
    closeNote: () => (noting.value = null),
  }
}
