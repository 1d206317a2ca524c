import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumState } from './chromium-state'
import { isReached, type Bench, type Figure } from './measurement'
import { measures } from './measures'
import { runSubject, startFloodServer, startSubject } from './processes'

/**
 * Measures the engine beside bare `ws` on the same flood of 128-byte texts, prints a table and writes
 * it as JSON: `npm run bench -- --only capture,echo --pairs 5 --messages 1000000`.
 */

const results = 'bench-results'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    pairs: { type: 'string', default: '5' },
    messages: { type: 'string', default: '2000000' },
  },
})
const chosen = chooseMeasures(values.only)
const pairs = atLeast('pairs', values.pairs, 1)
const messages = atLeast('messages', values.messages, 10_000)
const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? '',
  cores: availableParallelism(),
  load: loadavg()[0] ?? 0,
  chromium: await chromiumState(),
}

const server = await startFloodServer()
const bench: Bench = {
  pairs,
  messages,
  floodPort: server.port,
  run: runSubject,
  start: startSubject,
  progress: (text) => console.log(`  ${text}`),
}
const tables: { name: string; title: string; figures: Figure[] }[] = []
let failures = 0
try {
  for (const { name, title, run } of chosen) {
    console.log(title)
    try {
      tables.push({ name, title, figures: await run(bench) })
    } catch (error) {
      failures += 1
      console.error(error)
    }
  }
} finally {
  server.stop()
}
print()
await write()
process.exitCode = failures === 0 ? 0 : 1

function print(): void {
  for (const { title, figures } of tables) {
    console.log(`\n${title}`)
    console.log(row('', 'median', 'min', 'max', ''))
    for (const figure of figures) {
      const { label, unit, spread, target } = figure
      const limit = !target ? '' : 'least' in target ? `≥ ${target.least}` : `≤ ${target.most}`
      const verdict = isReached(figure) === false ? `${limit} (missed)` : limit
      const { median, min, max } = spread
      console.log(
        row(
          unit ? `${label}, ${unit}` : label,
          display(median),
          display(min),
          display(max),
          verdict,
        ),
      )
    }
  }
  console.log(
    `\n${pairs} pairs each, ${messages.toLocaleString('en')} messages of 128 bytes where nothing ` +
      `else is said. Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load average ` +
      `at the start ${machine.load.toFixed(1)}, Chromium ${machine.chromium}.`,
  )
}

async function write(): Promise<void> {
  await mkdir(results, { recursive: true })
  const time = new Date().toISOString()
  const file = join(results, `bench-${time.replaceAll(':', '-')}.json`)
  const report = { time, machine, messages, pairs, measures: tables }
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`Written to ${file}`)
}

function chooseMeasures(only: string | undefined): typeof measures {
  if (only === undefined) return measures
  const names = only.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !measures.some((measure) => measure.name === name))
  if (unknown === undefined) return measures.filter(({ name }) => names.includes(name))
  const known = measures.map(({ name }) => name).join(', ')
  throw new Error(`There is no measure "${unknown}". There are: ${known}`)
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(44) + cells.map((cell) => cell.padStart(14)).join('')
}

function display(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}

function atLeast(name: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`--${name} must be a whole number of at least ${least}`)
}
