import { figure, type Measure } from '../measurement'
import { runScanBench } from '../processes'

/** The scans whose figures must reach something, by the start of their names. */
const limits: Readonly<Record<string, { readonly first: number; readonly all: number }>> = {
  word: { first: 50, all: 500 },
  JSONPath: { first: 3000, all: 3000 },
}

/** Searching 1,000,000 messages that are there already; scan-bench.ts knows how. */
export const filterScans: Measure = {
  name: 'scans',
  title: 'Filters over 1,000,000 messages of 128 bytes',
  async run(bench) {
    const { scans } = await runScanBench(1_000_000, bench.pairs)
    return scans.flatMap(({ name, found, firstMs, allMs }) => {
      const limit = limits[name.split(',')[0] ?? '']
      const all = figure(`${name}: all`, 'ms', [allMs], limit && { most: limit.all })
      if (!found) return [all]
      return [figure(`${name}: first rows`, 'ms', [firstMs], limit && { most: limit.first }), all]
    })
  },
}
