import { startEngine } from './engine'
import { FloodClock } from './flood-clock'
import { received } from './flood'

export interface SoakInput {
  readonly url: string
  readonly minutes: number
}

/** Milliseconds between two lines. */
const interval = 10_000

const mebibytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)

/**
 * Takes in one flood after another, with the log on disk at its default budget and a live view, and
 * prints what the process holds every ten seconds.
 */
export async function soak({ url, minutes }: SoakInput): Promise<object> {
  const engine = await startEngine()
  const { log } = engine
  const start = performance.now()
  const line = () => {
    const { rss, heapUsed, external } = process.memoryUsage()
    const seconds = Math.round((performance.now() - start) / 1000)
    process.stdout.write(
      `${String(seconds).padStart(5)} s  ${log.total.toLocaleString('en').padStart(13)} rows  ` +
        `${log.firstId.toLocaleString('en').padStart(13)} evicted  log ${mebibytes(log.bytes)} MiB  ` +
        `rss ${mebibytes(rss)} MiB  heap ${mebibytes(heapUsed)} MiB  ` +
        `outside ${mebibytes(external)} MiB  ${log.state.storage}\n`,
    )
  }
  const timer = setInterval(line, interval)
  while (performance.now() - start < minutes * 60_000)
    await received(url, log, new FloodClock(Infinity))
  clearInterval(timer)
  globalThis.gc?.()
  line()
  const { total } = log
  const { lost, problem } = log.state
  await engine.dispose()
  return { total, lost, problem }
}
