import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ExchangeFiles, maxFileBytes, maxFilesPerClient } from './exchange-files'

const utf8 = new TextEncoder()

describe('ExchangeFiles', () => {
  let folder: string
  let files: ExchangeFiles

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'exchange-')), 'files')
    files = await ExchangeFiles.open(folder)
  })

  afterEach(async () => {
    await files.dispose()
    await rm(join(folder, '..'), { recursive: true, force: true })
  })

  it('takes a file in chunks and gives it out once', async () => {
    const id = await files.create('client', 'a.txt', 6)
    await Promise.all([
      files.append('client', id, 0, utf8.encode('abc')),
      files.append('client', id, 3, utf8.encode('def')),
    ])
    const { name, payload } = await files.take('client', id)
    expect(name).toBe('a.txt')
    expect(payload).toEqual(utf8.encode('abcdef'))
    await expect(files.take('client', id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await readdir(folder)).toEqual([])
  })

  it('takes an empty file', async () => {
    const id = await files.create('client', 'empty', 0)
    expect((await files.take('client', id)).payload).toEqual(new Uint8Array(0))
  })

  it('reads parts, and nothing beyond the end', async () => {
    const id = await files.create('client', 'a.txt', null)
    await files.append('client', id, 0, utf8.encode('abcdef'))
    expect(files.finish('client', id)).toBe(6)
    expect(await files.read('client', id, 2, 2)).toEqual(utf8.encode('cd'))
    expect(await files.read('client', id, 4, 100)).toEqual(utf8.encode('ef'))
    expect(await files.read('client', id, 100, 100)).toEqual(new Uint8Array(0))
  })

  it.each<[string, number, string]>([
    ['a gap', 1, 'a'],
    ['more than announced', 0, 'abcdefg'],
  ])('refuses %s', async (_, offset, text) => {
    const id = await files.create('client', 'a.txt', 6)
    await expect(files.append('client', id, offset, utf8.encode(text))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('refuses a chunk twice', async () => {
    const id = await files.create('client', 'a.txt', 6)
    await files.append('client', id, 0, utf8.encode('abc'))
    await expect(files.append('client', id, 0, utf8.encode('abc'))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('does not give out a file of which a part is missing', async () => {
    const id = await files.create('client', 'a.txt', 6)
    await files.append('client', id, 0, utf8.encode('abc'))
    await expect(files.take('client', id)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('tells where a complete file lies, to its own client', async () => {
    const id = await files.create('client', 'a.har', 3)
    await expect(files.source('client', id)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    void files.append('client', id, 0, utf8.encode('abc'))
    const source = await files.source('client', id)
    expect(source).toEqual({ name: 'a.har', path: join(folder, id), size: 3 })
    expect(await readFile(source.path, 'utf8')).toBe('abc')
    await expect(files.source('other', id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('refuses more than 1 GiB', async () => {
    await expect(files.create('client', 'a', maxFileBytes + 1)).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
    })
  })

  it('refuses the 21st file of a client, also when all are created at once', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: maxFilesPerClient + 1 }, () => files.create('client', 'a', 1)),
    )
    expect(attempts.filter((item) => item.status === 'rejected')).toHaveLength(1)
    await expect(files.create('client', 'a', 1)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await files.create('other', 'a', 1)
    const first = attempts.find((item) => item.status === 'fulfilled')
    await files.release('client', first?.value ?? '')
    await files.create('client', 'a', 1)
  })

  it('keeps clients apart', async () => {
    const id = await files.create('client', 'a', 1)
    const refused = { code: 'NOT_FOUND' }
    await expect(files.append('other', id, 0, utf8.encode('x'))).rejects.toMatchObject(refused)
    await expect(files.read('other', id, 0, 1)).rejects.toMatchObject(refused)
    await expect(files.take('other', id)).rejects.toMatchObject(refused)
    expect(() => files.finish('other', id)).toThrow(expect.objectContaining(refused))
    await files.release('other', id)
    await files.append('client', id, 0, utf8.encode('x'))
  })

  it('never takes a name for a path', async () => {
    const id = await files.create('client', '../../outside', 1)
    await files.append('client', id, 0, utf8.encode('x'))
    expect(await readdir(folder)).toEqual([id])
    await expect(files.read('client', '../files', 0, 1)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  it('forgets the files of a client that is gone', async () => {
    await files.create('client', 'a', 1)
    await files.create('client', 'b', 1)
    const kept = await files.create('other', 'c', 1)
    await files.releaseOwnedBy('client')
    expect(await readdir(folder)).toEqual([kept])
  })

  it('forgets a file that was being opened when its client went', async () => {
    const opening = files.create('client', 'a', 1)
    await Promise.all([
      expect(opening).rejects.toMatchObject({ code: 'NOT_FOUND' }),
      files.releaseOwnedBy('client'),
    ])
    expect(await readdir(folder)).toEqual([])
  })

  it('removes what an earlier run left', async () => {
    await writeFile(join(folder, 'left-over'), 'x')
    const again = await ExchangeFiles.open(folder)
    expect(await readdir(folder)).toEqual([])
    await again.dispose()
  })

  it('says so when the folder cannot be used', async () => {
    await writeFile(join(folder, '..', 'file'), 'x')
    await expect(ExchangeFiles.open(join(folder, '..', 'file', 'below'))).rejects.toMatchObject({
      code: 'STORAGE_UNWRITABLE',
    })
    await rm(folder, { recursive: true })
    await expect(files.create('client', 'a', 1)).rejects.toMatchObject({
      code: 'STORAGE_UNWRITABLE',
    })
  })
})
