import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findSegments } from '../../../src/main/engine/frame-log/segment-loader'
import { SegmentLog } from '../../../src/main/engine/frame-log/segment-log'
import { FloodClock } from './flood-clock'
import { received, verifyRows } from './flood'

export interface OpenInput {
  readonly url: string
  readonly messages: number
  readonly times: number
}

export interface OpenTaken {
  /** Milliseconds until the first 50 rows can be shown. */
  readonly first: number
  /** Milliseconds until every row is indexed. */
  readonly all: number
}

/** Captures a flood, closes the log, and opens it again several times. */
export async function openCapture({ url, messages, times }: OpenInput): Promise<OpenTaken[]> {
  const folder = await mkdtemp(join(tmpdir(), 'framescope-bench-'))
  try {
    const log = new SegmentLog({ id: 'written', folder })
    await received(url, log, new FloodClock(messages))
    const { total } = log
    await log.dispose()
    const taken: OpenTaken[] = []
    for (let count = 0; count < times; count += 1)
      taken.push(await open(folder, total, count === 0 ? messages : null))
    return taken
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function open(folder: string, total: number, verify: number | null): Promise<OpenTaken> {
  const start = performance.now()
  const log = SegmentLog.open('opened', folder)
  let first = Number.NaN
  let asked = false
  log.onChange(() => {
    if (asked || log.total < 50) return
    asked = true
    void log
      .read(Array.from({ length: 50 }, (_, id) => id))
      .then(({ length }) => (first = length === 50 ? performance.now() - start : Number.NaN))
  })
  const { files } = await findSegments(folder)
  await log.load(files)
  const all = performance.now() - start
  if (log.total !== total) throw new Error(`${log.total} of ${total} rows were found`)
  if (verify !== null) await verifyRows(log, verify)
  await log.dispose()
  return { first, all }
}
