import { Pace } from '../pace'

const bins = 4096

/** So many values are sorted at once. */
const sortable = 8192

/**
 * The exact median of the first `count` values, found over turns of the event loop: values are
 * counted into equally wide bins, and those of the bin that holds the middle again, until few are
 * left. `NaN` without values.
 */
export async function medianOf(values: Float64Array, count: number): Promise<number> {
  if (count === 0) return Number.NaN
  const pace = new Pace()
  const upper = await ranked(values.subarray(0, count), count >> 1, pace)
  if (count % 2 === 1) return upper
  const lower = await ranked(values.subarray(0, count), (count >> 1) - 1, pace)
  return (lower + upper) / 2
}

/** The value at a place of the sorted values. */
async function ranked(all: Float64Array, place: number, pace: Pace): Promise<number> {
  let values = all
  let rank = place
  while (values.length > sortable) {
    const { low, high } = await ends(values, pace)
    if (low === high) return low
    const scale = bins / (high - low)
    const binOf = (value: number) => Math.min(bins - 1, Math.floor((value - low) * scale))
    const counts = new Uint32Array(bins)
    for (let index = 0; index < values.length; index += 1) {
      const bin = binOf(values[index] ?? 0)
      counts[bin] = (counts[bin] ?? 0) + 1
      if (pace.dueAt(index)) await pace.rest()
    }
    let bin = 0
    while (rank >= (counts[bin] ?? 0)) {
      rank -= counts[bin] ?? 0
      bin += 1
    }
    const kept = new Float64Array(counts[bin] ?? 0)
    let length = 0
    for (let index = 0; index < values.length; index += 1) {
      const value = values[index] ?? 0
      if (binOf(value) === bin) {
        kept[length] = value
        length += 1
      }
      if (pace.dueAt(index)) await pace.rest()
    }
    values = kept
  }
  return values.slice().sort()[rank] ?? Number.NaN
}

async function ends(values: Float64Array, pace: Pace): Promise<{ low: number; high: number }> {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? 0
    if (value < low) low = value
    if (value > high) high = value
    if (pace.dueAt(index)) await pace.rest()
  }
  return { low, high }
}
