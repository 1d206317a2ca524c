import { figure, interleave, type Figure, type Measure } from '../measurement'
import type { FloodTaken } from '../subjects/flood-clock'
import type { EngineFlood, FloodInput } from '../subjects/flood'

/** Session, log on disk and one live unfiltered view, beside a bare `ws` client on the same flood. */
export const capture: Measure = {
  name: 'capture',
  title: 'Capture with tap, log on disk and one live view',
  async run(bench) {
    const input: FloodInput = {
      url: `ws://127.0.0.1:${bench.floodPort}/${bench.messages}`,
      messages: bench.messages,
      verify: true,
    }
    const { one: bare, other: engine } = await interleave(
      bench.pairs,
      () => bench.run<FloodTaken>('floodBare', input),
      () => bench.run<EngineFlood>('floodEngine', input),
      (ws, framescope, pair) => bench.progress(describePair(ws, framescope, pair)),
    )
    return [
      figure('ws', 'messages/s', bare.map(rate)),
      figure('Framescope', 'messages/s', engine.map(rate)),
      figure('ratio of the rates', '', ratios(engine, bare, rate), { least: 0.5 }),
      figure('processor time of ws', 'µs/message', bare.map(cpu)),
      figure('processor time of Framescope', 'µs/message', engine.map(cpu)),
      figure('ratio of the processor times', '', ratios(bare, engine, cpu)),
      figure(
        'events to the renderer',
        '/s',
        engine.map((item) => item.eventsPerSecond),
      ),
      figure(
        'pauses for the disk',
        '',
        engine.map((item) => item.pauses),
      ),
      ...loopDelays(bare, engine),
    ]
  },
}

export const rate = (item: FloodTaken): number => item.messagesPerSecond
export const cpu = (item: FloodTaken): number => item.cpuPerMessage

export function ratios(
  above: readonly FloodTaken[],
  below: readonly FloodTaken[],
  value: (item: FloodTaken) => number,
): number[] {
  return above.map((item, index) => {
    const other = below[index]
    return other ? value(item) / value(other) : Number.NaN
  })
}

function loopDelays(bare: readonly FloodTaken[], engine: readonly FloodTaken[]): Figure[] {
  return [
    figure(
      'loop delay p99 of ws',
      'ms',
      bare.map((item) => item.loopDelayP99),
    ),
    figure(
      'loop delay p99 of Framescope',
      'ms',
      engine.map((item) => item.loopDelayP99),
    ),
  ]
}

export function describePair(ws: FloodTaken, framescope: FloodTaken, pair: number): string {
  const thousands = (value: number) => Math.round(value).toLocaleString('en')
  return (
    `pair ${pair}: ws ${thousands(rate(ws))}/s, Framescope ${thousands(rate(framescope))}/s, ` +
    `ratio ${(rate(framescope) / rate(ws)).toFixed(2)}, ` +
    `of processor time ${(cpu(ws) / cpu(framescope)).toFixed(2)}`
  )
}
