import fc from 'fast-check'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newRow } from '../../../../test/support/new-row'
import type { NewRow } from './frame-log'
import { readRows } from './record'
import { findSegments } from './segment-loader'
import { SegmentLog } from './segment-log'

let folder: string
/** The bytes of each segment, whose rows have the text `row <id>` and a payload to match. */
let segments: { readonly name: string; readonly bytes: Buffer; readonly firstId: number }[]
const total = 120

function rowOf(id: number): NewRow {
  const size = id % 10 === 7 ? 2000 + id : 10 + (id % 50)
  return newRow({
    session: 1 + (id % 2),
    payload: new Uint8Array(size).fill(id),
    time: 1000 + id,
    fate: 'queued',
    direction: 'out',
  })
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-files-'))
  const own = join(folder, 'original')
  const prepare = async () => void (await mkdir(own, { recursive: true }))
  const log = new SegmentLog({ id: 'log', folder: own, prepare })
  log.budget = 60_000
  for (const url of ['ws://1', 'ws://2'])
    log.openSession({ role: 'client', url, peer: '', local: '' })
  for (let id = 0; id < total; id += 1) log.append(rowOf(id))
  await log.flush()
  for (let id = 0; id < total; id += 3) log.setFate(id, 'written')
  await log.dispose()
  const { files } = await findSegments(own)
  segments = await Promise.all(
    files.map(async ({ path, firstId }) => ({
      name: path.slice(own.length + 1),
      bytes: await readFile(path),
      firstId,
    })),
  )
})

afterAll(() => rm(folder, { recursive: true, force: true }))

let copies = 0

async function reopened(change: (bytes: Buffer, place: number) => Uint8Array): Promise<SegmentLog> {
  copies += 1
  const own = join(folder, `copy${copies}`)
  await mkdir(own)
  for (const [place, { name, bytes }] of segments.entries())
    await writeFile(join(own, name), change(Buffer.from(bytes), place))
  const log = SegmentLog.open('copy', own)
  const { files } = await findSegments(own)
  await log.load(files)
  return log
}

/** Every row it has is the one that was written under that id. */
async function expectTrueRows(log: SegmentLog): Promise<number[]> {
  const ids: number[] = []
  for (let next = 0; ;) {
    const extent = log.extent(next, 1_000_000)
    if (!extent) break
    const { source, firstId, endId } = extent
    if ('bytes' in source) throw new Error('Nothing of it is in memory')
    const bytes = (await readFile(source.path)).subarray(source.start, source.end)
    const end = readRows(bytes, firstId, ({ id, payload, time, session }) => {
      ids.push(id)
      const expected = rowOf(id)
      if (time !== expected.time || session !== expected.session) throw new Error(`Row ${id}`)
      if (Buffer.compare(payload, expected.payload) !== 0) throw new Error(`Payload of ${id}`)
    })
    expect(end).toBe(endId)
    next = endId
  }
  const rows = await log.read(ids)
  expect(rows.map(({ id }) => id)).toEqual(ids)
  for (const { id, fate } of rows)
    if (fate !== 'queued' && (fate !== 'written' || id % 3 !== 0)) throw new Error(`Fate of ${id}`)
  return ids
}

describe('segment files', () => {
  it('are several, and whole', async () => {
    expect(segments.length).toBeGreaterThan(2)
    const log = await reopened((bytes) => bytes)
    expect(await expectTrueRows(log)).toHaveLength(total - log.firstId)
    expect((await log.read([60]))[0]?.fate).toBe('written')
    expect((await log.read([61]))[0]?.fate).toBe('queued')
    await log.dispose()
  })

  it('give all rows before a cut, and of the other segments all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), async (which, where) => {
        const cut = which % segments.length
        const { bytes, firstId } = segments[cut] as (typeof segments)[number]
        const end = where % (bytes.length + 1)
        const log = await reopened((all, place) => (place === cut ? all.subarray(0, end) : all))
        const ids = await expectTrueRows(log)
        const next = segments[cut + 1]?.firstId ?? total
        const others = segments[0]?.firstId ?? 0
        expect(ids.filter((id) => id < firstId)).toHaveLength(firstId - others)
        expect(ids.filter((id) => id >= next)).toHaveLength(total - next)
        // Records take at most a payload and 64 bytes, sessions and fates aside.
        const kept = ids.filter((id) => id >= firstId && id < next)
        expect(kept).toEqual(kept.map((_, at) => firstId + at))
        let recordBytes = 32
        for (const id of kept) recordBytes += Math.ceil((44 + rowOf(id).payload.length) / 8) * 8
        expect(recordBytes).toBeLessThanOrEqual(Math.max(end, 32))
        const missing = next - firstId - kept.length
        if (cut > 0 && cut < segments.length - 1) expect(log.state.lost).toBe(missing)
        if (end === bytes.length) expect(missing).toBe(0)
        await log.dispose()
      }),
      { numRuns: 40 },
    )
  }, 30_000)

  it('give no wrong row when bits are flipped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat(7)), { minLength: 1, maxLength: 3 }),
        async (flips) => {
          const log = await reopened((bytes, place) => {
            for (const [which, where, bit] of flips)
              if (which % segments.length === place) {
                const at = where % bytes.length
                bytes[at] = (bytes[at] as number) ^ (1 << bit)
              }
            return bytes
          })
          await expectTrueRows(log)
          await log.dispose()
        },
      ),
      { numRuns: 50 },
    )
  }, 30_000)

  it('give what is whole when noise follows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (noise) => {
        const log = await reopened((bytes) => Buffer.concat([bytes, noise]))
        expect(await expectTrueRows(log)).toHaveLength(total - log.firstId)
        await log.dispose()
      }),
      { numRuns: 10 },
    )
  }, 30_000)

  it('of which one claims to begin far away are read without it, and that is told', async () => {
    for (const far of [2 ** 47, 2 ** 52]) {
      const log = await reopened((bytes, place) => {
        if (place !== 1) return bytes
        bytes.writeDoubleLE(far, 16)
        bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
        return bytes
      })
      const first = segments[1]?.firstId ?? 0
      const missing = (segments[2]?.firstId ?? 0) - first
      expect(await expectTrueRows(log)).toHaveLength(total - log.firstId - missing)
      expect(log.state.lost).toBe(missing)
      if (far === 2 ** 47) expect(log.state.problem).toContain('damaged')
      await log.dispose()
    }
  })

  it('that were damaged are told from those that were only cut off', async () => {
    const last = segments.length - 1
    const problemOf = async (change: (bytes: Buffer) => Uint8Array) => {
      const log = await reopened((bytes, place) => (place === last ? change(bytes) : bytes))
      await log.dispose()
      return log.state.problem
    }
    expect(await problemOf((bytes) => bytes)).toBeNull()
    expect(await problemOf((bytes) => bytes.subarray(0, -9))).toBeNull()
    expect(await problemOf((bytes) => bytes.fill(0, bytes.length - 40))).toContain('damaged')
    expect(await problemOf((bytes) => bytes.fill(255, 60, 61))).toContain('damaged')
  })

  it('of a newer format are told apart and left alone', async () => {
    const own = join(folder, 'newer')
    await mkdir(own)
    const [{ bytes }] = segments as [(typeof segments)[number]]
    const head = Buffer.from(bytes)
    head.writeUInt32LE(7, 8)
    head.writeUInt32LE(crc32(head.subarray(0, 28)), 28)
    await writeFile(join(own, '00000001.rows'), head)
    await writeFile(join(own, '00000002.rows'), 'nothing of ours'.repeat(4))
    expect(await findSegments(own)).toEqual({ files: [], newer: 7, broken: 1 })
  })
})
