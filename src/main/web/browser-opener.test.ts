import { describe, expect, it } from 'vitest'
import { openerOf } from './browser-opener'

describe('openerOf', () => {
  const url = 'http://127.0.0.1:1/#token=0'

  it.each([
    ['darwin', {}, ['open', url]],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', url]],
    ['linux', { DISPLAY: ':0' }, ['xdg-open', url]],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', url]],
    ['linux', {}, []],
  ] as const)('knows how %s with %j opens a URL', (platform, env, command) => {
    expect(openerOf(platform, env, url)).toEqual(command)
  })
})
