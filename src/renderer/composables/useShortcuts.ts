import { onScopeDispose } from 'vue'
import { useCommandsStore } from '../stores/commands'

const isMac = navigator.platform.startsWith('Mac')

/** Runs commands by their keys. Keys without a modifier are left to whatever one types into. */
export function useShortcuts(): void {
  const commands = useCommandsStore()

  function onKeydown(event: KeyboardEvent) {
    if (event.defaultPrevented) return
    const pressed = describe(event)
    const command = commands.available.find((candidate) => candidate.keys?.includes(pressed))
    if (!command) return
    if (!event.ctrlKey && !event.metaKey && !event.altKey && isTyping(event.target)) return
    event.preventDefault()
    command.run()
  }

  window.addEventListener('keydown', onKeydown)
  onScopeDispose(() => window.removeEventListener('keydown', onKeydown))
}

/** `Mod+K` as this platform writes it: `Ctrl K` or `⌘K`. */
export function showKeys(keys: string): string {
  const parts = keys.split('+').map((part) => {
    if (part === 'Mod') return isMac ? '⌘' : 'Ctrl'
    if (part === 'Shift') return isMac ? '⇧' : 'Shift'
    if (part === 'Alt') return isMac ? '⌥' : 'Alt'
    return part === 'Enter' ? '↵' : part
  })
  return parts.join(isMac ? '' : ' ')
}

function describe(event: KeyboardEvent): string {
  const modifiers = [
    (isMac ? event.metaKey : event.ctrlKey) && 'Mod',
    event.altKey && 'Alt',
    // A shifted character such as ? already says so itself.
    event.shiftKey && event.key.length > 1 && 'Shift',
    event.shiftKey && /^[a-z]$/i.test(event.key) && 'Shift',
  ].filter(Boolean)
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key
  return [...modifiers, key].join('+')
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
