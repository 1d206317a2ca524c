import { onScopeDispose, shallowRef } from 'vue'
import type { Bookmark } from '@shared/model/capture'
import { engine } from '../api/engine'
import { useToastsStore } from '../stores/toasts'

/** The bookmarks of a log, by row, and what can be done with them. */
export function useBookmarks(logId: string) {
  const toasts = useToastsStore()
  const bookmarks = shallowRef<readonly Bookmark[]>([])

  const stop = engine.on('frames.bookmarksChanged', (event) => {
    if (event.logId === logId) bookmarks.value = event.bookmarks
  })
  // The engine forgets nothing while it is out of reach; others may have changed something.
  const stopWatching = engine.onConnectedChange((connected) => {
    if (connected) void load()
  })
  onScopeDispose(() => {
    stop()
    stopWatching()
  })
  void load()

  async function load() {
    try {
      bookmarks.value = await engine.call('frames.bookmarks', { logId })
    } catch {
      // Without its log there are none; the list says what is wrong with it.
      bookmarks.value = []
    }
  }

  function noteOf(rowId: number): string | null {
    return bookmarks.value.find((bookmark) => bookmark.rowId === rowId)?.note ?? null
  }

  /** Bookmarks a row, or gives its bookmark another note. */
  async function set(rowId: number, note: string): Promise<void> {
    await engine.call('frames.bookmark', { logId, rowId, note }).catch(toasts.showError)
  }

  /** What was written down can be brought back. */
  async function remove(rowId: number): Promise<void> {
    const note = noteOf(rowId)
    try {
      await engine.call('frames.bookmark', { logId, rowId, note: null })
    } catch (error) {
      return toasts.showError(error)
    }
    if (note) toasts.show('Bookmark removed', { action: 'Undo', run: () => void set(rowId, note) })
  }

  function toggle(rowId: number): Promise<void> {
    return noteOf(rowId) === null ? set(rowId, '') : remove(rowId)
  }

  return { bookmarks, noteOf, set, remove, toggle }
}

export type Bookmarks = ReturnType<typeof useBookmarks>
