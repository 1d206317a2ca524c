import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultSettings } from '@shared/model/settings'
import { SettingsStore } from './settings-store'

let folder: string
let notices: string[]

const open = () => SettingsStore.open(folder, (_, message) => void notices.push(message))
const put = (data: unknown) =>
  writeFile(join(folder, 'settings.json'), JSON.stringify({ schemaVersion: 1, data }))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-settings-'))
  notices = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('SettingsStore', () => {
  it('starts with the defaults', async () => {
    expect((await open()).get()).toEqual(defaultSettings())
  })

  it('changes what is given and keeps the rest', async () => {
    const store = await open()
    await store.update({ theme: 'dark', density: undefined })
    expect((await open()).get()).toEqual({ ...defaultSettings(), theme: 'dark' })
  })

  it('merges the sizes of panes by name', async () => {
    const store = await open()
    await Promise.all([
      store.update({ panes: { main: [20, 80] } }),
      store.update({ panes: { inspector: [60, 40] } }),
    ])
    expect(store.get().panes).toEqual({ main: [20, 80], inspector: [60, 40] })
  })

  it('fills in what an older file lacks and leaves out what it does not know', async () => {
    await put({ theme: 'light', removedLongAgo: 1, server: { port: 1234 }, panes: { a: [1] } })
    const defaults = defaultSettings()
    expect((await open()).get()).toEqual({
      ...defaults,
      theme: 'light',
      server: { ...defaults.server, port: 1234 },
      panes: { a: [1] },
    })
    expect(notices).toEqual([])
  })

  it('sets aside what is wrong rather than guessing', async () => {
    await put({ theme: 'purple' })
    expect((await open()).get()).toEqual(defaultSettings())
    expect(notices).toEqual([expect.stringContaining('theme')])
  })

  it('refuses what the file could not hold', async () => {
    const store = await open()
    await expect(store.update({ panes: { a: [Infinity] } })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(store.get().panes).toEqual({})
  })
})
