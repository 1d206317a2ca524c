import { figure, interleave, type Bench, type Measure } from '../measurement'

const echoed = 200_000
const many = 1000
const broadcasts = 100
const idle = 5000

type Served = 'servedBare' | 'servedEngine'

/** The local server under load, beside a bare `ws` server that does the same, clients in another process. */
export const server: Measure = {
  name: 'server',
  title: 'Local server with capture on',
  async run(bench) {
    const load = (served: Served, preset: string, subject: string, input: object) =>
      withServer(bench, served, preset, (port) => bench.run<number>(subject, { port, ...input }))
    const echo = (served: Served) => load(served, 'echo', 'echoLoad', { messages: echoed })
    const broadcast = (served: Served) =>
      load(served, 'broadcast', 'broadcastLoad', { clients: many, messages: broadcasts })
    const echoes = await interleave(
      bench.pairs,
      () => echo('servedBare'),
      () => echo('servedEngine'),
      (bare, engine, pair) =>
        bench.progress(
          `pair ${pair}: echo ${bare.toFixed(0)}/s, Framescope ${engine.toFixed(0)}/s`,
        ),
    )
    const all = await interleave(
      bench.pairs,
      () => broadcast('servedBare'),
      () => broadcast('servedEngine'),
      (bare, engine, pair) =>
        bench.progress(
          `pair ${pair}: to all ${bare.toFixed(1)} ms, Framescope ${engine.toFixed(1)} ms`,
        ),
    )
    const memory = [await idleMemory(bench)]
    const ratio = (other: number[], one: number[]) =>
      other.map((value, index) => value / (one[index] ?? Number.NaN))
    return [
      figure('ws echo', '/s', echoes.one),
      figure('local server echo', '/s', echoes.other),
      figure('ratio of echo', '', ratio(echoes.other, echoes.one), { least: 0.5 }),
      figure(`ws to ${many} clients`, 'ms', all.one),
      figure(`local server to ${many} clients`, 'ms', all.other),
      figure('ratio of broadcast', '', ratio(all.other, all.one), { most: 1.5 }),
      figure(`memory of one of ${idle} idle clients`, 'kB', memory, { most: 30 }),
    ]
  },
}

async function withServer<Result>(
  bench: Bench,
  served: Served,
  preset: string,
  work: (port: number) => Promise<Result>,
): Promise<Result> {
  const subject = bench.start(served, { preset })
  const { answer: port } = await subject.ask<number>('port')
  const result = await work(port)
  await subject.ask('stop')
  await subject.result
  return result
}

async function idleMemory(bench: Bench): Promise<number> {
  const subject = bench.start('servedEngine', { preset: 'echo' })
  const { answer: port } = await subject.ask<number>('port')
  const { answer: before } = await subject.ask<number>('memory')
  const clients = bench.start('idleLoad', { port, clients: idle })
  await clients.ask('opened')
  const { answer: after } = await subject.ask<number>('memory')
  await clients.ask('stop')
  await clients.result
  await subject.ask('stop')
  await subject.result
  return (after - before) / idle / 1000
}
