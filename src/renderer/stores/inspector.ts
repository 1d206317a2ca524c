import { defineStore } from 'pinia'
import { ref } from 'vue'

export const inspectorTabs = ['pretty', 'raw', 'hex', 'frame'] as const
export type InspectorTab = (typeof inspectorTabs)[number]

/** How rows are looked at, the same for every row and every log while the window lives. */
export const useInspectorStore = defineStore('inspector', () => {
  const tab = ref<InspectorTab>('pretty')
  return { tab }
})
