import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { defaultSettings, type Settings } from '@shared/model/settings'
import { engine } from '../api/engine'

/** A mirror of the engine's settings; the theme and the density reach the document from here. */
export const useSettingsStore = defineStore('settings', () => {
  const settings = ref<Settings>(defaultSettings())

  engine.on('settings.changed', (changed) => (settings.value = changed))

  async function load() {
    settings.value = await engine.call('settings.get', {})
  }

  async function update(part: Partial<Settings>) {
    settings.value = { ...settings.value, ...part }
    settings.value = await engine.call('settings.update', part)
  }

  /** Remembers where a border stands. */
  async function setPane(name: string, sizes: [number, number]) {
    await update({ panes: { ...settings.value.panes, [name]: sizes } })
  }

  /** Where a border stood last, or the given place. */
  function pane(name: string, initial: readonly [number, number]): readonly [number, number] {
    const [first, second] = settings.value.panes[name] ?? []
    return first === undefined || second === undefined ? initial : [first, second]
  }

  watch(
    () => [settings.value.theme, settings.value.density] as const,
    ([theme, density]) => {
      const { dataset } = document.documentElement
      if (theme === 'system') delete dataset['theme']
      else dataset['theme'] = theme
      dataset['density'] = density
    },
  )

  return { settings, load, update, setPane, pane }
})
