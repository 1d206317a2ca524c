import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromiumState } from './chromium-state'
import { spreadOf, type Measurement, type Spread, type Subject } from './measurement'

/**
 * Measures how many messages a second the engine takes in, next to a bare `ws` client on the same
 * flood: interleaved pairs, each measurement in a fresh process, the server in another one.
 *
 * `npm run bench -- --pairs 7 --messages 2000000`
 */

const results = 'bench-results'

/** Longest time one measurement may take, in milliseconds. */
const patience = 120_000

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '7' },
    messages: { type: 'string', default: '2000000' },
  },
})
const load = loadavg()[0] ?? 0
const pairs = atLeast('pairs', values.pairs, 5)
const messages = atLeast('messages', values.messages, 100_000)

console.log(`Receiving ${messages.toLocaleString('en')} text messages of 128 bytes, ${pairs} pairs`)
const server = fork(join(import.meta.dirname, 'flood-server.js'))
try {
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  const measured: Record<Subject, Measurement[]> = { ws: [], framescope: [] }
  for (let pair = 1; pair <= pairs; pair += 1) {
    // Which one goes first changes, so that whatever drifts does not favour one of them.
    const order: Subject[] = pair % 2 === 1 ? ['ws', 'framescope'] : ['framescope', 'ws']
    for (const subject of order) measured[subject].push(await measure(subject, port))
    console.log(`pair ${pair}: ${describePair(measured, pair - 1)}`)
  }
  await report(measured)
} finally {
  server.disconnect()
}

async function measure(subject: Subject, port: number): Promise<Measurement> {
  const client = fork(join(import.meta.dirname, 'flood-client.js'), [
    subject,
    String(port),
    String(messages),
  ])
  const timer = setTimeout(() => client.kill(), patience)
  const ended = once(client, 'exit').then(([code, signal]) => {
    throw new Error(
      `The ${subject} client ended with ${String(code ?? signal)} before it measured anything`,
    )
  })
  try {
    const [measurement] = await Promise.race([once(client, 'message'), ended])
    // The next one starts with the machine to itself.
    await ended.catch(() => undefined)
    return measurement as Measurement
  } finally {
    clearTimeout(timer)
  }
}

function describePair(measured: Record<Subject, Measurement[]>, index: number): string {
  const ws = measured.ws[index]?.messagesPerSecond ?? Number.NaN
  const framescope = measured.framescope[index]?.messagesPerSecond ?? Number.NaN
  return `ws ${thousands(ws)}/s, Framescope ${thousands(framescope)}/s, ratio ${(framescope / ws).toFixed(2)}`
}

async function report(measured: Record<Subject, Measurement[]>): Promise<void> {
  const { ws, framescope } = measured
  const figures = {
    'ws messages/s': spread(ws, (item) => item.messagesPerSecond),
    'Framescope messages/s': spread(framescope, (item) => item.messagesPerSecond),
    'ratio to ws': spreadOf(
      framescope.map(
        (item, index) => item.messagesPerSecond / (ws[index]?.messagesPerSecond ?? Number.NaN),
      ),
    ),
    'events to the renderer/s': spread(framescope, (item) => item.events / item.seconds),
    'ws loop delay p99, ms': spread(ws, (item) => item.loopDelayP99),
    'Framescope loop delay p99, ms': spread(framescope, (item) => item.loopDelayP99),
    'Framescope loop delay max, ms': spread(framescope, (item) => item.loopDelayMax),
  }
  console.log()
  console.log(row('', 'median', 'min', 'max'))
  for (const [name, { median, min, max }] of Object.entries(figures))
    console.log(row(name, display(median), display(min), display(max)))
  const machine = {
    node: process.version,
    cpu: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    load,
    chromium: await chromiumState(),
  }
  console.log(
    `\nSession, in-memory FrameLog and one live unfiltered view. Node ${machine.node}, ` +
      `${machine.cores} cores (${machine.cpu}), load average at the start ${load.toFixed(1)}, ` +
      `Chromium ${machine.chromium}.`,
  )
  await mkdir(results, { recursive: true })
  const time = new Date().toISOString()
  const file = join(results, `flood-${time.replaceAll(':', '-')}.json`)
  await writeFile(
    file,
    `${JSON.stringify({ time, machine, messages, pairs, figures, measured }, null, 2)}\n`,
  )
  console.log(`Written to ${file}`)
}

function spread(items: readonly Measurement[], value: (item: Measurement) => number): Spread {
  return spreadOf(items.map(value))
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(32) + cells.map((cell) => cell.padStart(12)).join('')
}

function display(value: number): string {
  return value >= 1000 ? thousands(value) : value.toFixed(2)
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function atLeast(name: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`--${name} must be a whole number of at least ${least}`)
}
