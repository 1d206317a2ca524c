import fc from 'fast-check'
import { readFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fates, type Fate } from '@shared/model/frame'
import { newRow } from '../../../../test/support/new-row'
import type { NewRow } from './frame-log'
import { readRows } from './record'
import { findSegments } from './segment-loader'
import { SegmentLog } from './segment-log'

let folder: string
let runs = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-log-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

type Step =
  | { readonly step: 'append'; readonly row: NewRow; readonly count: number }
  | { readonly step: 'fate'; readonly back: number; readonly fate: Fate }
  | { readonly step: 'bookmark'; readonly back: number; readonly note: string | null }
  | { readonly step: 'flush' | 'look' }

const row: fc.Arbitrary<NewRow> = fc
  .record({
    session: fc.integer({ min: 1, max: 3 }),
    payload: fc.oneof(
      { weight: 20, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 90_000 }).map((size) => filled(size)) },
    ),
    kind: fc.constantFrom('text', 'binary', 'close', 'note'),
    direction: fc.constantFrom('in', 'out'),
    fate: fc.constantFrom(null, 'queued'),
    rtt: fc.constantFrom(null, 1.5),
    broken: fc.constantFrom(null, null, { rule: 'Broken', section: 'RFC 6455 section 5.1' }),
  })
  .map((part) => newRow(part))

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      step: fc.constant('append'),
      row,
      count: fc.integer({ min: 1, max: 30 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      step: fc.constant('fate'),
      back: fc.nat(40),
      fate: fc.constantFrom(...fates),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('bookmark'),
      back: fc.nat(40),
      note: fc.option(fc.string()),
    }),
  },
  { weight: 2, arbitrary: fc.record({ step: fc.constantFrom('flush', 'look') }) },
)

/** What a log should hold. */
class Model {
  readonly rows: NewRow[] = []
  readonly bookmarks = new Map<number, string>()

  setFate(id: number, fate: Fate): void {
    const known = this.rows[id]
    if (known?.fate === 'queued') this.rows[id] = { ...known, fate }
  }
}

async function expectEqual(log: SegmentLog, model: Model): Promise<void> {
  expect(log.total).toBe(model.rows.length)
  const ids = model.rows.map((_, id) => id).filter((id) => id >= log.firstId)
  const read = await log.read(ids)
  expect(read.map(({ id }) => id)).toEqual(ids)
  for (const found of read) {
    const expected = model.rows[found.id] as NewRow
    expect(found).toMatchObject({
      session: expected.session,
      kind: expected.kind,
      direction: expected.direction,
      size: expected.payload.byteLength,
      fate: expected.fate,
      rtt: expected.rtt,
      broken: expected.broken,
      note: model.bookmarks.get(found.id) ?? null,
    })
    expect(log.meta(found.id)).toMatchObject({ id: found.id, size: expected.payload.byteLength })
    const known = log.row(found.id)
    if (known) expect(known).toEqual(found)
  }
  expect(log.meta(log.firstId - 1)).toBeUndefined()
  for (const id of ids.slice(0, 3)) await expectPayload(log, id, model.rows[id] as NewRow)
  await expectExtents(log, model)
  for (const { session } of read) expect(log.session(session).url).toBe(`ws://${session}`)
}

async function expectPayload(log: SegmentLog, id: number, { payload }: NewRow): Promise<void> {
  expect(await log.payload(id)).toEqual(new Uint8Array(payload))
  expect(await log.payload(id, 5, 20)).toEqual(new Uint8Array(payload.subarray(5, 25)))
}

/** All rows, taken extent by extent. */
async function expectExtents(log: SegmentLog, model: Model): Promise<void> {
  let next = 0
  for (let extent = log.extent(next, 5000); extent; extent = log.extent(next, 5000)) {
    const { source, firstId, endId } = extent
    expect(firstId).toBe(Math.max(next, log.firstId))
    const bytes =
      'bytes' in source
        ? source.bytes
        : (await readFile(source.path)).subarray(source.start, source.end)
    const end = readRows(bytes, firstId, (record) => {
      const { payload, session } = model.rows[record.id] as NewRow
      expect(Buffer.compare(record.payload, payload)).toBe(0)
      expect(record.session).toBe(session)
    })
    expect(end).toBe(endId)
    next = endId
  }
  expect(next).toBe(log.total)
}

async function play(log: SegmentLog, steps: readonly Step[]): Promise<Model> {
  const model = new Model()
  for (const number of [1, 2, 3])
    log.openSession({ role: 'client', url: `ws://${number}`, peer: '', local: '' })
  for (const one of steps) {
    switch (one.step) {
      case 'append':
        for (let count = 0; count < one.count; count += 1)
          expect(log.append(one.row)).toBe(model.rows.push(one.row) - 1)
        break
      case 'fate': {
        const id = Math.max(0, log.total - 1 - one.back)
        const held = log.meta(id) !== undefined
        log.setFate(id, one.fate)
        if (held) model.setFate(id, one.fate)
        break
      }
      case 'bookmark': {
        const id = log.total - 1 - one.back
        const held = log.meta(id) !== undefined
        log.setBookmark(id, one.note)
        if (one.note === null) model.bookmarks.delete(id)
        else if (held) model.bookmarks.set(id, one.note)
        break
      }
      case 'flush':
        await log.flush()
        break
      case 'look':
        await expectEqual(log, model)
        break
    }
  }
  return model
}

const anySteps = fc.array(step, { maxLength: 30 })
const anyBudget = fc.constantFrom(2_000, 40_000, 1_000_000)

describe('a log on disk', () => {
  it('holds what an array would, after any steps and when it is opened again', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, anyBudget, async (steps, budget) => {
        runs += 1
        const own = join(folder, String(runs))
        const prepare = async () => void (await mkdir(own, { recursive: true }))
        const log = new SegmentLog({ id: 'log', folder: own, budget, prepare })
        const model = await play(log, steps)
        await expectEqual(log, model)
        const { firstId } = log
        const { state } = log
        expect(state).toMatchObject({ storage: 'disk', problem: null, lost: 0 })
        await log.dispose()

        if (model.rows.length === 0) return
        const { files } = await findSegments(own)
        const opened = SegmentLog.open('opened', own)
        await opened.load(files)
        expect(opened.firstId).toBe(firstId)
        expect(opened.state).toMatchObject({ storage: 'closed', problem: null, lost: 0 })
        await expectEqual(opened, model)
        await opened.dispose()
      }),
      { numRuns: 60 },
    )
  }, 30_000)
})

describe('a log without a folder', () => {
  it('holds what an array would of the latest rows', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, anyBudget, async (steps, budget) => {
        const log = new SegmentLog({ id: 'log', folder: null, budget })
        const model = await play(log, steps)
        await expectEqual(log, model)
        await log.dispose()
      }),
      { numRuns: 60 },
    )
  }, 30_000)
})

function filled(size: number): Uint8Array {
  return new Uint8Array(size).map((_, at) => (at * 7 + size) % 251)
}
