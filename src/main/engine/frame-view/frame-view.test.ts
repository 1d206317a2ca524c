import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { directions, fates, rowKinds, type Fate } from '@shared/model/frame'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import type { NewRow } from '../frame-log/frame-log'
import { MemoryFrameLog } from '../frame-log/memory-frame-log'
import { FrameView } from './frame-view'
import { ScanLoop } from './scan-loop'

const utf8 = new TextEncoder()

function newRow(row: Partial<NewRow> = {}): NewRow {
  return {
    session: 1,
    time: 0,
    direction: 'in',
    kind: 'text',
    payload: utf8.encode('hello'),
    wireSize: 7,
    fragments: 1,
    header: 0x8105,
    fate: null,
    rtt: null,
    broken: null,
    ...row,
  }
}

function logOf(texts: readonly string[]): MemoryFrameLog {
  const log = new MemoryFrameLog('log')
  texts.forEach((text, time) => log.append(newRow({ time, payload: utf8.encode(text) })))
  return log
}

function viewOf(log: MemoryFrameLog, filter: Partial<FrameFilter> = {}, changed = () => {}) {
  return new FrameView('view', log, { ...everything(), ...filter }, new ScanLoop(), changed)
}

async function scanned(view: FrameView): Promise<void> {
  while (view.state().scanned < view.log.total) await setImmediate()
}

describe('FrameView', () => {
  it('shows the whole log without a filter', () => {
    const log = logOf(['a', 'b', 'c'])
    const view = viewOf(log)
    expect(view.state()).toEqual({
      viewId: 'view',
      logId: 'log',
      filter: everything(),
      total: 3,
      evicted: 0,
      logTotal: 3,
      logEvicted: 0,
      scanned: 3,
    })
    const page = view.page(1, 100)
    expect(page.start).toBe(1)
    expect(page.rows.map((row) => row.preview)).toEqual(['b', 'c'])
    expect(page.previousTime).toBe(0)
    expect(view.page(0, 1).previousTime).toBeNull()
    expect(view.page(7, 10)).toEqual({ start: 3, rows: [], previousTime: 2 })
  })

  it('shows what matches, by position in the view', async () => {
    const log = logOf(['apple', 'pear', 'Apple pie', 'plum'])
    const view = viewOf(log, { text: 'apple' })
    expect(view.state()).toMatchObject({ total: 2, scanned: 4 })
    expect(view.page(1, 1)).toMatchObject({ start: 1, previousTime: 0, rows: [{ id: 2 }] })
    log.append(newRow({ time: 9, payload: utf8.encode('APPLES') }))
    await scanned(view)
    expect(view.state()).toMatchObject({ total: 3, scanned: 5, logTotal: 5 })
    expect(view.page(2, 10)).toMatchObject({ previousTime: 2, rows: [{ id: 4 }] })
  })

  it.each<[string, Partial<FrameFilter>, number[]]>([
    ['a direction, events staying', { directions: ['out'] }, [1, 2, 4]],
    ['no direction, events staying', { directions: [] }, [2, 4]],
    ['kinds, events as well', { kinds: ['text', 'note'] }, [0, 1, 4]],
    ['no kind', { kinds: [] }, []],
    ['a session', { session: 2 }, [3, 4]],
    ['what was cleared', { hiddenBefore: 3 }, [3, 4]],
    ['everything at once', { kinds: ['note'], session: 2, hiddenBefore: 4, text: 'HEL' }, [4]],
  ])('filters by %s', (_, filter, ids) => {
    const log = new MemoryFrameLog('log')
    log.append(newRow({ direction: 'in', kind: 'text' }))
    log.append(newRow({ direction: 'out', kind: 'text' }))
    log.append(newRow({ direction: 'none', kind: 'open' }))
    log.append(newRow({ direction: 'in', kind: 'binary', session: 2 }))
    log.append(newRow({ direction: 'none', kind: 'note', session: 2 }))
    const view = viewOf(log, filter)
    expect(view.page(0, 100).rows.map((row) => row.id)).toEqual(ids)
    expect(view.state().total).toBe(ids.length)
  })

  it('counts positions from the first row that is not hidden', () => {
    const log = logOf(['a', 'b', 'c'])
    const view = viewOf(log, { hiddenBefore: 2 })
    expect(view.state()).toMatchObject({ total: 1, evicted: 0 })
    expect(view.page(0, 10)).toMatchObject({ start: 0, previousTime: null, rows: [{ id: 2 }] })
    view.setFilter({ ...everything(), hiddenBefore: 3 })
    expect(view.state().total).toBe(0)
    view.setFilter(everything())
    expect(view.state().total).toBe(3)
  })

  it('locates rows and the next ones that match', () => {
    const log = logOf(['a', 'b', 'a', 'b', 'a'])
    const view = viewOf(log, { text: 'a' })
    expect(view.locate(2)).toEqual({ position: 1, exact: true })
    expect(view.locate(3)).toEqual({ position: 2, exact: false })
    expect(view.locate(5)).toEqual({ position: 3, exact: false })
    const all = viewOf(log, { hiddenBefore: 2 })
    expect(all.locate(3)).toEqual({ position: 1, exact: true })
    expect(all.locate(0)).toEqual({ position: 0, exact: false })
    expect(all.locate(99)).toEqual({ position: 3, exact: false })
  })

  it('looks at a long log in slices, and tells how far it is', async () => {
    const log = new MemoryFrameLog('log')
    const payload = utf8.encode('x'.repeat(1000))
    for (let count = 0; count < 50_000; count += 1) log.append(newRow({ payload }))
    const changed = vi.fn()
    // A text beyond ASCII makes the scan slow enough to be seen under way.
    const view = viewOf(log, { text: 'é' }, changed)
    expect(view.state().scanned).toBeLessThan(log.total)
    await setImmediate()
    await setImmediate()
    expect(changed).toHaveBeenCalled()
    view.setFilter({ ...everything(), session: 1 })
    await scanned(view)
    expect(view.state()).toMatchObject({ total: 50_000, scanned: 50_000 })
    view.close()
  })

  it('stops listening when it is closed', async () => {
    const log = logOf(['a'])
    const changed = vi.fn()
    const view = viewOf(log, {}, changed)
    const filtered = viewOf(log, { text: 'a' }, changed)
    view.close()
    filtered.close()
    log.append(newRow())
    await setImmediate()
    await setImmediate()
    expect(changed).not.toHaveBeenCalled()
  })

  it('tells the lowest position whose fate changed, once', () => {
    const log = logOf(['a', 'b', 'a', 'a'])
    const view = viewOf(log, { text: 'a' })
    expect(view.takeChange()).toBeNull()
    log.setFate(3, 'written')
    log.setFate(2, 'written')
    expect(view.takeChange()).toBe(1)
    expect(view.takeChange()).toBeNull()
  })

  it('agrees with a list of its rows at every moment', async () => {
    const row = fc.record({
      session: fc.integer({ min: 1, max: 2 }),
      direction: fc.constantFrom(...directions),
      kind: fc.constantFrom(...rowKinds),
      text: fc.string({ unit: fc.constantFrom('a', 'B', 'é'), maxLength: 6 }),
      padding: fc.constantFrom(0, 0, 0, 3000, 30_000),
      fate: fc.constantFrom<Fate | null>(null, ...fates),
    })
    const { directions: allDirections, kinds: allKinds } = everything()
    const filter: fc.Arbitrary<FrameFilter> = fc.record({
      text: fc.constantFrom('', '', 'a', 'ab', 'É'),
      directions: fc.oneof(fc.constant(allDirections), fc.subarray(allDirections)),
      kinds: fc.oneof(fc.constant(allKinds), fc.subarray(allKinds)),
      session: fc.constantFrom(null, null, 1, 2),
      hiddenBefore: fc.constantFrom(0, 0, 5, 40, 1000),
    })
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.array(row, { maxLength: 20 }).map((rows) => ({ rows })) },
      { weight: 1, arbitrary: filter.map((value) => ({ filter: value })) },
    )
    await fc.assert(
      fc.asyncProperty(filter, fc.array(step, { maxLength: 12 }), async (start, steps) => {
        const log = new MemoryFrameLog('log', 64 * 1024)
        const view = viewOf(log, start)
        const all: (NewRow & { text: string })[] = []
        let current: FrameFilter = start
        // What the log no longer had when the filter was set was never part of a filtered view.
        let seenFrom = 0
        for (const item of steps) {
          if ('filter' in item) {
            current = item.filter
            view.setFilter(current)
            seenFrom = log.firstId
          } else {
            for (const { text, padding, ...rest } of item.rows) {
              const payload = utf8.encode(text + '.'.repeat(padding))
              const added = newRow({ ...rest, payload, time: all.length })
              all.push({ ...added, text })
              log.append(added)
            }
          }
          await scanned(view)
          const matching = all
            .map((value, id) => ({ ...value, id }))
            .filter((value) => naivelyPasses(value, current))
          const held = matching.filter((value) => value.id >= log.firstId)
          const state = view.state()
          expect(state.total - state.evicted).toBe(held.length)
          expect(state.total).toBeLessThanOrEqual(matching.length)
          expect(state.total).toBeGreaterThanOrEqual(
            matching.filter((value) => value.id >= Math.max(seenFrom, log.firstId)).length,
          )
          const page = view.page(0, state.total)
          expect(page.start).toBe(state.evicted)
          expect(page.rows.map((value) => value.id)).toEqual(held.map((value) => value.id))
          held.forEach(({ id }, index) => {
            const position = state.evicted + index
            expect(view.locate(id)).toEqual({ position, exact: true })
            const single = view.page(position, 1)
            expect(single.rows[0]?.id).toBe(id)
            expect(single.previousTime).toBe(held[index - 1]?.time ?? null)
          })
        }
        view.close()
      }),
    )
  })
})

function naivelyPasses(row: NewRow & { id: number; text: string }, filter: FrameFilter): boolean {
  return (
    row.id >= filter.hiddenBefore &&
    filter.kinds.includes(row.kind) &&
    (row.direction === 'none' || filter.directions.includes(row.direction)) &&
    (filter.session === null || filter.session === row.session) &&
    row.text.toLowerCase().includes(filter.text.toLowerCase())
  )
}
