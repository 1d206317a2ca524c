import { figure, type Measure } from '../measurement'
import type { OpenTaken } from '../subjects/open-capture'

const messages = 1_000_000

/** Opening a saved capture, its files in the cache of the system. */
export const openCapture: Measure = {
  name: 'open',
  title: 'Opening a saved capture of 1,000,000 messages',
  async run(bench) {
    const url = `ws://127.0.0.1:${bench.floodPort}/${messages}`
    const taken = await bench.run<OpenTaken[]>('openCapture', {
      url,
      messages,
      times: bench.pairs,
    })
    return [
      figure(
        'first rows',
        'ms',
        taken.map(({ first }) => first),
        { most: 200 },
      ),
      figure(
        'every row indexed',
        'ms',
        taken.map(({ all }) => all),
        { most: 2000 },
      ),
    ]
  },
}
