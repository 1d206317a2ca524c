import type { Captures } from '../engine/captures/captures'
import type { SettingsPart, SettingsStore } from '../storage/settings-store'
import type { EventHub } from '../event-hub'
import type { HandlersOf } from './handlers-of'

export interface SettingsParts {
  readonly settings: SettingsStore
  readonly captures: Captures
  readonly hub: EventHub
}

/** Changes settings, puts them into force and tells every window. */
export async function changeSettings(
  { settings, captures, hub }: SettingsParts,
  part: SettingsPart,
) {
  const updated = await settings.update(part)
  captures.budget = updated.logBudget
  hub.emit('settings.changed', updated)
  return updated
}

export function settingsHandlers(parts: SettingsParts): HandlersOf<'settings'> {
  return {
    'settings.get': () => parts.settings.get(),
    'settings.update': (part) => changeSettings(parts, part),
  }
}
