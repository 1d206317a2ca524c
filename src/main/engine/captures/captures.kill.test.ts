import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { childScript, type ChildScript } from '../../../../test/support/child-script'
import { Captures } from './captures'

let folder: string
let script: ChildScript

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-kill-'))
  script = await childScript('test/fixtures/processes/write-capture.ts')
}, 30_000)

afterAll(async () => {
  await script.dispose()
  await rm(folder, { recursive: true, force: true })
})

/**
 * Lets it write for a while and kills it.
 * @returns when the last row was appended that a plain write had brought to disk too: a machine that
 * starves the process writes nothing of it in time, log or not.
 */
async function killed(own: string, after: number, rate: number): Promise<number> {
  const child = script.run(own, String(rate))
  let output = ''
  child.process.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  const plain = async () => Number(await readFile(`${own}.plain`, 'utf8'))
  const first = Number((await child.line()).split(' ')[1])
  await vi.waitFor(async () => expect(await plain()).toBeGreaterThan(first + 60), 10_000)
  await delay(after)
  await child.kill()
  const last = Number(output.trimEnd().split('\n').at(-1)?.split(' ')[1])
  return Math.min(last, await plain())
}

describe('a capture whose process is killed', () => {
  it.each([
    { after: 150, rate: 5 },
    { after: 300, rate: 60 },
    { after: 420, rate: 300 },
  ])(
    'is offered again with all but the last 50 ms ($rate rows a millisecond)',
    { timeout: 30_000 },
    async ({ after, rate }) => {
      const own = join(folder, `${after}-${Math.random()}`)
      const last = await killed(own, after, rate)

      const captures = await Captures.start({ folder: own, budget: 1e9, onChanged: () => {} })
      const [capture] = captures.list()
      expect(capture).toMatchObject({ kind: 'left', recovered: true, rows: null, problem: null })
      const log = await captures.open(capture?.id ?? '')
      await vi.waitFor(() => expect(log.state.storage).toBe('closed'))
      expect(log.state.lost).toBe(0)
      const newest = (await log.read([log.total - 1]))[0]
      expect(newest?.time).toBeGreaterThanOrEqual(last - 50)
      expect(log.session(1).url).toBe('ws://flood')
      expect(log.bookmarks.get(0)).toBe('the first')
      const step = Math.max(1, Math.floor(log.total / 500))
      for (let id = log.firstId + 1; id < log.total; id += step)
        expect(Buffer.from((await log.payload(id)) ?? []).toString()).toBe(`${id} `.repeat(20))
      await vi.waitFor(() =>
        expect(captures.list()[0]).toMatchObject({ rows: log.total, recovered: true }),
      )
      await captures.dispose()
    },
  )

  it('is complete to the last whole record when the last write was cut', async () => {
    const own = join(folder, 'cut')
    await killed(own, 100, 20)
    const [id = ''] = await readdir(own)
    const files = (await readdir(join(own, id))).filter((name) => name.endsWith('.rows'))
    const [last = ''] = files.sort().slice(-1)
    // The beginning of a record that never came to its end.
    await appendFile(join(own, id, last), Buffer.from([1, 2, 3, 4, 200, 0, 0, 0, 1]))
    const captures = await Captures.start({ folder: own, budget: 1e9, onChanged: () => {} })
    const log = await captures.open(id)
    await vi.waitFor(() => expect(log.state.storage).toBe('closed'))
    const newest = log.total - 1
    expect(newest).toBeGreaterThan(0)
    expect(Buffer.from((await log.payload(newest)) ?? []).toString()).toBe(`${newest} `.repeat(20))
    await captures.dispose()
  })
})
