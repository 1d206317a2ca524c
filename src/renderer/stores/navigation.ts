import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

const sections = ['connections', 'server', 'captures', 'settings'] as const
export type Section = (typeof sections)[number]

/** Where this window remembers its section over a reload. */
const shownKey = 'section'

/** Which section is on screen and which of the window's own dialogs is open. */
export const useNavigationStore = defineStore('navigation', () => {
  const shownBefore = window.sessionStorage.getItem(shownKey)
  const section = ref<Section>(sections.find((name) => name === shownBefore) ?? 'connections')
  const paletteOpen = ref(false)
  const shortcutsOpen = ref(false)
  const importOpen = ref(false)

  watch(section, (name) => window.sessionStorage.setItem(shownKey, name))

  return { section, paletteOpen, shortcutsOpen, importOpen }
})
