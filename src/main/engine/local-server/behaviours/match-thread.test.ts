import { afterEach, describe, expect, it, vi } from 'vitest'
import type { MessageMatch } from '@shared/model/server-route'
import { noRule } from './match-messages'
import { MatchThread, type AskedMessage } from './match-thread'

let thread: MatchThread<AskedMessage> | undefined
afterEach(() => thread?.stop())

function start(...sources: string[]) {
  const log: string[] = []
  const words = ({ payload }: AskedMessage) => Buffer.from(payload).toString().slice(0, 2)
  const matches = sources.map((source): MessageMatch => ({ kind: 'regex', source, flags: '' }))
  thread = new MatchThread(matches, {
    decided: (asked, rule) => void log.push(`${words(asked)} ${rule}`),
    switchedOff: (rule, asked) => void log.push(`off ${rule} by ${words(asked)}`),
    failed: (asked, error) => void log.push(`failed at ${words(asked)}: ${error.message}`),
  })
  const ask = (text: string) => thread?.ask({ isText: true, payload: Buffer.from(text) })
  return { log, ask }
}

describe('MatchThread', () => {
  it('goes on with what it was asked after each expression that takes too long', async () => {
    const { log, ask } = start('^[^x]*(y+y+)+$', '^(x+x+)+$', '.')
    for (const text of ['a', `${'y'.repeat(5000)}!`, `${'x'.repeat(5000)}!`, 'b']) ask(text)
    await vi.waitFor(() => expect(log).toHaveLength(6))
    expect(log).toEqual(['off 0 by yy', 'off 1 by xx', 'a 2', 'yy 2', 'xx 2', 'b 2'])
  })

  it('gives up what it was asked when the thread cannot work, and tries again', async () => {
    const { log, ask } = start('(')
    ask('a')
    ask('b')
    await vi.waitFor(() => expect(log).toHaveLength(3))
    ask('c')
    await vi.waitFor(() => expect(log).toHaveLength(5))
    expect(log.map((line) => line.replace(/: .*/, ''))).toEqual([
      'failed at a',
      `a ${noRule}`,
      `b ${noRule}`,
      'failed at c',
      `c ${noRule}`,
    ])
  })
})
