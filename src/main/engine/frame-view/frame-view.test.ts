import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { directions, rowKinds, type Fate } from '@shared/model/frame'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import { newRow } from '../../../../test/support/new-row'
import { textRow } from '../../../../test/support/text-row'
import { SegmentLog } from '../frame-log/segment-log'
import type { FrameLog, NewRow } from '../frame-log/frame-log'
import { FrameView } from './frame-view'
import { ScanThreads } from './scan-threads'

const utf8 = new TextEncoder()
const threads = new ScanThreads()
const logs: SegmentLog[] = []
let root = ''
const views = new Set<FrameView>()

afterEach(() => {
  for (const view of views) view.close()
  views.clear()
})
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'framescope-views-'))
})
afterAll(async () => {
  await threads.dispose()
  await Promise.all(logs.map((log) => log.dispose()))
  await rm(root, { recursive: true, force: true })
})

function memoryLog(budget?: number): SegmentLog {
  return keep(new SegmentLog({ id: 'log', folder: null, ...(budget && { budget }) }))
}

async function diskLog(budget?: number): Promise<SegmentLog> {
  const folder = await mkdtemp(join(root, 'log-'))
  return keep(new SegmentLog({ id: 'log', folder, ...(budget && { budget }) }))
}

function keep(log: SegmentLog): SegmentLog {
  logs.push(log)
  return log
}

function logOf(texts: readonly string[]) {
  const log = memoryLog()
  texts.forEach((text, index) => log.append(textRow(text, index * 10)))
  return log
}

function viewOf(log: FrameLog, filter: Partial<FrameFilter> = {}, changed = () => {}): FrameView {
  const view = new FrameView('view', log, { ...everything(), ...filter }, threads, changed)
  views.add(view)
  return view
}

/** Waits until the view has looked at everything its log has. */
async function settled(view: FrameView): Promise<FrameView> {
  for (;;) {
    await view.settled(10_000)
    const { scanned, logTotal, problem, find } = view.state()
    if (problem !== null || (scanned === logTotal && (find?.scanned ?? logTotal) === logTotal))
      return view
  }
}

async function ids(view: FrameView): Promise<number[]> {
  const { total } = view.state()
  return (await view.page(0, total)).rows.map((row) => row.id)
}

describe('FrameView', () => {
  it('shows the whole log without a filter', async () => {
    const view = viewOf(logOf(['a', 'b', 'c']))
    expect(view.state()).toEqual({
      viewId: 'view',
      logId: 'log',
      filter: everything(),
      total: 3,
      evicted: 0,
      logTotal: 3,
      logEvicted: 0,
      scanned: 3,
      problem: null,
      find: null,
    })
    const page = await view.page(1, 100)
    expect(page.start).toBe(1)
    expect(page.rows.map((row) => row.preview)).toEqual(['b', 'c'])
    expect(page.previousTime).toBe(0)
    expect((await view.page(0, 1)).previousTime).toBeNull()
    expect(await view.page(7, 10)).toEqual({ start: 3, rows: [], previousTime: 20 })
  })

  it('shows what matches, by position in the view, also of rows that come later', async () => {
    const log = logOf(['apple', 'pear', 'Apple pie', 'plum'])
    const view = await settled(viewOf(log, { query: 'apple' }))
    expect(view.state()).toMatchObject({ total: 2, scanned: 4 })
    expect(await view.page(1, 1)).toMatchObject({ start: 1, previousTime: 0, rows: [{ id: 2 }] })
    log.append(textRow('APPLES', 90))
    await settled(view)
    expect(view.state()).toMatchObject({ total: 3, scanned: 5, logTotal: 5 })
    expect(await view.page(2, 10)).toMatchObject({ previousTime: 20, rows: [{ id: 4 }] })
  })

  it.each<[string, Partial<FrameFilter>, number[]]>([
    ['a direction, events staying', { directions: ['out'] }, [1, 2, 4]],
    ['no direction, events staying', { directions: [] }, [2, 4]],
    ['kinds, events as well', { kinds: ['text', 'note'] }, [0, 1, 4]],
    ['no kind', { kinds: [] }, []],
    ['a session', { session: 2 }, [3, 4]],
    ['what was cleared', { hiddenBefore: 3 }, [3, 4]],
    ['a query', { query: 'hel type:text or session:2 frame:compressed' }, [0, 1]],
    ['a query on metadata', { query: 'dir:out or session:2' }, [1, 3, 4]],
    ['a period', { period: { from: 1, to: 4 } }, [1, 2, 3]],
    ['a period and a query', { period: { from: 1, to: 4 }, query: 'dir:in' }, [3]],
    [
      'everything at once',
      {
        kinds: ['note'],
        session: 2,
        hiddenBefore: 4,
        query: 'HEL',
        period: { from: 0, to: 5 },
        bookmarked: true,
      },
      [4],
    ],
    ['bookmarks', { bookmarked: true }, [1, 4]],
    ['bookmarks and a query', { bookmarked: true, query: 'dir:out' }, [1]],
  ])('filters by %s', async (_, filter, expected) => {
    const log = memoryLog()
    log.append(newRow({ direction: 'in', kind: 'text', time: 0 }))
    log.append(newRow({ direction: 'out', kind: 'text', time: 1 }))
    log.append(newRow({ direction: 'none', kind: 'open', time: 2 }))
    log.append(newRow({ direction: 'in', kind: 'binary', session: 2, time: 3 }))
    log.append(newRow({ direction: 'none', kind: 'note', session: 2, time: 4 }))
    log.setBookmark(4, '')
    log.setBookmark(1, 'a note')
    const view = await settled(viewOf(log, filter))
    expect(await ids(view)).toEqual(expected)
    expect(view.state()).toMatchObject({ total: expected.length, scanned: 5 })
  })

  it('refuses a query that cannot be read, and stays as it is', async () => {
    const log = logOf(['a', 'b'])
    const problem = expect.objectContaining({
      code: 'FILTER_INVALID',
      details: { start: 2, end: 3 },
    })
    expect(() => viewOf(log, { query: 'a )' })).toThrow(problem)
    const view = await settled(viewOf(log, { query: 'a' }))
    expect(() => view.setFilter({ ...everything(), query: 'a )' })).toThrow(problem)
    expect(() => view.setFind('b )')).toThrow(problem)
    expect(view.state()).toMatchObject({ total: 1, filter: { query: 'a' }, find: null })
  })

  it('replaces a filter while rows are looked at', async () => {
    const log = logOf(Array.from({ length: 20_000 }, (_, id) => `row ${id} ${'é'.repeat(200)}`))
    const view = viewOf(log, { query: '/é+x/' })
    for (const query of ['r', 'ro', '$.x', 'row', 'row 1999'])
      view.setFilter({ ...everything(), query })
    await settled(view)
    expect(view.state()).toMatchObject({ total: 12, scanned: 20_000 })
    view.setFilter(everything())
    expect(view.state()).toMatchObject({ total: 20_000, scanned: 20_000 })
  })

  it('finds rows as it goes and tells how far it is', async () => {
    const log = logOf(Array.from({ length: 30_000 }, (_, id) => `row ${id} ${'.'.repeat(100)}`))
    const seen: { total: number; scanned: number }[] = []
    const view = viewOf(log, { query: '/row/' }, () => seen.push(view.state()))
    await settled(view)
    expect(seen.length).toBeGreaterThan(2)
    for (const { total, scanned } of seen) expect(total).toBe(scanned)
    expect(seen.map(({ scanned }) => scanned)).toEqual(
      seen.map(({ scanned }) => scanned).toSorted((a, b) => a - b),
    )
  })

  it('locates rows and the next ones that match', async () => {
    const log = logOf(['a', 'b', 'a', 'b', 'a'])
    const view = await settled(viewOf(log, { query: 'a' }))
    expect(view.locate(2)).toEqual({ position: 1, exact: true })
    expect(view.locate(3)).toEqual({ position: 2, exact: false })
    expect(view.locate(5)).toEqual({ position: 3, exact: false })
    expect(view.locateTime(15)).toEqual({ position: 1 })
    expect(view.locateTime(41)).toEqual({ position: 3 })
    const all = viewOf(log, { hiddenBefore: 2 })
    expect(all.locate(3)).toEqual({ position: 1, exact: true })
    expect(all.locate(0)).toEqual({ position: 0, exact: false })
    expect(all.locate(99)).toEqual({ position: 3, exact: false })
  })

  it('adds up and lays out what matches', async () => {
    const log = logOf(['a', 'b', 'a', 'b', 'a'])
    const view = await settled(viewOf(log, { query: 'a' }))
    expect(await view.statistics([[0, 3]])).toMatchObject({
      rows: 3,
      in: { rows: 3, bytes: 3 },
      gaps: { min: 20, median: 20, max: 20, maxBefore: 2 },
    })
    expect(view.timeline({ from: 0, to: 50 }, 5)?.counts).toEqual([1, 0, 1, 0, 1])
  })

  it('stops listening when it is closed', async () => {
    const log = logOf(['a'])
    const changed = vi.fn()
    const view = viewOf(log, {}, changed)
    const filtered = await settled(viewOf(log, { query: 'a' }, changed))
    view.close()
    filtered.close()
    changed.mockClear()
    log.append(newRow())
    await filtered.settled(20)
    expect(changed).not.toHaveBeenCalled()
  })

  it('tells the lowest position whose row changed, once', async () => {
    const log = logOf(['a', 'b', 'a', 'a'])
    const view = await settled(viewOf(log, { query: 'a' }))
    expect(view.takeChange()).toBeNull()
    log.setFate(3, 'written')
    log.setBookmark(2, 'seen')
    expect(view.takeChange()).toBe(1)
    expect(view.takeChange()).toBeNull()
  })

  it('shows bookmarks as they come and go', async () => {
    const log = logOf(['a', 'b', 'a'])
    log.setBookmark(2, '')
    const view = await settled(viewOf(log, { query: 'a', bookmarked: true }))
    expect(await ids(view)).toEqual([2])
    log.setBookmark(0, '')
    log.setBookmark(1, '')
    expect(await ids(view)).toEqual([0, 2])
    expect(view.takeChange()).toBe(0)
    log.setBookmark(2, null)
    expect(await ids(view)).toEqual([0])
  })

  it('shows and searches rows on disk, also while the oldest ones go', async () => {
    const log = await diskLog(16 * 1024 * 1024)
    const text = (id: number) => `${id % 100 === 0 ? 'apple' : 'pear'} ${id} ${'.'.repeat(400)}`
    for (let id = 0; id < 20_000; id += 1) log.append(textRow(text(id), id))
    await log.flush()
    expect(log.row(0)).toBeUndefined()
    const view = await settled(viewOf(log, { query: 'apple' }))
    expect(view.state()).toMatchObject({ total: 200, evicted: 0, scanned: 20_000 })
    expect(view.pageInMemory(0, 10)).toBeNull()
    const page = await view.page(1, 2)
    expect(page).toMatchObject({ start: 1, previousTime: 0, rows: [{ id: 100 }, { id: 200 }] })
    expect(page.rows[0]?.preview).toContain('apple 100 ')
    const all = viewOf(log)
    expect((await all.page(7, 1)).rows[0]?.preview).toContain('pear 7 ')

    for (let id = 20_000; id < 50_000; id += 1) log.append(textRow(text(id), id))
    await settled(view)
    expect(log.firstId).toBeGreaterThan(0)
    const state = view.state()
    expect(state).toMatchObject({ total: 500, evicted: Math.ceil(log.firstId / 100) })
    expect((await view.page(0, 100)).start).toBe(state.evicted)
    expect((await all.page(0, 5)).start).toBe(log.firstId)
  })

  it.each<[string, (budget: number) => SegmentLog | Promise<SegmentLog>]>([
    ['in memory', memoryLog],
    ['on disk', diskLog],
  ])('agrees with a list of its rows at every moment, %s', async (_, open) => {
    const row = fc.record({
      session: fc.integer({ min: 1, max: 2 }),
      direction: fc.constantFrom(...directions),
      kind: fc.constantFrom(...rowKinds.filter((kind) => kind !== 'close')),
      text: fc.string({ unit: fc.constantFrom('a', 'B', 'é', '\u212a'), maxLength: 6 }),
      padding: fc.constantFrom(0, 0, 0, 3000),
      fate: fc.constantFrom<Fate | null>(null, 'queued'),
    })
    const { directions: allDirections, kinds: allKinds } = everything()
    const filter: fc.Arbitrary<FrameFilter> = fc.record({
      query: fc.constantFrom(...Object.keys(naiveQueries)),
      directions: fc.oneof(fc.constant(allDirections), fc.subarray(allDirections)),
      kinds: fc.oneof(fc.constant(allKinds), fc.subarray(allKinds)),
      session: fc.constantFrom(null, null, 1, 2),
      hiddenBefore: fc.constantFrom(0, 0, 5, 40, 1000),
      period: fc.constantFrom(null, null, { from: 3, to: 30 }, { from: 20, to: 1000 }),
      bookmarked: fc.constantFrom(false, false, false, true),
    })
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.array(row, { maxLength: 20 }).map((rows) => ({ rows })) },
      { weight: 2, arbitrary: filter.map((value) => ({ filter: value })) },
      { weight: 2, arbitrary: fc.constantFrom('', 'a', 'é').map((find) => ({ find })) },
      { weight: 1, arbitrary: fc.constant({ evict: true }) },
      { weight: 1, arbitrary: fc.nat(60).map((mark) => ({ mark })) },
    )
    await fc.assert(
      fc.asyncProperty(filter, fc.array(step, { maxLength: 10 }), async (start, steps) => {
        const log = await open(64 * 1024)
        const view = viewOf(log, start)
        const all: (NewRow & { id: number; text: string })[] = []
        let current: FrameFilter = start
        let find = ''
        const check = async () => {
          const state = view.state()
          const held = all.filter((value) => value.id >= log.firstId && passes(value, current, log))
          const known = held.filter(({ id }) => id < state.scanned)
          expect(state.total - state.evicted).toBe(known.length)
          const page = await view.page(0, state.total)
          expect(page.start).toBe(state.evicted)
          expect(page.rows.map(({ id }) => id)).toEqual(known.map(({ id }) => id))
          known.forEach(({ id }, index) => {
            const position = state.evicted + index
            expect(view.locate(id)).toEqual({ position, exact: true })
          })
          if (state.find === null) return expect(find).toBe('')
          const { scanned, total } = state.find
          const found = known.filter(
            (value) => value.id < scanned && naiveQueries[find]?.(value) === true,
          )
          expect(total).toBe(found.length)
          const count = state.total - state.evicted
          expect(view.found(state.evicted, count).filter(Boolean).length).toBeGreaterThanOrEqual(
            found.length,
          )
          const next = view.findNext(null, false)
          expect(next?.rowId ?? null).toBe(found[0]?.id ?? null)
          if (next) expect(view.idAt(next.position)).toBe(next.rowId)
        }
        for (const item of steps) {
          if ('filter' in item) view.setFilter((current = item.filter))
          else if ('find' in item) view.setFind((find = item.find))
          else if ('evict' in item) {
            log.budget = 8 * 1024
            log.budget = 64 * 1024
          } else if ('mark' in item) {
            if (item.mark < log.total && item.mark >= log.firstId)
              log.setBookmark(item.mark, log.bookmarks.has(item.mark) ? null : '')
          } else {
            for (const { text, padding, ...rest } of item.rows) {
              const payload = utf8.encode(text + '.'.repeat(padding))
              const added = newRow({ ...rest, payload, time: all.length })
              all.push({ ...added, id: all.length, text })
              log.append(added)
            }
          }
          await check()
          if (steps.indexOf(item) % 2 === 0) await settled(view)
          await check()
        }
        await settled(view)
        expect(view.state().scanned).toBe(log.total)
        await check()
        view.close()
      }),
      { numRuns: 25 },
    )
  })
})

const naiveQueries: Readonly<Record<string, (row: NewRow & { text: string }) => boolean>> = {
  '': () => true,
  a: ({ text }) => /a/i.test(text),
  k: ({ text }) => text.includes('\u212a'),
  é: ({ text }) => /é/.test(text),
  'ab not é': ({ text }) => /ab/i.test(text) && !text.includes('é'),
  '/^a.*B$/': ({ text, payload }) => payload.length < 100 && /^a.*B$/.test(text),
  'size>2 or dir:out': ({ payload, direction }) => payload.length > 2 || direction === 'out',
}

function passes(
  row: NewRow & { id: number; text: string },
  filter: FrameFilter,
  log: FrameLog,
): boolean {
  const { period } = filter
  return (
    row.id >= filter.hiddenBefore &&
    filter.kinds.includes(row.kind) &&
    (row.direction === 'none' || filter.directions.includes(row.direction)) &&
    (filter.session === null || filter.session === row.session) &&
    (period === null || (row.time >= period.from && row.time < period.to)) &&
    (!filter.bookmarked || log.bookmarks.has(row.id)) &&
    naiveQueries[filter.query]?.(row) === true
  )
}
