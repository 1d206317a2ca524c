import { figure, type Measure } from '../measurement'

const messages = 1_000_000

/** Bytes of main memory that a message costs beyond what any capture costs. */
export const memory: Measure = {
  name: 'memory',
  title: 'Main memory, 1,000,000 and 2,000,000 rows',
  async run(bench) {
    const url = `ws://127.0.0.1:${bench.floodPort}/${messages}`
    const perMessage: number[] = []
    const constants: number[] = []
    for (let count = 0; count < bench.pairs; count += 1) {
      const [one = Number.NaN, two = Number.NaN] = await bench.run<number[]>('memoryPerMessage', {
        urls: [url, url],
        messages,
      })
      perMessage.push((two - one) / messages)
      constants.push((2 * one - two) / 1024 / 1024)
      bench.progress(`run ${count + 1}: ${perMessage.at(-1)?.toFixed(1)} bytes`)
    }
    return [
      figure('memory per message', 'bytes', perMessage, { most: 48 }),
      figure('constants', 'MiB', constants),
    ]
  },
}
