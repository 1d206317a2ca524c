import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { childScript, type ChildScript } from '../../../test/support/child-script'
import type { DocumentFormat } from './document-format'
import { JsonDocument } from './json-document'

interface Notes {
  readonly notes: readonly string[]
}

const format: DocumentFormat<Notes> = {
  name: 'notes',
  schema: v.strictObject({ notes: v.array(v.pipe(v.string(), v.maxLength(20))) }),
  migrations: [
    (data) => ({ notes: (data as { lines: string }).lines.split('|') }),
    (data) => ({ notes: (data as Notes).notes.map((note) => note.trim()) }),
  ],
  initial: () => ({ notes: ['first'] }),
}

let root: string
let folder: string
let notices: string[]

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'framescope-document-'))
  folder = root
  notices = []
})
afterEach(() => rm(root, { recursive: true, force: true }))

const open = () => JsonDocument.open(folder, format, (_, message) => void notices.push(message))
const path = (name = 'notes.json') => join(folder, name)
const text = (name?: string) => readFile(path(name), 'utf8')
const put = (content: string, name?: string) => writeFile(path(name), content)
const document = (schemaVersion: number, data: unknown) => JSON.stringify({ schemaVersion, data })
const add = (note: string) => (data: Notes) => ({ notes: [...data.notes, note] })

describe('JsonDocument', () => {
  it('starts with the initial data and writes nothing for it', async () => {
    const opened = await open()
    expect(opened.data).toEqual({ notes: ['first'] })
    expect(opened.intact).toBe(true)
    expect(await readdir(folder)).toEqual([])
    expect(notices).toEqual([])
  })

  it('makes the folder, for its owner only', async () => {
    folder = join(folder, 'new', 'one')
    await open()
    if (process.platform !== 'win32') expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('writes with the version and keeps the one before', async () => {
    const opened = await open()
    await opened.update(add('second'))
    await opened.update(add('third'))
    expect(JSON.parse(await text())).toEqual({
      schemaVersion: 3,
      data: { notes: ['first', 'second', 'third'] },
    })
    expect(JSON.parse(await text('notes.json.bak'))).toMatchObject({
      data: { notes: ['first', 'second'] },
    })
    expect((await open()).data).toEqual(opened.data)
    if (process.platform !== 'win32') expect((await stat(path())).mode & 0o777).toBe(0o600)
  })

  it('applies changes in order and writes those of one turn together', async () => {
    const opened = await open()
    const results = await Promise.all(['a', 'b', 'c'].map((note) => opened.update(add(note))))
    expect(results[2]).toEqual({ notes: ['first', 'a', 'b', 'c'] })
    expect(results[0]).toEqual(results[2])
    await expect(text('notes.json.bak')).rejects.toThrow('ENOENT')
  })

  it('counts a change only once it was written', async () => {
    const opened = await open()
    const pending = opened.update(add('a'))
    expect(opened.data).toEqual({ notes: ['first'] })
    await opened.flush()
    expect(opened.data).toEqual({ notes: ['first', 'a'] })
    await pending
  })

  it('does not write what is the same', async () => {
    await put(document(3, { notes: ['kept'] }))
    const opened = await open()
    await opened.update((data) => ({ notes: [...data.notes] }))
    expect(await readdir(folder)).toEqual(['notes.json'])
  })

  it('rejects only the change that throws', async () => {
    const opened = await open()
    const bad = opened.update(() => {
      throw new Error('no')
    })
    const good = opened.update(add('a'))
    await expect(bad).rejects.toThrow('no')
    await expect(good).resolves.toEqual({ notes: ['first', 'a'] })
  })

  it('refuses what it could not read back', async () => {
    const opened = await open()
    const long = opened.update(add('x'.repeat(21)))
    const good = opened.update(add('a'))
    await expect(long).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(good).resolves.toEqual({ notes: ['first', 'a'] })
  })

  it('runs every migration from the version it finds', async () => {
    await put(document(1, { lines: 'a | b' }))
    expect((await open()).data).toEqual({ notes: ['a', 'b'] })
    await put(document(2, { notes: [' c '] }))
    expect((await open()).data).toEqual({ notes: ['c'] })
    await put(document(3, { notes: [' d '] }))
    expect((await open()).data).toEqual({ notes: [' d '] })
    expect(notices).toEqual([])
  })

  it('leaves a newer document alone, says so, and refuses changes', async () => {
    const newer = document(4, { future: true })
    await put(newer)
    const opened = await open()
    expect(opened.intact).toBe(false)
    expect(notices).toEqual([expect.stringContaining('newer Framescope (format 4')])
    await expect(opened.update(add('a'))).rejects.toMatchObject({ code: 'STORAGE_NEWER' })
    expect(await text()).toBe(newer)
    expect(await readdir(folder)).toEqual(['notes.json'])
  })

  it.each([
    ['what is not JSON', '{"schemaVersion": 3, "data"'],
    ['an empty file', ''],
    ['JSON without a version', '{"data": {"notes": []}}'],
    ['a version that is none', document(0, { notes: [] })],
    ['data of another shape', document(3, { notes: 'a' })],
    ['data that a migration cannot take', document(1, null)],
  ])('keeps %s aside and starts anew', async (_, damaged) => {
    await put(damaged)
    const opened = await open()
    expect(opened.data).toEqual({ notes: ['first'] })
    expect(opened.intact).toBe(false)
    const [kept] = await readdir(folder)
    expect(kept).toMatch(/^notes\.json\.corrupt-\d{4}-/)
    expect(await text(kept)).toBe(damaged)
    expect(notices).toEqual([expect.stringContaining(path(kept))])
    await opened.update(add('a'))
    expect((await open()).data).toEqual({ notes: ['first', 'a'] })
  })

  it('goes back to the previous version of a damaged document', async () => {
    await put('damaged')
    await put(document(3, { notes: ['before'] }), 'notes.json.bak')
    expect((await open()).data).toEqual({ notes: ['before'] })
    expect(notices).toEqual([expect.stringContaining('The version before it was opened')])
    notices = []
    expect((await open()).data).toEqual({ notes: ['before'] })
    expect(notices).toEqual([])
  })

  it('sets both aside when the previous version is damaged too', async () => {
    await put('damaged')
    await put('damaged before', 'notes.json.bak')
    expect((await open()).data).toEqual({ notes: ['first'] })
    expect((await readdir(folder)).filter((name) => name.includes('corrupt'))).toHaveLength(2)
  })

  it('uses the previous version of a document that is gone', async () => {
    await put(document(3, { notes: ['before'] }), 'notes.json.bak')
    expect((await open()).data).toEqual({ notes: ['before'] })
    expect(notices).toEqual([expect.stringContaining('notes.json was not there')])
  })

  it('leaves a newer previous version alone too', async () => {
    await put(document(4, {}), 'notes.json.bak')
    const opened = await open()
    await expect(opened.update(add('a'))).rejects.toMatchObject({ code: 'STORAGE_NEWER' })
  })

  it('leaves alone what it cannot read', async () => {
    await mkdir(path())
    const opened = await open()
    expect(opened.data).toEqual({ notes: ['first'] })
    expect(notices).toEqual([expect.stringContaining('a folder is in the way')])
    await expect(opened.update(add('a'))).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
  })

  it('says why the folder cannot be written, and stays as it was', async () => {
    const opened = await open()
    await rm(folder, { recursive: true })
    await expect(opened.update(add('a'))).rejects.toMatchObject({
      code: 'STORAGE_UNWRITABLE',
      message: expect.stringContaining('the folder does not exist') as string,
    })
    expect(opened.data).toEqual({ notes: ['first'] })
    await mkdir(folder)
    await expect(opened.update(add('b'))).resolves.toEqual({ notes: ['first', 'b'] })
  })

  it('leaves the document whole when its write fails half-way', async () => {
    const opened = await open()
    await opened.update(add('a'))
    await mkdir(path('notes.json.bak.tmp'))
    await expect(opened.update(add('b'))).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
    expect(JSON.parse(await text())).toMatchObject({ data: { notes: ['first', 'a'] } })
    expect(await readdir(folder)).not.toContain('notes.json.tmp')
  })

  it('fails with words when the folder cannot be made', async () => {
    await put('a file', 'in-the-way')
    folder = path('in-the-way')
    await expect(open()).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
  })

  it('says that permission is denied', { skip: process.getuid?.() === 0 }, async () => {
    const opened = await open()
    await chmod(folder, 0o500)
    await expect(opened.update(add('a'))).rejects.toMatchObject({
      message: expect.stringContaining('permission is denied') as string,
    })
    await chmod(folder, 0o700)
  })

  it('removes what a killed write left', async () => {
    await put('half', 'notes.json.tmp')
    await put('half', 'notes.json.bak.tmp')
    await open()
    expect(await readdir(folder)).toEqual([])
  })

  it('reads a document saved with a byte order mark', async () => {
    await put(`\uFEFF${document(3, { notes: ['a'] })}`)
    expect((await open()).data).toEqual({ notes: ['a'] })
  })
})

describe('a process that is killed while it writes', () => {
  let script: ChildScript

  beforeAll(async () => {
    script = await childScript('test/fixtures/processes/write-document.ts')
  })
  afterAll(() => script.dispose())

  it('leaves a whole document, old or new', async () => {
    let last = 0
    for (let round = 0; round < 12; round += 1) {
      const child = script.run(folder)
      expect(await child.line()).toBe(`ready ${last}`)
      // At least one write is done and others follow, so that the kill falls into one of them.
      await vi.waitFor(async () => {
        const { data } = JSON.parse(await text('numbers.json')) as { data: number[] }
        expect(data[0]).toBeGreaterThan(last)
      }, 10_000)
      await delay(Math.random() * 80)
      await child.kill()
      const { data } = JSON.parse(await text('numbers.json')) as { data: number[] }
      expect(data).toHaveLength(20_000)
      expect(new Set(data).size).toBe(1)
      expect(data[0]).toBeGreaterThan(last)
      last = data[0] ?? 0
    }
  })
})
