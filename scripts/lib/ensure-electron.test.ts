import { describe, expect, it } from 'vitest'
import { electronObstacle } from './ensure-electron.mjs'

describe('electronObstacle', () => {
  it('names the missing display', () => {
    expect(electronObstacle('linux', {})).toMatch(/no display/)
  })

  it.runIf(process.getuid?.() === 0)('names the root user, whose Chromium has no sandbox', () => {
    expect(electronObstacle('linux', { DISPLAY: ':0' })).toMatch(/sandbox/)
  })

  it.each(['darwin', 'win32'] as const)('finds none on %s', (platform) => {
    expect(electronObstacle(platform, {})).toBeNull()
  })
})
