import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isReachable, readWindowState, writeWindowState } from './window-state'

let folder: string
const bounds = { x: 10, y: 20, width: 900, height: 700 }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'framescope-window-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the window state', () => {
  it('comes back as it was written, with no other file left', () => {
    writeWindowState(folder, { bounds, maximized: true })

    expect(readWindowState(folder)).toEqual({ bounds, maximized: true })
    expect(readdirSync(folder)).toEqual(['window.json'])
  })

  it.each([
    ['nothing', ''],
    ['half a document', '{"schemaVersion":1,"da'],
    ['another version', JSON.stringify({ schemaVersion: 2, data: { bounds, maximized: false } })],
    ['no bounds', JSON.stringify({ schemaVersion: 1, data: { maximized: false } })],
    [
      'a window nobody could see',
      JSON.stringify({
        schemaVersion: 1,
        data: { bounds: { ...bounds, width: 0 }, maximized: false },
      }),
    ],
    [
      'a place that is no number',
      JSON.stringify({
        schemaVersion: 1,
        data: { bounds: { ...bounds, x: null }, maximized: false },
      }),
    ],
  ])('is not taken from %s', (_name, text) => {
    writeFileSync(join(folder, 'window.json'), text)

    expect(readWindowState(folder)).toBeNull()
  })

  it('is let go when the folder cannot be written', () => {
    writeWindowState(join(folder, 'absent'), { bounds, maximized: false })

    expect(readWindowState(join(folder, 'absent'))).toBeNull()
  })
})

describe('isReachable', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1040 }
  const second = { x: 1920, y: 0, width: 1280, height: 1024 }

  it.each([
    ['on the screen', bounds, [screen], true],
    ['on a second screen', { ...bounds, x: 2000 }, [screen, second], true],
    ['on a screen that is gone', { ...bounds, x: 2000 }, [screen], false],
    ['above the screen', { ...bounds, y: -200 }, [screen], false],
    ['with a sliver left', { ...bounds, x: 1900 }, [screen], false],
    ['over the left edge', { ...bounds, x: -600 }, [screen], true],
  ])('judges a window %s', (_name, window, workAreas, expected) => {
    expect(isReachable(window, workAreas)).toBe(expected)
  })
})
