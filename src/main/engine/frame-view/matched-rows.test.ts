import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import { textRow } from '../../../../test/support/text-row'
import { SegmentLog } from '../frame-log/segment-log'
import type { FrameLog } from '../frame-log/frame-log'
import { FrameView } from './frame-view'
import { ScanThreads } from './scan-threads'

const threads = new ScanThreads()
const logs: SegmentLog[] = []
const views = new Set<FrameView>()

afterEach(() => {
  for (const view of views) view.close()
  views.clear()
})
afterAll(async () => {
  await threads.dispose()
  await Promise.all(logs.map((log) => log.dispose()))
})

function viewOf(log: FrameLog, filter: Partial<FrameFilter>, changed = () => {}): FrameView {
  const view = new FrameView('view', log, { ...everything(), ...filter }, threads, changed)
  views.add(view)
  return view
}

function logOf(...texts: string[]) {
  const log = new SegmentLog({ id: 'log', folder: null })
  logs.push(log)
  texts.forEach((text, index) => log.append(textRow(text, index)))
  return log
}

/** Takes an expression with nested repetition longer than anybody waits. */
const hostileText = `${'a'.repeat(40)}b`
const hostile = '/(a+)+$/'

describe('a scan', () => {
  it('stops an expression that stays on one row, names it, and keeps what it found', async () => {
    const log = logOf('aaa', 'b', 'aa', hostileText, 'aaa')
    let turns = 0
    const timer = setInterval(() => (turns += 1), 5)
    const view = viewOf(log, { query: `type:text ${hostile}` })
    await view.settled(10_000)
    clearInterval(timer)
    expect(view.state()).toMatchObject({
      total: 2,
      scanned: 3,
      problem:
        'The expression /(a+)+$/ was stopped: it took longer than 0.5 s on row 3. Rows from there ' +
        'on are not searched. An expression without repetition inside repetition takes less time.',
    })
    // The event loop turned all the while.
    expect(turns).toBeGreaterThan(20)

    log.append(textRow('aa', 9))
    expect(view.state()).toMatchObject({ total: 2, scanned: 3, logTotal: 6 })

    view.setFilter({ ...everything(), query: '/^a+$/' })
    await view.settled(10_000)
    expect(view.state()).toMatchObject({ total: 4, scanned: 6, problem: null })
  })

  it('names the term of several that was at work', async () => {
    const log = logOf(`{"name":"${hostileText}"}`)
    const view = viewOf(log, { query: '/a/ and ($.name or /x/)' })
    view.setFind(`$.name ~ ${hostile} or /y/`)
    await view.settled(10_000)
    expect(view.state()).toMatchObject({ total: 1, scanned: 1, find: { total: 0 } })
    expect(view.state().problem).toContain(`The expression $.name ~ ${hostile} was stopped`)
  })

  it('goes on at once with another filter while one hangs', async () => {
    const log = logOf('apple', hostileText)
    const view = viewOf(log, { query: hostile })
    await view.settled(60)
    view.setFilter({ ...everything(), query: 'apple' })
    await view.settled(10_000)
    expect(view.state()).toMatchObject({ total: 1, scanned: 2, problem: null })
  })

  it('asks the log again when the file it was to read is gone', async () => {
    const log = logOf('apple', 'pear')
    const extent = vi.spyOn(log, 'extent').mockReturnValueOnce({
      firstId: 0,
      endId: 2,
      source: { path: '/nowhere/segment', start: 0, end: 100 },
    })
    const view = viewOf(log, { query: 'apple' })
    await view.settled(10_000)
    expect(extent).toHaveBeenCalledTimes(2)
    expect(view.state()).toMatchObject({ total: 1, scanned: 2, problem: null })
  })

  it('says which rows cannot be read and searches the rest', async () => {
    const log = logOf('apple', 'apple', 'apple')
    const read = log.extent.bind(log)
    vi.spyOn(log, 'extent').mockImplementation((from, maxBytes) =>
      from < 2
        ? { firstId: from, endId: 2, source: { path: '/nowhere/segment', start: 0, end: 100 } }
        : read(from, maxBytes),
    )
    const view = viewOf(log, { query: 'apple' })
    await vi.waitFor(() => expect(view.state().scanned).toBe(3), 10_000)
    expect(view.state()).toMatchObject({ total: 1, scanned: 3 })
    expect(view.state().problem).toMatch(/^Rows 0 to 1 could not be read .*ENOENT/)
  })

  it('passes over rows that are evicted before their turn', async () => {
    const log = logOf()
    log.budget = 8192
    for (let id = 0; id < 3; id += 1) log.append(textRow(`apple ${'.'.repeat(1500)}`, id))
    vi.spyOn(log, 'extent').mockReturnValueOnce({
      firstId: 0,
      endId: 2,
      source: { path: '/nowhere/segment', start: 0, end: 100 },
    })
    const view = viewOf(log, { query: 'apple' })
    log.budget = 2048
    expect(log.firstId).toBe(2)
    await view.settled(10_000)
    expect(view.state()).toMatchObject({ total: 1, evicted: 0, scanned: 3, problem: null })
  })

  it('keeps up with a log that grows while it is looked at', async () => {
    const log = logOf()
    const view = viewOf(log, { query: 'pear' })
    const find = () => view.state().find
    view.setFind('7')
    for (let turn = 0; turn < 40; turn += 1) {
      for (let count = 0; count < 500; count += 1)
        log.append(textRow(`${count % 2 ? 'apple' : 'pear'} ${count} ${'.'.repeat(50)}`, turn))
      await new Promise((done) => setImmediate(done))
    }
    while (view.state().scanned < log.total || (find()?.scanned ?? 0) < log.total)
      await view.settled(1000)
    expect(view.state().total).toBe(10_000)
    const even = Array.from({ length: 250 }, (_, index) => String(index * 2))
    expect(find()?.total).toBe(40 * even.filter((text) => text.includes('7')).length)
  })

  it('reads payloads larger than what is usually read at once', async () => {
    const log = logOf('small', `${'x'.repeat(6_000_000)} needle`, 'small needle')
    const view = viewOf(log, { query: '/needle$/' })
    await view.settled(10_000)
    expect(view.state()).toMatchObject({ total: 2, scanned: 3 })
  })
})
