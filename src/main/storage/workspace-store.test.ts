import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultConfig, emptyDraft } from '@shared/model/connection'
import { WorkspaceStore, type Workspace } from './workspace-store'

let folder: string
let notices: string[]

const open = () => WorkspaceStore.open(folder, (_, message) => void notices.push(message))
const tab = (name: string): Workspace => ({
  connections: [
    {
      id: name,
      name,
      profileId: null,
      config: defaultConfig('ws://a'),
      draft: { ...emptyDraft(), text: 'a\r\nb' },
    },
  ],
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-workspace-'))
  notices = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('WorkspaceStore', () => {
  it('writes the latest state a moment after a change', async () => {
    const store = await open()
    const snapshot = vi.fn(() => tab('second'))
    store.changed(() => tab('first'))
    store.changed(snapshot)
    expect(snapshot).not.toHaveBeenCalled()
    await vi.waitFor(() => readFile(join(folder, 'workspace.json')), { timeout: 5000 })
    expect(snapshot).toHaveBeenCalledOnce()
    expect((await open()).get()).toEqual(tab('second'))
  })

  it('writes at once when flushed, and only what changed', async () => {
    const store = await open()
    await store.flush()
    expect(await readdir(folder)).toEqual([])
    store.changed(() => tab('now'))
    await store.flush()
    expect((await open()).get()).toEqual(tab('now'))
  })

  it('tells once that it cannot be written, and again after it could', async () => {
    const store = await open()
    await rm(folder, { recursive: true })
    for (const name of ['a', 'b']) {
      store.changed(() => tab(name))
      await store.flush()
    }
    expect(notices).toEqual([expect.stringContaining('are not being saved')])
  })

  it('tells of a newer file once, when it is opened', async () => {
    await writeFile(join(folder, 'workspace.json'), '{"schemaVersion": 99, "data": 0}')
    const store = await open()
    store.changed(() => tab('a'))
    await store.flush()
    expect(notices).toEqual([expect.stringContaining('newer Framescope')])
  })

  it('tells of a snapshot that fails', async () => {
    const store = await open()
    store.changed(() => {
      throw new Error('broke')
    })
    await store.flush()
    expect(notices).toEqual([expect.stringContaining('broke')])
  })
})
