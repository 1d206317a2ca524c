import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newRow } from '../../../../test/support/new-row'
import { findSegments } from './segment-loader'
import { SegmentLog } from './segment-log'

let folder: string
let log: SegmentLog

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-failure-'))
})

afterEach(async () => {
  await log.dispose()
  await rm(folder, { recursive: true, force: true })
})

function openLog(own: string, options: { memoryBound?: number; budget?: number } = {}): SegmentLog {
  log = new SegmentLog({
    id: 'log',
    folder: own,
    retryInterval: 30,
    prepare: async () => void (await mkdir(own, { recursive: true })),
    ...options,
  })
  return log
}

function append(count: number, size = 1000): void {
  for (let left = count; left > 0; left -= 1)
    log.append(newRow({ payload: new Uint8Array(size).fill(log.total), time: log.total }))
}

async function expectRows(of: SegmentLog, ids: readonly number[], size = 1000): Promise<void> {
  expect((await of.read(ids)).map(({ id, time }) => [id, time])).toEqual(ids.map((id) => [id, id]))
  for (const id of ids.slice(-3))
    expect(await of.payload(id)).toEqual(new Uint8Array(size).fill(id))
}

async function reopened(own: string): Promise<SegmentLog> {
  const opened = SegmentLog.open('opened', own)
  await opened.load((await findSegments(own)).files)
  return opened
}

function idsFrom(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, at) => first + at)
}

describe('a log whose folder cannot be made', () => {
  it('keeps rows in memory, says why, and writes them when it can', async () => {
    const place = join(folder, 'file')
    await writeFile(place, 'in the way')
    openLog(join(place, 'log'))
    const states: string[] = []
    log.onStateChange(() => states.push(log.state.storage))
    append(300)
    await vi.waitFor(() => expect(log.state.storage).toBe('memory'))
    expect(log.state.problem).toBe(
      `Traffic cannot be written to ${place}/log: a part of the path is not a folder. ` +
        'The latest 64 MiB of it is kept in memory only. ' +
        'Move the file away that lies where a folder has to be. ' +
        'Writing is tried again every few seconds.',
    )
    await expectRows(log, idsFrom(0, 300))
    await rm(place)
    await vi.waitFor(() => expect(log.state.storage).toBe('disk'))
    expect(log.state).toMatchObject({ problem: null, lost: 0 })
    // Before that the disk may have seemed slow.
    expect(states.filter((state) => state !== 'held')).toEqual(['memory', 'disk'])
    append(10)
    await log.dispose()
    const opened = await reopened(join(place, 'log'))
    await expectRows(opened, idsFrom(0, 310))
    await opened.dispose()
  })

  it('keeps no more than its bound, counts what it lost, and keeps ids right', async () => {
    const place = join(folder, 'file')
    await writeFile(place, 'in the way')
    openLog(join(place, 'log'), { memoryBound: 1_000_000 })
    append(10)
    await vi.waitFor(() => expect(log.state.storage).toBe('memory'))
    append(3000)
    await vi.waitFor(() => {
      append(1)
      expect(log.firstId).toBeGreaterThan(1000)
    })
    expect(log.bytes).toBeLessThan(1_300_000)
    expect(log.state.lost).toBe(log.firstId)
    await rm(place)
    await vi.waitFor(() => expect(log.state.storage).toBe('disk'))
    const { firstId, total } = log
    await expectRows(log, idsFrom(firstId, total))
    await log.dispose()
    const opened = await reopened(join(place, 'log'))
    expect([opened.firstId, opened.total]).toEqual([firstId, total])
    await expectRows(opened, idsFrom(firstId, total))
    await opened.dispose()
  })
})

describe('a log whose folder vanishes', () => {
  it('counts the rows that went with it and goes on in a new one', async () => {
    const own = join(folder, 'log')
    openLog(own)
    append(9000)
    await log.flush()
    await rm(own, { recursive: true })
    await delay(1100)
    append(10)
    await log.flush()
    expect(log.state.storage).toBe('memory')
    expect(log.state.problem).toContain('the folder does not exist')
    await vi.waitFor(() => expect(log.state.storage).toBe('disk'))
    const { firstId, total } = log
    // The latest rows were still in memory.
    expect(firstId).toBeGreaterThan(0)
    expect(firstId).toBeLessThan(7000)
    expect(log.state.lost).toBe(firstId)
    await expectRows(log, idsFrom(firstId, total))
    await log.dispose()
    const opened = await reopened(own)
    await expectRows(opened, idsFrom(firstId, total))
    await opened.dispose()
  })

  it('leaves out rows whose files are gone while they are read', async () => {
    const own = join(folder, 'log')
    openLog(own)
    append(9000)
    await log.flush()
    const reading = log.read(idsFrom(0, 9000))
    for (const name of await readdir(own)) await rm(join(own, name))
    for (const { id, time } of await reading) expect(time).toBe(id)
    expect(await log.payload(0)).toBeUndefined()
    expect(await log.parts(0)).toBeUndefined()
  })
})

const tmpfs = process.platform === 'linux' && process.getuid?.() === 0

describe('a log on a full disk', () => {
  it.skipIf(!tmpfs)(
    'goes on in memory and writes again once there is room (needs root to mount a tmpfs)',
    async () => {
      const disk = join(folder, 'disk')
      await mkdir(disk)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
      try {
        const own = join(disk, 'log')
        openLog(own, { memoryBound: 2_000_000, budget: 64 * 1024 * 1024 })
        for (let left = 60; left > 0; left -= 1) {
          append(100)
          await delay(1)
        }
        await vi.waitFor(() => {
          append(1)
          expect(log.state.lost).toBeGreaterThan(0)
        })
        expect(log.state.storage).toBe('memory')
        expect(log.state.problem).toContain('the disk is full')
        expect(log.state.problem).toContain('Free some space')
        const held = (await log.read(idsFrom(0, log.total))).map(({ id }) => id)
        const hole = held.findIndex((id, at) => id !== at)
        expect(hole).toBeGreaterThan(1000)
        expect(held.length).toBe(log.total - log.state.lost)

        execFileSync('mount', ['-o', 'remount,size=64m', disk])
        await vi.waitFor(() => expect(log.state.storage).toBe('disk'))
        append(100)
        const { total } = log
        const { lost } = log.state
        await log.dispose()
        const opened = await reopened(own)
        expect(opened.total).toBe(total)
        expect(opened.state.lost).toBe(lost)
        const ids = (await opened.read(idsFrom(0, total))).map(({ id }) => id)
        expect(ids).toHaveLength(total - lost)
        await expectRows(opened, ids)
        await opened.dispose()
      } finally {
        await log.dispose()
        execFileSync('umount', [disk])
      }
    },
  )
})
