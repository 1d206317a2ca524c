import { setTimeout } from 'node:timers/promises'
import { figure, type Measure } from '../measurement'

/** Times each command is given in one run. */
const repetitions = 20

const commands = ['pause', 'filter', 'unfilter'] as const

/** How long a command sent from another process takes to be answered while the wire is full. */
export const commandTimes: Measure = {
  name: 'commands',
  title: 'Commands at full flood',
  async run(bench) {
    const times: Record<string, number[]> = {}
    const note = (name: string, duration: number) => (times[name] ??= []).push(duration)
    const url = `ws://127.0.0.1:${bench.floodPort}/0`
    for (let count = 0; count < bench.pairs; count += 1) {
      const subject = bench.start('commandsUnderFlood', { url })
      await setTimeout(500)
      for (let turn = 0; turn < repetitions; turn += 1) {
        for (const name of commands) note(name, (await subject.ask(name)).duration)
        await setTimeout(25)
      }
      note('disconnect', (await subject.ask('disconnect')).duration)
      note('closed', (await subject.ask('closed')).duration)
      const { messagesIn } = (await subject.result) as { messagesIn: number }
      bench.progress(`run ${count + 1}: ${messagesIn.toLocaleString('en')} messages meanwhile`)
    }
    const within = { most: 100 }
    return [
      figure('Pause', 'ms', times.pause ?? [], within),
      figure('filter typed', 'ms', times.filter ?? [], within),
      figure('filter cleared', 'ms', times.unfilter ?? [], within),
      figure('Disconnect', 'ms', times.disconnect ?? [], within),
      figure('until the peer has closed', 'ms', times.closed ?? []),
    ]
  },
}
