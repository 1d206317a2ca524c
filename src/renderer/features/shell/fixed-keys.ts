/** Keys that belong to one control rather than to a command, for the list of shortcuts. */
export const fixedKeys = [
  { group: 'Connection', title: 'Close the tab in focus', keys: ['Delete'] },
  { group: 'Traffic', title: 'Move through the rows', keys: ['↑', '↓', 'PageUp', 'PageDown'] },
  { group: 'Traffic', title: 'First row, latest row', keys: ['Home', 'End'] },
  { group: 'Traffic', title: 'Select a range', keys: ['Shift+↑', 'Shift+↓'] },
  { group: 'Traffic', title: 'Select all, copy', keys: ['Mod+A', 'Mod+C'] },
  { group: 'Traffic', title: 'Go to the inspector, and back', keys: ['Enter', 'Esc'] },
  { group: 'Inspector', title: 'Move a decoder step', keys: ['Alt+←', 'Alt+→'] },
  { group: 'Inspector', title: 'Remove a decoder step', keys: ['Delete'] },
  { group: 'Inspector', title: 'Move through the bits of a header', keys: ['←', '→'] },
  { group: 'Captures', title: 'Close the tab in focus', keys: ['Delete'] },
  { group: 'Composer', title: 'Walk through what was sent', keys: ['Alt+↑', 'Alt+↓'] },
  { group: 'Composer', title: 'Leave the editor', keys: ['Esc', 'Tab'] },
  { group: 'Profiles', title: 'Open a profile and connect', keys: ['Enter'] },
  { group: 'Profiles', title: 'Open a profile', keys: ['Space'] },
  { group: 'Profiles', title: 'Move a profile', keys: ['Alt+↑', 'Alt+↓'] },
  { group: 'Borders between panes', title: 'Move a border', keys: ['←', '→', '↑', '↓'] },
] as const
