import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Capture } from '@shared/model/capture'
import { newRow } from '../../../../test/support/new-row'
import type { FrameLog } from '../frame-log/frame-log'
import { Captures, type CapturesOptions } from './captures'
import { roomIn } from './room'

let folder: string
let captures: Captures
let told: Capture[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-captures-'))
  captures = await start()
})

afterEach(async () => {
  await captures.dispose()
  await rm(folder, { recursive: true, force: true })
})

function start(options: Partial<CapturesOptions> = {}): Promise<Captures> {
  return Captures.start({
    folder: join(folder, 'captures'),
    budget: 4_000_000,
    onChanged: (list) => {
      told = list
    },
    ...options,
  })
}

async function restarted(options: Partial<CapturesOptions> = {}): Promise<Captures> {
  await captures.dispose()
  captures = await start(options)
  return captures
}

function fill(log: FrameLog, count: number, size = 100): void {
  const session = log.openSession({ role: 'client', url: 'ws://here', peer: '', local: '' })
  for (let left = count; left > 0; left -= 1)
    log.append(newRow({ session, payload: new Uint8Array(size).fill(log.total), time: log.total }))
}

async function leave(count: number, size = 100): Promise<string> {
  const log = captures.create(() => 'Echo')
  fill(log, count, size)
  await log.dispose()
  return log.id
}

async function opened(id: string): Promise<FrameLog> {
  const log = await captures.open(id)
  await vi.waitFor(() => expect(log.state.storage).toBe('closed'))
  return log
}

async function expectRows(log: FrameLog, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, id) => id)
  expect(log.total).toBe(count)
  expect((await log.read(ids)).map(({ time }) => time)).toEqual(ids)
  expect(log.session(1).url).toBe('ws://here')
}

function folderOf(id: string): string {
  return join(folder, 'captures', id)
}

describe('a live log', () => {
  it('becomes a capture that was left', async () => {
    const id = await leave(500)
    expect(told).toEqual(captures.list())
    const [capture] = captures.list()
    expect(capture).toMatchObject({
      id,
      name: 'Echo',
      origin: 'Echo',
      kind: 'left',
      recovered: false,
      rows: 500,
      from: 0,
      to: 499,
      problem: null,
    })
    expect(capture?.bytes).toBeGreaterThan(500 * 100)
    await restarted()
    expect(captures.list()).toEqual([{ ...capture, bytes: expect.any(Number) }])
    await expectRows(await opened(id), 500)
  })

  it('leaves nothing behind without a row', async () => {
    const log = captures.create(() => 'Echo')
    log.openSession({ role: 'client', url: 'ws://here', peer: '', local: '' })
    await log.dispose()
    expect(captures.list()).toEqual([])
    await captures.dispose()
    expect(await readdir(join(folder, 'captures')).catch(() => [])).toEqual([])
  })

  it('follows the budget', async () => {
    const log = captures.create(() => 'Echo')
    fill(log, 5000, 1000)
    captures.budget = 400_000
    expect(log.budget).toBe(400_000)
    fill(log, 500, 1000)
    expect(log.bytes).toBeLessThanOrEqual(400_000 + 110_000)
    await log.dispose()
    expect(captures.list()[0]?.bytes).toBeLessThan(520_000)
  })
})

describe('saving', () => {
  it('keeps what a live log holds now, while the log goes on', async () => {
    const log = captures.create(() => 'Echo')
    fill(log, 3000, 1000)
    log.setBookmark(7, 'here')
    const saved = await captures.save(log.id, 'Before the change')
    expect(saved).toMatchObject({
      name: 'Before the change',
      origin: 'Echo',
      kind: 'saved',
      rows: 3000,
    })
    log.setFate(0, 'written')
    fill(log, 1500, 1000)
    const { firstId } = log
    expect(firstId).toBeGreaterThan(0)
    const copy = await opened(saved.id)
    await expectRows(copy, 3000)
    expect(copy.bookmarks.get(7)).toBe('here')
    expect(await copy.payload(2999)).toEqual(new Uint8Array(1000).fill(2999))
    expect(log.total).toBe(4500)
    await log.dispose()
    expect(
      captures
        .list()
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['left', 'saved'])
  })

  it('shares whole segments with the live log instead of copying them', async () => {
    const log = captures.create(() => 'Echo')
    fill(log, 3000, 1000)
    const { id } = await captures.save(log.id, 'Shared')
    const links = await Promise.all(
      (await readdir(folderOf(id)))
        .filter((name) => name.endsWith('.rows'))
        .map(async (name) => (await stat(join(folderOf(id), name))).nlink),
    )
    expect(links.filter((count) => count === 2)).toHaveLength(links.length - 1)
    await log.dispose()
  })

  it('keeps a part that is whole of a log that is being flooded', async () => {
    const log = captures.create(() => 'Echo')
    fill(log, 10)
    const flood = setInterval(() => {
      for (let left = 200; left > 0; left -= 1)
        log.append(newRow({ payload: new Uint8Array(500), time: log.total }))
    }, 1)
    try {
      for (let count = 0; count < 3; count += 1) {
        const { id, rows, from, to } = await captures.save(log.id, 'Flooded')
        const copy = await opened(id)
        expect(rows).toBe(copy.total - copy.firstId)
        expect(rows).toBeGreaterThan(count)
        expect([from, to]).toEqual([copy.firstId, copy.total - 1])
        expect(copy.state.lost).toBe(0)
      }
    } finally {
      clearInterval(flood)
    }
    await log.dispose()
  })

  it('refuses a log that is gone', async () => {
    await expect(captures.save('gone', 'Name')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('an opened capture', () => {
  it('is one log however often it is opened, and is only read', async () => {
    const id = await leave(20)
    const log = await opened(id)
    expect(await captures.open(id)).toBe(log)
    expect(log.id).toBe(id)
    expect(log.append(newRow())).toBe(20)
    log.setFate(0, 'failed')
    expect(log.total).toBe(20)
    await captures.close(id)
    expect(await captures.open(id)).not.toBe(log)
  })

  it('keeps bookmarks for the next time', async () => {
    const id = await leave(20)
    const log = await opened(id)
    log.setBookmark(3, 'look here')
    log.setBookmark(4, '')
    log.setBookmark(4, null)
    log.setBookmark(999, 'nowhere')
    await restarted()
    const again = await opened(id)
    expect([...again.bookmarks]).toEqual([[3, 'look here']])
    expect((await again.read([3]))[0]?.note).toBe('look here')
    await captures.close(id)
    // They are there before any row is.
    expect([...(await captures.open(id)).bookmarks]).toEqual([[3, 'look here']])
  })

  it('sets broken bookmarks aside, takes the version before, and says so', async () => {
    const id = await leave(20)
    const log = await opened(id)
    log.setBookmark(3, 'first')
    await captures.close(id)
    const again = await opened(id)
    again.setBookmark(4, 'second')
    await restarted()
    const path = join(folderOf(id), 'bookmarks.json')
    await writeFile(path, '{"schemaVersion":1,"data":[{"row')
    const recovered = await opened(id)
    expect([...recovered.bookmarks]).toEqual([[3, 'first']])
    expect(recovered.state.problem).toMatch(
      /bookmarks\.json could not be read and is kept as .*\.corrupt-.*version before it are shown/,
    )
    const names = await readdir(folderOf(id))
    const aside = names.find((name) => name.startsWith('bookmarks.json.corrupt-')) ?? ''
    expect(await readFile(join(folderOf(id), aside), 'utf8')).toContain('{"row')
    await restarted()
    const calm = await opened(id)
    expect(calm.state.problem).toBeNull()
    expect([...calm.bookmarks]).toEqual([[3, 'first']])
  })

  it('starts without bookmarks where both versions are broken, and leaves newer ones alone', async () => {
    const id = await leave(20)
    const path = join(folderOf(id), 'bookmarks.json')
    await writeFile(path, 'noise')
    await writeFile(`${path}.bak`, '[]')
    const broken = await opened(id)
    expect(broken.bookmarks.size).toBe(0)
    expect(broken.state.problem).toContain('There are no bookmarks.')
    broken.setBookmark(1, 'anew')
    await vi.waitFor(() => expect(broken.state.problem).toBeNull())
    await captures.close(id)

    const newer = '{"schemaVersion":2,"data":{}}'
    await writeFile(path, newer)
    const log = await opened(id)
    expect(log.state.problem).toContain('written by a newer Framescope')
    log.setBookmark(2, 'not kept')
    await captures.close(id)
    expect(await readFile(path, 'utf8')).toBe(newer)
  })

  it('says what is wrong when its files are gone, broken or too new', async () => {
    const id = await leave(20)
    await rm(folderOf(id), { recursive: true })
    await expect(captures.open(id)).rejects.toMatchObject({ code: 'CAPTURE_UNREADABLE' })
    await expect(captures.open('never')).rejects.toMatchObject({ code: 'NOT_FOUND' })

    const newer = await leave(20)
    await captures.dispose()
    const path = join(folderOf(newer), 'capture.json')
    const text = (await readFile(path, 'utf8')).replace('"schemaVersion": 1', '"schemaVersion": 9')
    await writeFile(path, text)
    captures = await start({ limits: { age: 0, count: 0, bytes: 0 } })
    const [capture] = captures.list()
    expect(capture?.problem).toBe(
      'It was written by a newer Framescope (format 9, this one knows 1). A newer version opens it.',
    )
    await expect(captures.open(newer)).rejects.toMatchObject({ code: 'CAPTURE_UNREADABLE' })
    await expect(captures.rename(newer, 'Name')).rejects.toMatchObject({
      code: 'CAPTURE_UNREADABLE',
    })
    expect(await readFile(path, 'utf8')).toBe(text)
  })
})

describe('the list', () => {
  it('names, deletes and restores', async () => {
    const id = await leave(20)
    await captures.rename(id, 'Mine')
    expect(captures.list()).toMatchObject([{ id, name: 'Mine', kind: 'saved', origin: 'Echo' }])
    await opened(id)
    await captures.delete(id)
    expect(told).toEqual([])
    await expect(captures.open(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await captures.restore(id)
    await expectRows(await opened(id), 20)
    await captures.delete(id)
    await restarted()
    expect(captures.list()).toEqual([])
    await expect(captures.restore(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await readdir(join(folder, 'captures'))).toEqual([])
  })

  it('lets go of the oldest captures that were left, beyond the limits', async () => {
    const ids: string[] = []
    for (let count = 0; count < 4; count += 1) {
      ids.push(await leave(20))
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    const [first = ''] = ids
    await captures.rename(first, 'Saved')
    await restarted({ limits: { age: 1e9, count: 2, bytes: 1e9 } })
    expect(new Set(captures.list().map(({ id }) => id))).toEqual(new Set([ids[0], ids[2], ids[3]]))
    await leave(20)
    expect(captures.list().filter(({ kind }) => kind === 'left')).toHaveLength(2)
    await restarted({ limits: { age: 1e9, count: 20, bytes: 5000 } })
    expect(captures.list().filter(({ kind }) => kind === 'left')).toHaveLength(1)
    await restarted({ limits: { age: -1, count: 20, bytes: 1e9 } })
    expect(captures.list().map(({ id }) => id)).toEqual([first])
  })

  it('does not mind folders and files that are not captures', async () => {
    const id = await leave(20)
    await captures.dispose()
    const place = join(folder, 'captures')
    await writeFile(join(place, 'notes.txt'), 'not a folder')
    await mkdir(join(place, 'empty'))
    await mkdir(join(place, 'broken'))
    await writeFile(join(place, 'broken', 'capture.json'), '{')
    await writeFile(join(place, 'broken', '00000001.rows'), 'noise'.repeat(20))
    await writeFile(join(folderOf(id), 'capture.json'), '{ "schemaVersion": 1, "da')
    await rm(join(folderOf(id), 'capture.json.bak'), { force: true })
    captures = await start()
    const found = captures.list()
    expect(found.find((capture) => capture.id === id)).toMatchObject({
      name: expect.stringMatching(/^Recovered capture \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
      origin: '',
      recovered: true,
      kind: 'left',
      problem: null,
    })
    expect(found.find((capture) => capture.id === 'broken')).toMatchObject({
      kind: 'saved',
      problem: 'None of its files can be read.',
    })
    expect(found).toHaveLength(2)
    expect(captures.recovered().map((capture) => capture.id)).toEqual([id])
    await expectRows(await opened(id), 20)
    await restarted()
    expect(captures.list().filter(({ recovered }) => recovered)).toHaveLength(1)
    expect(captures.recovered()).toEqual([])
  })
})

describe('what else lies in the folder of all captures', () => {
  it('is left alone, and only what was ours and is empty goes', async () => {
    const id = await leave(5)
    await captures.dispose()
    const place = join(folder, 'captures')
    await mkdir(join(place, 'theirs', 'photos'), { recursive: true })
    await mkdir(join(place, 'letters'))
    await writeFile(join(place, 'letters', 'capture.txt'), 'the only copy')
    await mkdir(join(place, 'begun'))
    await writeFile(join(place, 'begun', '00000001.rows'), '')
    await mkdir(join(folderOf(id), '00000009.rows'))
    captures = await start()
    expect(captures.list().map((capture) => [capture.id, capture.problem])).toEqual([[id, null]])
    await captures.dispose()
    expect((await readdir(place)).sort()).toEqual([id, 'letters', 'theirs'].sort())
  })

  it('is told when it is a saved capture whose rows are gone', async () => {
    const { id } = await captures.rename(await leave(5), 'Kept')
    await captures.dispose()
    await writeFile(join(folderOf(id), '00000001.rows'), '')
    captures = await start()
    expect(captures.list()).toMatchObject([
      {
        id,
        name: 'Kept',
        kind: 'saved',
        problem: 'The files with its rows are missing or empty.',
      },
    ])
  })
})

it('says of a capture that lost its end how much is missing, each time', async () => {
  const { id } = await captures.rename(await leave(50), 'Kept')
  const [name = ''] = (await readdir(folderOf(id))).filter((file) => file.endsWith('.rows'))
  const bytes = await readFile(join(folderOf(id), name))
  await writeFile(join(folderOf(id), name), bytes.subarray(0, -200))
  for (let times = 2; times > 0; times -= 1) {
    await restarted()
    const log = await opened(id)
    expect(log.state).toMatchObject({ lost: 2, problem: expect.stringContaining('cut off') })
    await captures.close(id)
  }
})

it('gives back the space of what was deleted when that cannot be undone any more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const [gone, back] = [await leave(5), await leave(5)]
    await captures.delete(gone)
    await captures.delete(back)
    await captures.restore(back)
    vi.advanceTimersByTime(60_000)
    await expect(captures.restore(gone)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    vi.useRealTimers()
    const deleted = join(folder, 'captures', '.deleted')
    await vi.waitFor(async () => expect(await readdir(deleted)).toEqual([]))
    await expectRows(await opened(back), 5)
  } finally {
    vi.useRealTimers()
  }
})

describe('adopting', () => {
  it('writes a saved capture', async () => {
    const capture = await captures.adopt('Imported', 'traffic.har', async (log) => {
      fill(log, 100)
      await roomIn(log)
    })
    expect(capture).toMatchObject({
      name: 'Imported',
      origin: 'traffic.har',
      kind: 'saved',
      rows: 100,
    })
    await expectRows(await opened(capture.id), 100)
  })

  it('keeps nothing of what failed or holds nothing', async () => {
    const failing = captures.adopt('Imported', 'x', async (log) => {
      fill(log, 100)
      throw new Error('broken file')
    })
    await expect(failing).rejects.toThrow('broken file')
    await expect(captures.adopt('Empty', 'x', async () => {})).rejects.toMatchObject({
      code: 'IMPORT_FAILED',
    })
    await captures.dispose()
    expect(captures.list()).toEqual([])
    expect(await readdir(join(folder, 'captures'))).toEqual([])
  })

  it('refuses when the folder cannot be written', async () => {
    await writeFile(join(folder, 'file'), '')
    const blocked = await start({ folder: join(folder, 'file') })
    const adopting = blocked.adopt('Imported', 'x', async (log) => fill(log, 5))
    await expect(adopting).rejects.toMatchObject({ code: 'STORAGE_UNWRITABLE' })
    await blocked.dispose()
  })
})
