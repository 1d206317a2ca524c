import { figure, type Measure } from '../measurement'
import type { EngineFlood } from '../subjects/flood'

const messagesPerSecond = 50_000
const seconds = 10

/** How late the main loop is while messages come in at an even 50,000 a second. */
export const loopDelay: Measure = {
  name: 'loop-delay',
  title: 'Main loop at 50,000 messages a second',
  async run(bench) {
    const messages = messagesPerSecond * seconds
    const url = `ws://127.0.0.1:${bench.floodPort}/${messages}?rate=${messagesPerSecond}`
    const taken: EngineFlood[] = []
    for (let count = 0; count < bench.pairs; count += 1) {
      taken.push(await bench.run<EngineFlood>('floodEngine', { url, messages }))
      bench.progress(`run ${count + 1}: p99 ${taken.at(-1)?.loopDelayP99.toFixed(1)} ms`)
    }
    return [
      figure(
        'rate',
        'messages/s',
        taken.map((item) => item.messagesPerSecond),
      ),
      figure(
        'loop delay p99',
        'ms',
        taken.map((item) => item.loopDelayP99),
        { most: 16 },
      ),
      figure(
        'loop delay max',
        'ms',
        taken.map((item) => item.loopDelayMax),
      ),
    ]
  },
}
