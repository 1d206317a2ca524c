import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Section = 'connections' | 'server' | 'settings'

/** Which section is on screen and which of the window's own dialogs is open. */
export const useNavigationStore = defineStore('navigation', () => {
  const section = ref<Section>('connections')
  const paletteOpen = ref(false)
  const shortcutsOpen = ref(false)

  return { section, paletteOpen, shortcutsOpen }
})
