import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

export const inspectorTabs = ['pretty', 'raw', 'hex', 'frame', 'compare'] as const
export type InspectorTab = (typeof inspectorTabs)[number]

/** A row of some log. */
export interface RowPlace {
  readonly logId: string
  readonly rowId: number
}

/** How rows are looked at, the same for every row and every log while the window lives. */
export const useInspectorStore = defineStore('inspector', () => {
  const tab = ref<InspectorTab>('pretty')
  /** The row that others are compared with; `null` while nothing is compared. */
  const compareFrom = shallowRef<RowPlace | null>(null)
  let before: InspectorTab = 'pretty'

  /** Keeps a row to compare those with that are selected next. */
  function startComparing(place: RowPlace) {
    if (tab.value !== 'compare') before = tab.value
    compareFrom.value = place
    tab.value = 'compare'
  }

  function stopComparing() {
    compareFrom.value = null
    if (tab.value === 'compare') tab.value = before
  }

  return { tab, compareFrom, startComparing, stopComparing }
})
