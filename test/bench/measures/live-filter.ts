import { figure, interleave, type Measure } from '../measurement'
import type { EngineFlood, FloodInput } from '../subjects/flood'
import type { FloodTaken } from '../subjects/flood-clock'
import { cpu, describePair, rate, ratios } from './capture'

/** As capture, with the live view filtered by a word that stands in every message. */
export const liveFilter: Measure = {
  name: 'live-filter',
  title: 'Capture with a live view filtered by a word',
  async run(bench) {
    const input: FloodInput = {
      url: `ws://127.0.0.1:${bench.floodPort}/${bench.messages}`,
      messages: bench.messages,
      query: 'acme',
    }
    const { one: bare, other: engine } = await interleave(
      bench.pairs,
      () => bench.run<FloodTaken>('floodBare', input),
      () => bench.run<EngineFlood>('floodEngine', input),
      (ws, framescope, pair) => bench.progress(describePair(ws, framescope, pair)),
    )
    return [
      figure('Framescope, filtered', 'messages/s', engine.map(rate)),
      figure('ratio of the rates', '', ratios(engine, bare, rate), { least: 0.3 }),
      figure('ratio of the processor times', '', ratios(bare, engine, cpu)),
      figure(
        'rows the view is behind at the end',
        '',
        engine.map((item) => item.rowsBehind),
      ),
    ]
  },
}
