import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultRedaction } from '@shared/model/export'
import { must } from '../../../../test/fakes/must'
import { collect, newRow } from '../../../../test/support/listed-rows'
import { SegmentLog } from '../frame-log/segment-log'
import { allOf, atPositions } from './export-rows'
import { startExport } from './start-export'

describe('an export of a log on disk', () => {
  let folder: string
  let log: SegmentLog

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'segment-export-'))
    log = new SegmentLog({ id: 'log', folder })
    log.openSession({ role: 'client', url: 'ws://a/', peer: '', local: '' })
  })

  afterEach(async () => {
    await log.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  async function payloads(rows = allOf(log)): Promise<string[]> {
    const options = {
      log,
      rows,
      format: { name: 'payloads' },
      redaction: defaultRedaction(),
    } as const
    return (await collect(startExport(options))).toString().split('\n').slice(0, -1)
  }

  it('reads rows from files and from memory', async () => {
    for (let index = 0; index < 500; index += 1) log.append(newRow({ payload: `row ${index}` }))
    await vi.waitFor(() => expect(must(log.extent(0, 1000)).source).toHaveProperty('path'))
    for (let index = 500; index < 600; index += 1) log.append(newRow({ payload: `row ${index}` }))
    const all = Array.from({ length: 600 }, (_, index) => `row ${index}`)
    expect(await payloads()).toEqual(all)
    const odd = { count: 300, idAt: (position: number) => position * 2 + 1 }
    expect(
      await payloads(
        atPositions(odd, [
          [0, 3],
          [299, 300],
        ]),
      ),
    ).toEqual(['row 1', 'row 3', 'row 5', 'row 599'])
  })

  it('leaves out what is evicted before its turn', async () => {
    log.budget = 1024 * 1024
    const append = (from: number, to: number) => {
      for (let index = from; index < to; index += 1)
        log.append(newRow({ payload: String(index).padEnd(1000) }))
    }
    append(0, 500)
    const rows = allOf(log)
    append(500, 1200)
    await vi.waitFor(() => expect(log.firstId).toBeGreaterThan(0))
    const { firstId } = log
    const kept = Array.from({ length: Math.max(0, 500 - firstId) }, (_, index) => firstId + index)
    expect((await payloads(rows)).map(Number)).toEqual(kept)
  })
})
