import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { childScript, type Child, type ChildScript } from '../../../test/support/child-script'
import { askToShow, lockDataFolder } from './data-folder-lock'

let script: ChildScript
let folder: string

beforeAll(async () => {
  script = await childScript('test/fixtures/processes/hold-data-folder.ts')
})
afterAll(() => script.dispose())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Windows has pipes instead: no files, no folder, no stopped processes. */
const onUnix = it.skipIf(process.platform === 'win32')

const lock = (at = folder) => lockDataFolder(at, { host: 'web' })

async function holder(at = folder): Promise<Child> {
  const child = script.run(at)
  expect(await child.line()).toBe('held')
  return child
}

describe('lockDataFolder', () => {
  it('lets one in and tells the second who has it', async () => {
    const first = await lockDataFolder(folder, { host: 'electron' })
    await expect(lock()).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining(`process ${process.pid}`) as string,
      details: { folder, pid: process.pid, host: 'electron', url: null },
    })
    await first.release()
    await (await lock()).release()
  })

  it('names the process and the URL of another process', async () => {
    const child = await holder()
    await expect(lock()).rejects.toMatchObject({
      details: { pid: child.process.pid, host: 'web', url: 'http://127.0.0.1:1234/' },
    })
    await child.kill()
  })

  onUnix('is free once its process was killed, whatever that left behind', async () => {
    for (let round = 0; round < 3; round += 1) await (await holder()).kill()
    const taken = await lock()
    expect(await readdir(join(folder, 'lock'))).toHaveLength(1)
    await taken.release()
    expect(await readdir(join(folder, 'lock'))).toEqual([])
  })

  it('is free once its process let go', async () => {
    const child = await holder()
    child.process.stdin?.write('\n')
    await new Promise((ended) => child.process.once('exit', ended))
    await (await lock()).release()
  })

  it('lets exactly one of many in that start at the same moment after a crash', async () => {
    for (let round = 0; round < 4; round += 1) {
      await (await holder()).kill()
      const children = Array.from({ length: 6 }, () => script.run(folder))
      const lines = await Promise.all(children.map((child) => child.line()))
      expect(lines.filter((line) => line === 'held')).toHaveLength(1)
      expect(lines.filter((line) => line === 'DATA_FOLDER_LOCKED')).toHaveLength(5)
      await Promise.all(children.map((child) => child.kill()))
    }
  })

  it('lets exactly one of many in within one process', async () => {
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => lock()))
    const held = results.filter((result) => result.status === 'fulfilled')
    expect(held).toHaveLength(1)
    await held[0]?.value.release()
  })

  onUnix('keeps others out while its process does not answer', async () => {
    const child = await holder()
    child.process.kill('SIGSTOP')
    await expect(lock()).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      message: expect.stringContaining('does not answer') as string,
    })
    await child.kill()
    await (await lock()).release()
  })

  onUnix('knows a folder under another name', async () => {
    const alias = `${folder}-alias`
    await symlink(folder, alias)
    const first = await lock()
    await expect(lock(alias)).rejects.toMatchObject({ code: 'DATA_FOLDER_LOCKED' })
    await first.release()
    await rm(alias)
  })

  onUnix('locks a folder whose path is too long for a socket', async () => {
    vi.stubEnv('TMPDIR', folder)
    const long = join(folder, 'long'.repeat(30))
    const child = await holder(long)
    expect(await readdir(long)).toEqual([])
    await expect(lock(long)).rejects.toMatchObject({ details: { pid: child.process.pid } })
    await child.kill()
    await (await lock(long)).release()
    vi.unstubAllEnvs()
  })

  it('locks different folders side by side', async () => {
    const one = await lock(join(folder, 'one'))
    const two = await lock(join(folder, 'two'))
    await Promise.all([one.release(), two.release()])
  })

  it('can be released twice', async () => {
    const taken = await lock()
    await Promise.all([taken.release(), taken.release()])
    await (await lock()).release()
  })

  onUnix('removes a file that is no socket from among the claims', async () => {
    await mkdir(join(folder, 'lock'), { mode: 0o700 })
    await writeFile(join(folder, 'lock', '00000000.sock'), '')
    await writeFile(join(folder, 'lock', '00000000.new'), '')
    const taken = await lock()
    expect(await readdir(join(folder, 'lock'))).toHaveLength(1)
    await taken.release()
  })

  it('fails with words where nothing can be written', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(lock(join(folder, 'file'))).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
  })
})

describe('askToShow', () => {
  it('asks the process that has the folder to show itself', async () => {
    const child = await holder()
    expect(await askToShow(folder)).toEqual({
      pid: child.process.pid,
      host: 'web',
      url: 'http://127.0.0.1:1234/',
    })
    expect(await child.line()).toBe('show')
    await child.kill()
  })

  it('says that there is nobody', async () => {
    expect(await askToShow(folder)).toBeNull()
    expect(await askToShow(join(folder, 'absent'))).toBeNull()
    await (await holder()).kill()
    expect(await askToShow(folder)).toBeNull()
  })
})
