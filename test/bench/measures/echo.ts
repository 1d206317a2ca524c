import { figure, interleave, type Measure } from '../measurement'

const rounds = 20_000

/** Session to local server and back, beside bare `ws` to bare `ws`, each pair in one process. */
export const echo: Measure = {
  name: 'echo',
  title: 'Echo round trip with capture on',
  async run(bench) {
    const { one: bare, other: engine } = await interleave(
      bench.pairs,
      () => bench.run<number>('echoBare', { rounds }),
      () => bench.run<number>('echoEngine', { rounds }),
      (ws, framescope, pair) =>
        bench.progress(
          `pair ${pair}: ws ${(ws * 1000).toFixed(1)} µs, ` +
            `Framescope ${(framescope * 1000).toFixed(1)} µs, ratio ${(framescope / ws).toFixed(2)}`,
        ),
    )
    const micro = (value: number) => value * 1000
    return [
      figure('ws to ws, median', 'µs', bare.map(micro)),
      figure('Session to local server, median', 'µs', engine.map(micro)),
      figure(
        'ratio',
        '',
        engine.map((value, index) => value / (bare[index] ?? Number.NaN)),
        { most: 1.3 },
      ),
    ]
  },
}
