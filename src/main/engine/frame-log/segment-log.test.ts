import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newRow } from '../../../../test/support/new-row'
import { headerBytes } from '../wire/frame-header'
import { SegmentLog, type SegmentLogOptions } from './segment-log'

let folder: string
let log: SegmentLog

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-log-'))
  log = openLog()
})

afterEach(async () => {
  await log.dispose()
  await rm(folder, { recursive: true, force: true })
})

function openLog(options: Partial<SegmentLogOptions> = {}): SegmentLog {
  const own = join(folder, 'log')
  const prepare = async () => void (await mkdir(own, { recursive: true }))
  return new SegmentLog({ id: 'log', folder: own, prepare, ...options })
}

/** The same rows, once in memory and once in files only. */
async function everywhere(check: () => Promise<void>): Promise<void> {
  await check()
  for (let left = 60; left > 0; left -= 1)
    log.append(newRow({ payload: new Uint8Array(100_000), kind: 'binary' }))
  await log.flush()
  expect(log.row(0)).toBeUndefined()
  await check()
}

describe('a row', () => {
  it('comes back with everything that is shown of it', async () => {
    const session = log.openSession({ role: 'client', url: 'ws://here', peer: '', local: '' })
    const time = 1_700_000_000_000.125
    log.append(newRow({ session, time, header: 0xc105, direction: 'out', fate: 'queued' }))
    log.append(newRow({ kind: 'pong', rtt: 2.5, text: 'ab' }))
    const broken = { rule: 'Close codes below 1000 are not used', section: 'RFC 6455 7.4.2' }
    log.append(newRow({ kind: 'close', payload: Buffer.from([3, 232, 98, 121, 101]), broken }))
    log.setBookmark(0, 'look')
    await everywhere(async () => {
      expect(await log.read([2, 0, 1, 77_777])).toEqual([
        expect.objectContaining({ id: 2, closeCode: 1000, preview: 'bye', broken }),
        {
          id: 0,
          session: 1,
          time,
          direction: 'out',
          kind: 'text',
          size: 5,
          wireSize: 7,
          fragments: 1,
          compressed: true,
          fate: 'queued',
          preview: 'hello',
          previewCut: false,
          closeCode: null,
          rtt: null,
          broken: null,
          note: 'look',
        },
        expect.objectContaining({ id: 1, kind: 'pong', rtt: 2.5, preview: '61 62' }),
      ])
      expect(log.meta(0)).toEqual({
        id: 0,
        session: 1,
        time,
        direction: 'out',
        kind: 'text',
        size: 5,
        wireSize: 7,
      })
      expect(log.time(0)).toBe(time)
    })
    expect(log.time(77_777)).toBeNaN()
    expect(log.time(-1)).toBeNaN()
  })

  it('has the start of a large payload in its preview, and the same from disk', async () => {
    log.append(newRow({ text: 'ö'.repeat(200_000) }))
    log.append(newRow({ kind: 'binary', payload: new Uint8Array(200_000).fill(1) }))
    const [text, binary] = await log.read([0, 1])
    expect(text).toMatchObject({ preview: 'ö'.repeat(100), previewCut: true, size: 400_000 })
    expect(binary).toMatchObject({ previewCut: true })
    await everywhere(async () => expect(await log.read([0, 1])).toEqual([text, binary]))
  })

  it('keeps its frames and raw bytes', async () => {
    const frames = [
      { header: headerBytes(0x0105, 5, 0), payloadLength: 5, time: 10 },
      { header: headerBytes(0x8080, 0, 77), payloadLength: 0, time: 11.5 },
    ]
    const raw = new Uint8Array([0x8f, 0x02, 1, 2])
    log.append(newRow({ frames, fragments: 2 }))
    log.append(newRow({ raw, broken: { rule: 'x', section: 'y' }, header: 0x8f02, wireSize: 4 }))
    log.append(newRow({ header: 0x81fe, maskingKey: 0x01020304, wireSize: 308, time: 9 }))
    log.append(newRow({ kind: 'note', fragments: 0, header: 0, wireSize: 0 }))
    await everywhere(async () => {
      expect(await log.parts(0)).toMatchObject({ row: { id: 0 }, raw: null })
      expect([...((await log.parts(0))?.frames ?? [])]).toEqual(frames)
      expect(await log.parts(1)).toMatchObject({
        frames: [{ header: new Uint8Array([0x8f, 2]), payloadLength: 2 }],
        raw,
      })
      const header = new Uint8Array([0x81, 0xfe, 1, 44, 1, 2, 3, 4])
      expect((await log.parts(2))?.frames).toEqual([{ header, payloadLength: 300, time: 9 }])
      expect((await log.parts(3))?.frames).toEqual([])
      expect(await log.parts(77_777)).toBeUndefined()
    })
  })

  it('keeps 65,536 frames beside the start of its payload', async () => {
    const frames = Array.from({ length: 65_536 }, (_, index) => ({
      header: headerBytes(index === 0 ? 0x0101 : 0x0001, 1, 0),
      payloadLength: 1,
      time: index,
    }))
    const payload = new TextEncoder().encode('x'.repeat(65_536))
    const rtt = 4.5
    log.append(newRow({ frames, payload, fragments: 65_536, rtt }))
    log.append(newRow({ payload: new Uint8Array([0x79]) }))
    await everywhere(async () => {
      const rows = await log.read([0, 1])
      expect(rows.map(({ preview }) => preview.slice(0, 3))).toEqual(['xxx', 'y'])
      expect(rows[0]).toMatchObject({ fragments: 65_536, rtt })
      const parts = await log.parts(0)
      expect(parts?.frames).toHaveLength(65_536)
      expect(parts?.frames.at(-1)).toEqual(frames.at(-1))
      expect(await log.payload(0, 65_530)).toEqual(payload.slice(65_530))
    })
  })

  it('is copied, in and out', async () => {
    const payload = new Uint8Array(20).fill(7)
    log.append(newRow({ payload }))
    payload.fill(0)
    const copy = await log.payload(0)
    copy?.fill(0)
    expect(await log.payload(0)).toEqual(new Uint8Array(20).fill(7))
  })

  it('gives parts of a payload of many megabytes', async () => {
    const payload = Buffer.alloc(20_000_000)
    for (let at = 0; at < payload.length; at += 4) payload.writeUInt32LE(at, at)
    log.append(newRow({ payload, kind: 'binary', rtt: 1 }))
    await log.flush()
    log.append(newRow())
    await log.flush()
    expect(log.row(0)).toBeUndefined()
    const part = await log.payload(0, 12_345_676, 8)
    expect(part && Buffer.from(part).readUInt32LE(4)).toBe(12_345_680)
    expect(await log.payload(0, 19_999_999, 100)).toHaveLength(1)
    expect(await log.payload(0, 30_000_000, 100)).toHaveLength(0)
    expect(await log.payload(5)).toBeUndefined()
  })
})

describe('the budget', () => {
  it('is kept by letting go of the oldest segments and their files', async () => {
    log.budget = 1_000_000
    for (let left = 5000; left > 0; left -= 1) log.append(newRow({ payload: new Uint8Array(1000) }))
    log.setBookmark(4999, 'kept')
    await log.flush()
    expect(log.bytes).toBeLessThanOrEqual(1_000_000)
    expect(log.firstId).toBeGreaterThan(3900)
    expect(log.row(log.firstId - 1)).toBeUndefined()
    expect(log.extent(0, 1000)?.firstId).toBe(log.firstId)
    expect((await log.read([0, 4999])).map(({ id }) => id)).toEqual([4999])
    await vi.waitFor(async () =>
      expect((await readdir(join(folder, 'log'))).length).toBeLessThanOrEqual(8),
    )
  })

  it('lets a row that exceeds it stay until the next one comes', async () => {
    log.budget = 100_000
    log.append(newRow())
    log.append(newRow({ payload: new Uint8Array(300_000) }))
    expect([log.firstId, log.total]).toEqual([1, 2])
    expect(await log.payload(1)).toHaveLength(300_000)
    log.append(newRow())
    expect([log.firstId, log.total]).toEqual([2, 3])
  })

  it('takes bookmarks of evicted rows along', () => {
    log.budget = 100_000
    log.append(newRow())
    log.setBookmark(0, '')
    expect(log.bookmarks.size).toBe(1)
    for (let left = 500; left > 0; left -= 1) log.append(newRow({ payload: new Uint8Array(1000) }))
    expect(log.bookmarks.size).toBe(0)
  })
})

describe('times', () => {
  it('are found by bisection, also when the first rows are gone', () => {
    log.budget = 100_000
    for (let id = 0; id < 3000; id += 1)
      log.append(newRow({ time: id * 10, payload: new Uint8Array(200) }))
    const { firstId, total } = log
    expect(firstId).toBeGreaterThan(0)
    expect(log.firstAtOrAfter(0)).toBe(firstId)
    expect(log.firstAtOrAfter(firstId * 10 + 1)).toBe(firstId + 1)
    expect(log.firstAtOrAfter(29_990)).toBe(2999)
    expect(log.firstAtOrAfter(29_991)).toBe(total)
  })
})

describe('listeners', () => {
  it('hear of rows, fates, evictions and bookmarks until they are taken out', () => {
    const heard: (number | undefined)[] = []
    const stop = log.onChange((id) => heard.push(id))
    log.append(newRow({ direction: 'out', fate: 'queued' }))
    log.setFate(0, 'written')
    log.setFate(0, 'failed')
    log.setFate(8, 'failed')
    log.setBookmark(0, '')
    log.setBookmark(0, '')
    log.setBookmark(9, '')
    expect(heard).toEqual([undefined, 0, 0])
    expect(log.row(0)?.fate).toBe('written')
    stop()
    log.append(newRow())
    expect(heard).toHaveLength(3)
  })
})

describe('a disk that is slower than the wire', () => {
  it('presses until most was written, and loses nothing', async () => {
    const pressed: boolean[] = []
    const states: string[] = []
    log.onPressure((held) => pressed.push(held))
    log.onStateChange(() => states.push(log.state.storage))
    const payload = new Uint8Array(1_000_000)
    for (let left = 80; left > 0; left -= 1) log.append(newRow({ payload, kind: 'binary' }))
    expect(pressed).toEqual([true])
    expect(log.state.storage).toBe('held')
    await vi.waitFor(() => expect(pressed).toEqual([true, false]), 20_000)
    expect(states).toEqual(['held', 'disk'])
    await log.flush()
    expect(log.state).toMatchObject({ storage: 'disk', lost: 0 })
    expect(await log.payload(0)).toHaveLength(1_000_000)
  }, 30_000)
})

describe('a disk that takes long', () => {
  it('presses before more than a few hundredths of a second of traffic waits', async () => {
    const own = join(folder, 'log')
    const prepare = () =>
      delay(150)
        .then(() => mkdir(own, { recursive: true }))
        .then(() => {})
    const slow = openLog({ prepare })
    let held: number | null = null
    slow.onPressure((now) => {
      if (now) held ??= performance.now()
    })
    const began = performance.now()
    while (held === null && performance.now() - began < 5000) {
      slow.append(newRow({ payload: new Uint8Array(20_000) }))
      await delay(1)
    }
    expect(slow.state).toMatchObject({ storage: 'held', lost: 0 })
    expect(slow.bytes).toBeLessThan(8_000_000)
    await vi.waitFor(() => expect(slow.state.storage).toBe('disk'))
    await slow.dispose()
  })
})

describe('without a folder', () => {
  it('is a log in memory that forgets its oldest rows', async () => {
    const memory = openLog({ folder: null, memoryBound: 1_000_000 })
    for (let left = 3000; left > 0; left -= 1)
      memory.append(newRow({ payload: new Uint8Array(1000) }))
    expect(memory.state).toMatchObject({ storage: 'memory', problem: null, lost: 0 })
    expect(memory.firstId).toBeGreaterThan(1500)
    expect(memory.bytes).toBeLessThan(1_300_000)
    const ids = Array.from(
      { length: memory.total - memory.firstId },
      (_, at) => memory.firstId + at,
    )
    expect((await memory.read(ids)).map(({ id }) => id)).toEqual(ids)
    await memory.dispose()
    expect(await readdir(folder)).toEqual([])
  })
})

describe('the last words', () => {
  it('of a session whose log is gone are passed over', async () => {
    log.append(newRow())
    await log.dispose()
    expect(log.append(newRow())).toBe(1)
    log.setFate(0, 'written')
    log.updateSession(1, { peer: 'x' })
    await delay(20)
  })
})
