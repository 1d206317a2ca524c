import { computed, shallowRef, watch, type Ref } from 'vue'
import type { FrameWindow } from '../../composables/useFrameWindow'
import { clampSelection, noSelection, selectOnly, type RowSelection } from './row-selection'

/**
 * Which rows are selected, by position, kept in step with the id of the row that the inspector shows:
 * positions change with the filter, the id does not. `reveal` brings a position into sight;
 * `insisting` when somebody asked to go there.
 */
export function useRowSelection(
  frames: FrameWindow,
  end: Readonly<Ref<number>>,
  selectedId: Ref<number | null | undefined>,
  reveal: (position: number, insisting: boolean) => void,
) {
  const chosen = shallowRef<RowSelection>(noSelection())
  const selection = computed({
    get: () => clampSelection(chosen.value, frames.first.value, end.value),
    set: (next) => (chosen.value = next),
  })
  /** The row whose position is not known in this view yet. */
  let sought: number | null = selectedId.value ?? null

  const activeId = computed(() => {
    const { active } = selection.value
    return active === null ? undefined : frames.entry(active)?.row.id
  })

  // The row that became active may still be on its way.
  watch(activeId, (id) => {
    if (id !== undefined && sought === null) selectedId.value = id
  })

  watch(selectedId, (id) => {
    if (id === undefined || id === activeId.value) return
    sought = id
    if (id === null) chosen.value = noSelection()
    else void seek()
  })

  watch([frames.switching, frames.moves], ([switching, moves], [, movesBefore]) => {
    if (!switching && moves === movesBefore) return
    sought = selectedId.value ?? null
    chosen.value = noSelection()
    void seek()
  })

  watch(frames.state, () => void seek(), { immediate: true })

  async function seek() {
    const state = frames.state.value
    if (sought === null || !state || frames.switching.value || state.scanned <= sought) return
    const id = sought
    sought = null
    const place = await frames.locate(id)
    if (!place?.exact || selectedId.value !== id) return
    chosen.value = selectOnly(place.position)
    reveal(place.position, false)
  }

  /** Selects the row at a position alone and brings it into sight. */
  function goToPosition(position: number) {
    sought = null
    chosen.value = selectOnly(position)
    reveal(position, true)
  }

  /** @returns whether the list has the row. */
  async function goTo(rowId: number): Promise<boolean> {
    const place = await frames.locate(rowId)
    if (!place?.exact || place.position >= end.value) return false
    goToPosition(place.position)
    selectedId.value = rowId
    return true
  }

  /** The row the keyboard is on, also while it is still on its way. */
  async function currentId(): Promise<number | null> {
    const { active } = selection.value
    if (active === null) return selectedId.value ?? null
    return (await frames.rowAt(active))?.id ?? null
  }

  return { selection, activeId, goTo, goToPosition, currentId }
}
