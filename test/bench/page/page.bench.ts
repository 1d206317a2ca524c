import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test, type CDPSession, type Page } from '@playwright/test'
import { launchChromium } from '../../e2e/fixtures/chromium'
import { launchWeb } from '../../e2e/fixtures/web'
import { screenOf } from '../../e2e/pages/screen'
import { usedHeap } from '../../e2e/support/page-heap'
import { connectQuietly } from '../../e2e/support/quiet-connection'
import { spreadOf, type Spread } from '../measurement'

/**
 * What the page takes to show a long log, in a real Chromium over the browser host: its heap with few
 * and with many rows, jumps to rows anywhere, and the wheel. No flood runs while it is measured.
 */

/** The bundled flood-server.ts; `test/bench/run.mjs` says where it lies. */
const floodServer = process.env['BENCH_FLOOD_SERVER'] ?? ''

const few = 10_000
const many = Number(process.env['BENCH_PAGE_ROWS'] ?? 2_000_000)
const jumps = 40
const mebibyte = 1024 * 1024
const results = resolve(import.meta.dirname, '../../../bench-results')

interface PageFigures {
  readonly rows: number
  /** MiB of the page's heap after a garbage collection. */
  readonly heapFew: number
  readonly heapMany: number
  /** Milliseconds from the jump until its rows are painted. */
  readonly jump: Spread
  /** Milliseconds between frames while the wheel turns. */
  readonly wheelFrame: Spread
  /** Longest task of the page's main thread meanwhile, in milliseconds. */
  readonly wheelLongestTask: number
}

test('the page with a long log', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'framescope-bench-'))
  const browser = await launchChromium()
  const server = fork(floodServer)
  try {
    const app = await launchWeb({
      browser: async () => browser,
      dataFolder,
      watch: async () => undefined,
    })
    try {
      await report(await measure(app.page, await portOf(server)))
    } finally {
      await app.quit()
    }
  } finally {
    server.disconnect()
    await browser.close()
    await rm(dataFolder, { recursive: true, force: true })
  }
})

async function portOf(process: ChildProcess): Promise<number> {
  const [{ port }] = (await once(process, 'message')) as [{ port: number }]
  return port
}

async function report(figures: PageFigures): Promise<void> {
  const { rows, heapFew, heapMany, jump, wheelFrame, wheelLongestTask } = figures
  const spread = ({ median, min, max }: Spread) =>
    [median, min, max].map((value) => value.toFixed(1).padStart(10)).join('')
  const lines = [
    `The page with ${rows.toLocaleString('en')} rows, Chromium open, ${availableParallelism()} cores`,
    `${''.padEnd(44)}${['median', 'min', 'max'].map((word) => word.padStart(10)).join('')}`,
    `${'heap with 10,000 rows, MiB'.padEnd(44)}${heapFew.toFixed(1).padStart(10)}`,
    `${'heap with all rows, MiB'.padEnd(44)}${heapMany.toFixed(1).padStart(10)}`,
    `${'jump to a row until painted, ms'.padEnd(44)}${spread(jump)}`,
    `${'between frames while the wheel turns, ms'.padEnd(44)}${spread(wheelFrame)}`,
    `${'longest task meanwhile, ms'.padEnd(44)}${wheelLongestTask.toFixed(1).padStart(10)}`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  await mkdir(results, { recursive: true })
  const time = new Date().toISOString()
  const file = join(results, `page-${time.replaceAll(':', '-')}.json`)
  await writeFile(file, `${JSON.stringify({ time, figures }, null, 2)}\n`)
}

async function measure(page: Page, port: number): Promise<PageFigures> {
  const screen = screenOf(page)
  const { grid } = screen.traffic
  await page.setViewportSize({ width: 1280, height: 800 })
  await connectQuietly(screen, `ws://127.0.0.1:${port}/${few}`)
  await hasRows(page, few)
  const heapFew = await usedHeap(page)
  await connectQuietly(screen, `ws://127.0.0.1:${port}/${many}`)
  await hasRows(page, many)
  const heapMany = await usedHeap(page)

  await grid.focus()
  const jumped: number[] = []
  for (let count = 0; count < jumps; count += 1)
    jumped.push(await jump(page, (count + 0.5) / jumps))
  const session = await page.context().newCDPSession(page)
  const tasks = await traceTasks(session, () => wheel(page))
  return {
    rows: many,
    heapFew: heapFew / mebibyte,
    heapMany: heapMany / mebibyte,
    jump: spreadOf(jumped),
    wheelFrame: spreadOf(tasks.frames),
    wheelLongestTask: tasks.longestTask,
  }
}

/** Waits until the list has at least so many rows: the handshake and the close are rows as well. */
async function hasRows(page: Page, least: number): Promise<void> {
  await page.waitForFunction(
    (count) =>
      Number(document.querySelector('[role="grid"]')?.getAttribute('aria-rowcount')) >= count,
    least,
    { timeout: 300_000, polling: 100 },
  )
}

/** Milliseconds from the jump until rows of that place, with their previews, are painted. */
function jump(page: Page, part: number): Promise<number> {
  return page.evaluate(async (share) => {
    const grid = document.querySelector('[role="grid"]')
    if (!grid) throw new Error('The list is not on screen')
    const total = Number(grid.getAttribute('aria-rowcount'))
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    const start = performance.now()
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share
    for (;;) {
      await frame()
      const rows = [...grid.querySelectorAll('[role="row"][aria-rowindex]')]
      const places = rows.map((row) => Number(row.getAttribute('aria-rowindex')))
      const there = places.some((place) => Math.abs(place / total - share) < 0.01)
      if (there && rows.every((row) => row.textContent?.includes('{'))) {
        // The frame in which they are there is painted when the next one begins.
        await frame()
        return performance.now() - start
      }
      if (performance.now() - start > 10_000) throw new Error(`Nothing was painted at ${share}`)
    }
  }, part)
}

async function wheel(page: Page): Promise<void> {
  const { grid } = screenOf(page).traffic
  await grid.hover()
  for (let turn = 0; turn < 120; turn += 1) {
    await page.mouse.wheel(0, turn < 60 ? -480 : 480)
    await page.waitForTimeout(16)
  }
}

/** The tasks of the page's main thread while something is done, in milliseconds. */
async function traceTasks(
  session: CDPSession,
  work: () => Promise<void>,
): Promise<{ frames: number[]; longestTask: number }> {
  interface TraceEvent {
    readonly name: string
    readonly ph: string
    readonly ts: number
    readonly dur?: number
    readonly tid: number
    readonly pid: number
    readonly args?: { readonly name?: string }
  }
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) =>
    events.push(...(value as unknown as TraceEvent[])),
  )
  const complete = new Promise<void>((resolve) =>
    session.once('Tracing.tracingComplete', () => resolve()),
  )
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', '__metadata'] },
  })
  await work()
  await session.send('Tracing.end')
  await complete
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const onMain = events.filter(({ pid, tid }) => mains.has(`${pid} ${tid}`))
  const tasks = onMain.filter(({ name, dur }) => /RunTask$/.test(name) && dur !== undefined)
  const starts = onMain
    .filter(({ name }) => name === 'FireAnimationFrame' || name === 'UpdateLayerTree')
    .map(({ ts }) => ts)
    .sort((a, b) => a - b)
  return {
    frames: starts.slice(1).map((start, index) => (start - (starts[index] ?? start)) / 1000),
    longestTask: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1000)),
  }
}
