import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SecretBox } from '../host'
import { SecretStore } from './secret-store'

const value = 'Bearer hunter2-Zq9'

let folder: string
let notices: string[]

/** Turns every byte over, which is enough to see whether plain text goes round it. */
const box: SecretBox = {
  encrypt: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0xff)),
  decrypt: (bytes) => Promise.resolve(Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString()),
}
const broken: SecretBox = {
  encrypt: () => Promise.reject(new Error('The keychain is locked.')),
  decrypt: () => Promise.reject(new Error('The keychain is locked.')),
}

const openLocked = (with_: SecretBox | null = box) =>
  SecretStore.open(folder, with_, (_, message) => void notices.push(message))

async function open(with_: SecretBox | null = box, referenced: Set<string> | null = null) {
  const store = await openLocked(with_)
  store.unlock(referenced)
  await store.ready
  return store
}

async function everythingOnDisk(): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'))
  return (await Promise.all(texts)).join('\n')
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-secrets-'))
  notices = []
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('SecretStore', () => {
  it('gives a secret back in the next run', async () => {
    const ref = await (await open()).put(value)
    expect((await open()).get(ref)).toBe(value)
  })

  it('never writes plain text, nor plain text in base64', async () => {
    const store = await open()
    await store.put(value)
    await store.put(value)
    const disk = await everythingOnDisk()
    expect(disk).toContain(Buffer.from(await box.encrypt(value)).toString('base64'))
    expect(disk).not.toContain('hunter2')
    expect(disk).not.toContain(Buffer.from(value).toString('base64').slice(0, 16))
  })

  it('keeps secrets for the run only where the system has no encryption', async () => {
    const store = await open(null)
    const ref = await store.put(value)
    expect(store.get(ref)).toBe(value)
    expect(await readdir(folder)).toEqual([])
    expect((await open(null)).get(ref)).toBeUndefined()
  })

  it('keeps a secret for the run, and says so, when it cannot be encrypted', async () => {
    const store = await open(broken)
    const ref = await store.put(value)
    expect(store.get(ref)).toBe(value)
    expect(notices).toEqual([expect.stringContaining('The keychain is locked.')])
    expect(await everythingOnDisk()).toBe('')
  })

  it('keeps a secret for the run, and says so, when it cannot be written', async () => {
    await writeFile(join(folder, 'secrets.json'), '{"schemaVersion": 9, "data": {}}')
    const store = await open()
    const ref = await store.put(value)
    expect(store.get(ref)).toBe(value)
    expect(notices).toHaveLength(2)
  })

  it('does not know a secret that cannot be decrypted, or that never was', async () => {
    const ref = await (await open()).put(value)
    const store = await open(broken)
    expect(store.get(ref)).toBeUndefined()
    expect(store.get('constructor')).toBeUndefined()
  })

  it('forgets what nothing refers to', async () => {
    const before = await open()
    const kept = await before.put(value)
    const dropped = await before.put('other')
    const collecting = await openLocked()
    collecting.unlock(new Set([kept]))
    const added = await collecting.put('added meanwhile')
    await collecting.ready
    const after = await open()
    expect(after.get(kept)).toBe(value)
    expect(after.get(added)).toBe('added meanwhile')
    expect(after.get(dropped)).toBeUndefined()
  })
})
