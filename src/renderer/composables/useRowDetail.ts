import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { RowDetail } from '@shared/model/frame'
import { engine } from '../api/engine'

/** Milliseconds after which a frame that has not left yet is asked for again. */
const settleInterval = 500

/** A row with what only the inspector needs; the row before stays until the next one is here. */
export function useRowDetail(logId: Readonly<Ref<string>>, rowId: Readonly<Ref<number | null>>) {
  const detail = shallowRef<RowDetail | null>(null)
  const error = shallowRef<unknown>(null)
  let timer: ReturnType<typeof setTimeout> | undefined
  let disposed = false

  async function load() {
    clearTimeout(timer)
    const [log, row] = [logId.value, rowId.value]
    if (row === null) {
      detail.value = null
      error.value = null
      return
    }
    const current = () => !disposed && logId.value === log && rowId.value === row
    try {
      const loaded = await engine.call('frames.detail', { logId: log, rowId: row })
      if (!current()) return
      detail.value = loaded
      error.value = null
      if (loaded.row.fate === 'queued') timer = setTimeout(() => void load(), settleInterval)
    } catch (failure) {
      if (!current()) return
      detail.value = null
      error.value = failure
    }
  }

  watch([logId, rowId], load, { immediate: true })
  const stop = engine.on('frames.bookmarksChanged', ({ logId: log, bookmarks }) => {
    const now = detail.value
    if (log !== logId.value || !now) return
    const note = bookmarks.find((bookmark) => bookmark.rowId === now.row.id)?.note ?? null
    if (note !== now.row.note) detail.value = { ...now, row: { ...now.row, note } }
  })
  onScopeDispose(() => {
    disposed = true
    clearTimeout(timer)
    stop()
  })
  return { detail, error }
}
