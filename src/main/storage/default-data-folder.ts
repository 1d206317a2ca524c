import { homedir } from 'node:os'
import { posix, win32 } from 'node:path'

interface Surroundings {
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
}

/** Where the platform wants an application's data, when the user names no other folder. */
export function defaultDataFolder(
  { platform, env, home }: Surroundings = {
    platform: process.platform,
    env: process.env,
    home: homedir(),
  },
): string {
  if (platform === 'win32')
    return win32.join(env['APPDATA'] || win32.join(home, 'AppData', 'Roaming'), 'Framescope')
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Framescope')
  const config = env['XDG_CONFIG_HOME'] ?? ''
  // A relative path there is to be ignored (XDG Base Directory Specification).
  return posix.join(posix.isAbsolute(config) ? config : posix.join(home, '.config'), 'Framescope')
}
