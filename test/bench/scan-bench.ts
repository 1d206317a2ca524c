import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog, NewRow } from '../../src/main/engine/frame-log/frame-log'
import { FrameViews } from '../../src/main/engine/frame-view/frame-views'
import { benchRow, openBenchLog } from './scan-log'
import { loopDelay } from './scan-loop-delay'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    repeat: { type: 'string', default: '5' },
  },
})
const rows = Number(values.rows)
const repeat = Number(values.repeat)

const scans: readonly { readonly name: string; readonly filter: Partial<FrameFilter> }[] = [
  { name: 'word, in every row', filter: { query: 'symbol' } },
  { name: 'word, 1 in 1,000', filter: { query: 'beacon' } },
  { name: 'word, nowhere', filter: { query: 'nowhere' } },
  { name: 'two words', filter: { query: 'beacon FRS' } },
  { name: 'regex', filter: { query: '/beac[oa]n/' } },
  { name: 'regex, any case', filter: { query: '/BEAC[oa]n/i' } },
  { name: 'JSONPath', filter: { query: '$.symbol == "FRS"' } },
  { name: 'JSONPath, number', filter: { query: '$.price > 180' } },
  { name: 'no payload', filter: { query: 'type:text dir:in size>10' } },
]

const folder = await mkdtemp(join(tmpdir(), 'framescope-scan-'))
const log = openBenchLog(folder)
const views = new FrameViews({ findLog: () => log, emit: () => {} })
const report = {
  cores: availableParallelism(),
  rows,
  bytes: 0,
  fillSeconds: 0,
  /** The very first filter, for which the thread is yet to be started. */
  cold: null as unknown,
  scans: [] as unknown[],
  live: null as unknown,
  statistics: null as unknown,
  timeline: null as unknown,
}
try {
  const filled = performance.now()
  await fill(log, rows)
  report.fillSeconds = seconds(filled)
  report.bytes = log.bytes
  const { viewId } = await views.open(log.id, everything(), 'bench')
  report.cold = await scan(viewId, { query: 'symbol' })
  // What a person needs until the first letter is typed; the thread is started ahead meanwhile.
  await setTimeout(600)
  for (const { name, filter } of scans) {
    const runs: Awaited<ReturnType<typeof scan>>[] = []
    for (let run = 0; run < repeat; run += 1) runs.push(await scan(viewId, filter))
    const middle = (key: keyof (typeof runs)[number]) => median(runs.map((run) => run[key] ?? 0))
    report.scans.push({
      name,
      found: runs[0]?.found,
      firstMs: middle('firstMs'),
      allMs: middle('allMs'),
      /** Of all threads: what the scan takes when nothing else runs on the machine. */
      cpuMs: middle('cpuMs'),
      slowestMs: Math.max(...runs.map((run) => run.allMs)),
      loopDelayP99Ms: middle('loopP99'),
      loopDelayMaxMs: Math.max(...runs.map((run) => run.loopMax)),
    })
  }
  await views.setFilter(viewId, everything(), 'bench')
  report.statistics = await statistics(viewId)
  report.timeline = await timeline(viewId)
  report.live = [
    await live(viewId, ''),
    await live(viewId, 'beacon'),
    await live(viewId, '$.id > 5'),
  ]
  console.log(JSON.stringify(report, null, 2))
} finally {
  await views.dispose()
  await log.dispose()
  await rm(folder, { recursive: true, force: true })
}

async function fill(into: FrameLog, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    into.append(benchRow(index))
    if (index % 5000 === 4999) await setImmediate()
  }
  await setTimeout(500)
}

async function scan(viewId: string, filter: Partial<FrameFilter>) {
  await views.setFilter(viewId, everything(), 'bench')
  if (report.cold !== null) await setTimeout(100)
  const view = views.find(viewId, 'bench')
  const delay = loopDelay()
  const cpu = process.cpuUsage()
  const start = performance.now()
  view.setFilter({ ...everything(), ...filter })
  let firstMs = Number.NaN
  for (;;) {
    await setTimeout(1)
    const state = view.state()
    if (Number.isNaN(firstMs) && state.total > 0) firstMs = performance.now() - start
    if (state.problem !== null) throw new Error(state.problem)
    if (state.scanned >= log.total) break
  }
  const allMs = performance.now() - start
  const { user, system } = process.cpuUsage(cpu)
  return {
    found: view.state().total,
    firstMs,
    allMs,
    cpuMs: (user + system) / 1000,
    ...delay.stop(),
  }
}

/** Appends as fast as the engine reads: 8 ms a turn, with one filtered view. */
async function live(viewId: string, query: string) {
  const view = views.find(viewId, 'bench')
  view.setFilter({ ...everything(), query, hiddenBefore: log.total })
  await view.settled(1000)
  const before = log.total
  const stock = Array.from({ length: 4096 }, (_, index) => benchRow(before + index))
  const delay = loopDelay()
  const start = performance.now()
  let mostBehind = 0
  while (performance.now() - start < 3000) {
    const turn = performance.now() + 8
    while (performance.now() < turn) log.append(stock[log.total & 4095] as NewRow)
    await setImmediate()
    mostBehind = Math.max(mostBehind, log.total - view.state().scanned)
  }
  const appended = log.total - before
  const appendSeconds = seconds(start)
  const behind = log.total - view.state().scanned
  const caughtUp = performance.now()
  while (view.state().scanned < log.total) await setImmediate()
  return {
    query,
    rowsPerSecond: Math.round(appended / appendSeconds),
    mostBehind,
    behindAtEnd: behind,
    caughtUpMs: performance.now() - caughtUp,
    found: view.state().total,
    ...delay.stop(),
  }
}

async function statistics(viewId: string) {
  const view = views.find(viewId, 'bench')
  const delay = loopDelay()
  const start = performance.now()
  await view.statistics([[0, log.total]])
  return { rows: log.total, ms: performance.now() - start, ...delay.stop() }
}

async function timeline(viewId: string) {
  const view = views.find(viewId, 'bench')
  const times = []
  for (let run = 0; run < 10; run += 1) {
    await setTimeout(20)
    const start = performance.now()
    view.timeline(null, 2000)
    times.push(performance.now() - start)
  }
  return { parts: 2000, firstMs: times[0], medianMs: median(times) }
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}
