import type { Rectangle } from 'electron'

/** What the machine is like that the stand-in pretends to run on. */
export interface StandInConfig {
  /** The built main entry. */
  readonly main: string
  /** The folder Electron would have been started with. */
  readonly appPath: string
  readonly version: string
  readonly name: string
  /** Where `appData` and `downloads` lie. */
  readonly home: string
  readonly systemDark: boolean
  readonly workAreas: readonly Rectangle[]
  /** What `safeStorage` offers. */
  readonly keyring: 'gnome_libsecret' | 'basic_text' | 'none'
}

/** The environment variable that carries it into the app's process. */
export const configVariable = 'ELECTRON_STAND_IN'
