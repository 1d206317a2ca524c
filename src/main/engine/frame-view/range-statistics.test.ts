import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { directions, type Direction } from '@shared/model/frame'
import { everything } from '@shared/model/frame-filter'
import { ListedLog } from '../../../../test/support/listed-log'
import { IdRange } from './id-range'
import { rangeStatistics, type PositionRange } from './range-statistics'
import { allRows } from './row-selection'

function everyRow(log: ListedLog) {
  return allRows(log.log, new IdRange(log.log, everything()))
}

describe('rangeStatistics', () => {
  it('adds up rows, bytes and gaps', async () => {
    const log = new ListedLog()
    log.add(1000, { direction: 'none', kind: 'open', size: 300, wireSize: 0 })
    log.add(1001, { direction: 'out', size: 10, wireSize: 16 })
    log.add(1004, { size: 100, wireSize: 50 })
    log.add(1014, { size: 1, wireSize: 3 })
    expect(await rangeStatistics(log.log, everyRow(log), [[0, 4]])).toEqual({
      rows: 4,
      in: { rows: 2, bytes: 101, wireBytes: 53 },
      out: { rows: 1, bytes: 10, wireBytes: 16 },
      from: 1000,
      to: 1014,
      gaps: { min: 1, median: 3, max: 10, maxBefore: 3 },
    })
  })

  it('says nothing of gaps with one row, and of times with none', async () => {
    const log = new ListedLog()
    log.add(1000)
    const rows = everyRow(log)
    expect(await rangeStatistics(log.log, rows, [[0, 1]])).toMatchObject({
      rows: 1,
      from: 1000,
      to: 1000,
      gaps: null,
    })
    expect(await rangeStatistics(log.log, rows, [[5, 9]])).toMatchObject({
      rows: 0,
      from: null,
      to: null,
      gaps: null,
    })
  })

  it('agrees with adding up the rows one by one, whatever the ranges', async () => {
    const row = fc.record({
      gap: fc.constantFrom(0, 0.001, 1, 50),
      direction: fc.constantFrom<Direction>(...directions),
      size: fc.nat(1000),
    })
    const range = fc.tuple(fc.nat(40), fc.nat(40))
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 40 }),
        fc.array(range, { minLength: 1, maxLength: 6 }),
        fc.nat(20),
        async (rows, ranges: PositionRange[], evicted) => {
          const log = new ListedLog()
          let time = 1_700_000_000_000
          for (const { gap, direction, size } of rows) {
            time += gap
            log.add(time, { direction, size, wireSize: size + 2 })
          }
          log.firstId = Math.min(evicted, rows.length)
          const result = await rangeStatistics(log.log, everyRow(log), ranges)
          const chosen = log.rows.filter(
            ({ id }) => id >= log.firstId && ranges.some(([start, end]) => id >= start && id < end),
          )
          const sum = (direction: Direction) =>
            chosen
              .filter((item) => item.direction === direction)
              .reduce((bytes, item) => bytes + item.size, 0)
          expect(result).toMatchObject({
            rows: chosen.length,
            in: { bytes: sum('in') },
            out: { bytes: sum('out') },
            from: chosen[0]?.time ?? null,
            to: chosen.at(-1)?.time ?? null,
          })
          const gaps = chosen.slice(1).map((item, index) => item.time - (chosen[index]?.time ?? 0))
          if (gaps.length === 0) expect(result.gaps).toBeNull()
          else {
            const sorted = gaps.toSorted((a, b) => a - b)
            const middle = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0]
            expect(result.gaps).toEqual({
              min: sorted[0],
              median: ((middle[0] ?? 0) + (middle[1] ?? 0)) / 2,
              max: sorted.at(-1),
              maxBefore: chosen[gaps.indexOf(Math.max(...gaps)) + 1]?.id,
            })
          }
        },
      ),
    )
  })

  it('leaves turns to everything else while it works on many rows', async () => {
    const log = new ListedLog()
    for (let id = 0; id < 100_000; id += 1) log.add(id * 1.5)
    let turns = 0
    const timer = setInterval(() => (turns += 1), 1)
    const result = await rangeStatistics(log.log, everyRow(log), [[0, log.total]])
    clearInterval(timer)
    expect(result.gaps).toMatchObject({ min: 1.5, median: 1.5, max: 1.5 })
    expect(turns).toBeGreaterThan(1)
  })
})
