import { describe, expect, it } from 'vitest'
import type { RangeStatistics } from '@shared/model/traffic-statistics'
import { byteRateText, rateNumber, rowRateText, statisticsText } from './statistics-text'

const from = new Date(2026, 10, 22, 14, 47, 12, 37).getTime()
const statistics: RangeStatistics = {
  rows: 1_204,
  in: { rows: 1_000, bytes: 2_000_000, wireBytes: 900_000 },
  out: { rows: 200, bytes: 4_000, wireBytes: 4_000 },
  from,
  to: from + 4_000,
  gaps: { min: 0.012, median: 3.2, max: 840, maxBefore: 512 },
}

describe('statistics of a selection', () => {
  it('are complete as text', () => {
    expect(statisticsText(statistics)).toBe(
      [
        'Rows: 1,204',
        'In: 1,000, 2.0 MB, 900 kB on the wire',
        'Out: 200, 4.0 kB',
        'Period: 2026-11-22 14:47:12.037000 to 2026-11-22 14:47:16.037000, 4.00 s',
        'Rate: 300 rows/s, 501 kB/s',
        'Gaps: min 12 µs, median 3.20 ms, max 840 ms before row 512',
      ].join('\n'),
    )
  })

  it('have no rate when no time passed', () => {
    const moment = { ...statistics, to: from, gaps: null }
    expect(rowRateText(moment)).toBeNull()
    expect(byteRateText(moment)).toBeNull()
    expect(statisticsText(moment)).not.toMatch(/Rate|Gaps/)
  })

  it.each([
    [0, '0'],
    [0.123, '0.12'],
    [4.66, '4.7'],
    [99.96, '100'],
    [12_345.6, '12,346'],
  ])('show a rate of %d as %s', (rate, text) => expect(rateNumber(rate)).toBe(text))
})
