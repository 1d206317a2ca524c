import { useCommands } from '../../composables/useCommands'
import { useCapturesStore } from '../../stores/captures'
import { useConnectionsStore } from '../../stores/connections'
import { useNavigationStore } from '../../stores/navigation'
import { useSettingsStore } from '../../stores/settings'
import { useToastsStore } from '../../stores/toasts'
import { nextTheme } from './next-theme'

/** The commands that work wherever one is. */
export function useAppCommands(): void {
  const captures = useCapturesStore()
  const connections = useConnectionsStore()
  const navigation = useNavigationStore()
  const settings = useSettingsStore()
  const toasts = useToastsStore()

  async function newConnection() {
    navigation.section = 'connections'
    await connections.create().catch(toasts.showError)
  }

  function importCapture() {
    navigation.section = 'captures'
    captures.activeId = null
    navigation.importOpen = true
  }

  function step(by: number) {
    const list = connections.connections
    const index = list.findIndex((connection) => connection.id === connections.activeId)
    const next = list[(index + by + list.length) % list.length]
    if (next) connections.activate(next.id)
    navigation.section = 'connections'
  }

  const several = () => connections.connections.length > 1

  useCommands(() =>
    captures.captures
      .filter(({ problem }) => problem === null)
      .map((capture) => ({
        id: `capture.open.${capture.id}`,
        title: `${capture.name}: open capture`,
        group: 'Captures',
        run: () => {
          navigation.section = 'captures'
          captures.show(capture.id).catch(toasts.showError)
        },
      })),
  )

  useCommands([
    {
      id: 'palette.show',
      title: 'Search commands and profiles',
      group: 'Framescope',
      keys: ['Mod+K'],
      run: () => (navigation.paletteOpen = true),
    },
    {
      id: 'shortcuts.show',
      title: 'Keyboard shortcuts',
      group: 'Framescope',
      keys: ['?'],
      run: () => (navigation.shortcutsOpen = true),
    },
    {
      id: 'connections.show',
      title: 'Go to connections',
      group: 'Framescope',
      keys: ['Alt+C'],
      run: () => (navigation.section = 'connections'),
    },
    {
      id: 'server.show',
      title: 'Go to the local server',
      group: 'Framescope',
      keys: ['Alt+S'],
      run: () => (navigation.section = 'server'),
    },
    {
      id: 'captures.show',
      title: 'Go to captures',
      group: 'Framescope',
      keys: ['Alt+P'],
      enabled: () => captures.captures.length > 0,
      run: () => (navigation.section = 'captures'),
    },
    {
      id: 'captures.import',
      title: 'Import a capture…',
      group: 'Captures',
      run: importCapture,
    },
    {
      id: 'settings.show',
      title: 'Go to settings',
      group: 'Framescope',
      keys: ['Mod+,'],
      run: () => (navigation.section = 'settings'),
    },
    {
      id: 'theme.next',
      title: 'Change the theme',
      group: 'Framescope',
      run: () => void settings.update({ theme: nextTheme(settings.settings.theme) }),
    },
    {
      id: 'connection.new',
      title: 'New connection',
      group: 'Connection',
      // A browser keeps Ctrl+T for itself; Alt+N works in both hosts.
      keys: ['Mod+T', 'Alt+N'],
      run: () => void newConnection(),
    },
    {
      id: 'connection.next',
      title: 'Next connection',
      group: 'Connection',
      keys: ['Alt+.'],
      enabled: several,
      run: () => step(1),
    },
    {
      id: 'connection.previous',
      title: 'Previous connection',
      group: 'Connection',
      keys: ['Alt+,'],
      enabled: several,
      run: () => step(-1),
    },
  ])
}
