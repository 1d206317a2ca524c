import { describe, expect, it } from 'vitest'
import { defaultDataFolder } from './default-data-folder'

describe('defaultDataFolder', () => {
  it.each([
    ['linux', {}, '/home/me', '/home/me/.config/Framescope'],
    ['linux', { XDG_CONFIG_HOME: '/xdg' }, '/home/me', '/xdg/Framescope'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/me', '/home/me/.config/Framescope'],
    ['darwin', {}, '/Users/me', '/Users/me/Library/Application Support/Framescope'],
    ['win32', { APPDATA: 'C:\\Roaming' }, 'C:\\Users\\me', 'C:\\Roaming\\Framescope'],
    ['win32', {}, 'C:\\Users\\me', 'C:\\Users\\me\\AppData\\Roaming\\Framescope'],
  ] as const)('on %s with %o is where the platform wants it', (platform, env, home, expected) => {
    expect(defaultDataFolder({ platform, env, home })).toBe(expected)
  })
})
