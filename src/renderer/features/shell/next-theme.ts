import type { Theme } from '@shared/model/settings'

/** The order in which the theme button goes round. */
export function nextTheme(theme: Theme): Theme {
  return theme === 'system' ? 'dark' : theme === 'dark' ? 'light' : 'system'
}
