import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultConfig } from '@shared/model/connection'
import { ProfileStore } from './profile-store'

let folder: string
let store: ProfileStore

const open = () => ProfileStore.open(folder, () => undefined)
const names = () => store.list().map((profile) => profile.name)
const idOf = (name: string) => store.list().find((profile) => profile.name === name)?.id ?? ''

async function fill(...wanted: string[]): Promise<void> {
  for (const profile of store.list()) await store.delete(profile.id)
  for (const name of wanted) await store.create(name, defaultConfig('ws://a'))
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-profiles-'))
  store = await open()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('ProfileStore', () => {
  it('starts with profiles that reach the local server', () => {
    expect(names()[0]).toBe('Local echo')
    expect(store.list().every(({ config }) => config.url === 'ws://127.0.0.1:8765')).toBe(true)
  })

  it('does not bring back starters that were deleted', async () => {
    await fill()
    expect((await open()).list()).toEqual([])
  })

  it('keeps what was created, changed and moved', async () => {
    await fill('a', 'b', 'c')
    await store.update(idOf('a'), { name: 'A' })
    await store.update(idOf('b'), { config: defaultConfig('ws://b') })
    await store.move(idOf('c'), 0)
    expect(names()).toEqual(['c', 'A', 'b'])
    expect((await open()).list()).toEqual(store.list())
    expect(store.get(idOf('b'))).toMatchObject({ name: 'b', config: { url: 'ws://b' } })
  })

  it('puts a copy right after its original', async () => {
    await fill('a', 'b')
    const copy = await store.duplicate(idOf('a'))
    expect(names()).toEqual(['a', 'a copy', 'b'])
    expect(copy.id).not.toBe(idOf('a'))
  })

  it('shortens the name of a copy that would be too long to keep', async () => {
    await fill('x'.repeat(200))
    const copy = await store.duplicate(store.list()[0]?.id ?? '')
    expect(copy.name).toBe(`${'x'.repeat(195)} copy`)
  })

  it.each([
    ['a', 'b'],
    ['b', 'a'],
    ['c', 'd'],
    ['d', 'c'],
    ['b', 'c'],
  ])('brings %s and %s back to their old places, in either order', async (first, second) => {
    await fill('a', 'b', 'c', 'd')
    const ids = new Map(store.list().map(({ id, name }) => [name, id]))
    for (const order of [
      [first, second],
      [second, first],
    ]) {
      for (const name of [first, second]) await store.delete(ids.get(name) ?? '')
      for (const name of order) await store.restore(ids.get(name) ?? '')
      expect(names()).toEqual(['a', 'b', 'c', 'd'])
    }
  })

  it('restores nothing that was not deleted in this run', async () => {
    const [profile] = store.list()
    const id = profile?.id ?? ''
    await expect(store.restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await store.delete(id)
    await expect((await open()).restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await store.restore(id)
    await expect(store.restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('moves beyond the end to the end', async () => {
    await fill('a', 'b', 'c')
    await store.move(idOf('a'), 99)
    expect(names()).toEqual(['b', 'c', 'a'])
  })

  it('says when a profile is gone', async () => {
    const missing = { code: 'NOT_FOUND' }
    expect(() => store.get('gone')).toThrow()
    await expect(store.update('gone', {})).rejects.toMatchObject(missing)
    await expect(store.duplicate('gone')).rejects.toMatchObject(missing)
    await expect(store.delete('gone')).rejects.toMatchObject(missing)
    await expect(store.move('gone', 0)).rejects.toMatchObject(missing)
  })

  it('reads a profile written before a field was added', async () => {
    const { pingInterval: _, ...older } = defaultConfig('ws://older')
    const data = [{ id: 'x', name: 'older', config: older }]
    await writeFile(join(folder, 'profiles.json'), JSON.stringify({ schemaVersion: 1, data }))
    expect((await open()).list()).toEqual([
      { id: 'x', name: 'older', config: defaultConfig('ws://older') },
    ])
  })

  it('is the same after a restart, whatever was done', async () => {
    const actions = fc.array(
      fc.record({
        action: fc.constantFrom('create', 'duplicate', 'delete', 'restore', 'move', 'update'),
        which: fc.nat(5),
        index: fc.nat(6),
      }),
      { maxLength: 15 },
    )
    await fc.assert(
      fc.asyncProperty(actions, async (list) => {
        const seen = new Set(store.list().map(({ id }) => id))
        for (const { action, which, index } of list) {
          const id = [...seen][which % seen.size] ?? ''
          const done =
            action === 'create'
              ? store.create('new', defaultConfig())
              : action === 'move'
                ? store.move(id, index)
                : action === 'update'
                  ? store.update(id, { name: `name ${index}` })
                  : store[action](id)
          const profile = await done.catch(() => undefined)
          if (profile) seen.add(profile.id)
        }
        const ids = store.list().map(({ id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
        expect((await open()).list()).toEqual(store.list())
      }),
      { numRuns: 20 },
    )
  })
})
