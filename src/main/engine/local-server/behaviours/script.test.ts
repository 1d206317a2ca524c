import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { MessageMatch, ScriptRule, ScriptStep } from '@shared/model/server-route'
import { FakeRoute, type FakeClient } from '../../../../../test/fakes/fake-route'
import { matchLimit } from './match-thread'
import { Script } from './script'

let route: FakeRoute
let running: Script | undefined

beforeEach(() => (route = new FakeRoute()))
afterEach(() => {
  running?.stop()
  running = undefined
  vi.useRealTimers()
})

const reply = (template: string): ScriptStep => ({ kind: 'reply', template, as: 'text' })
const wait = (milliseconds: number): ScriptStep => ({ kind: 'wait', milliseconds })
const on = (match: MessageMatch, ...steps: ScriptStep[]) =>
  ({ on: { kind: 'message', match }, steps }) as const
const onOpen = (...steps: ScriptStep[]) => ({ on: { kind: 'open' }, steps }) as const
const any = { kind: 'any' } as const

function start(...rules: Omit<ScriptRule, 'id'>[]): Script {
  running = new Script(
    { id: 's', kind: 'script', rules: rules.map((rule, id) => ({ id: String(id), ...rule })) },
    route,
    { parameters: ['room'] },
  )
  return running
}

function open(script: Script): FakeClient {
  const client = route.add({ room: 'red' })
  script.opened(client)
  return client
}

function say(client: FakeClient, message: string | Buffer): void {
  running?.received(client, typeof message === 'string' ? 'text' : 'binary', Buffer.from(message))
}

describe('a script', () => {
  it('acts on the opening and by the first rule that fits', () => {
    const script = start(
      onOpen(reply('welcome to {{param.room}}')),
      on({ kind: 'text', text: 'ping', whole: true }, reply('pong')),
      on({ kind: 'text', text: 'ping', whole: false }, reply('part')),
      on(
        { kind: 'jsonpath', expression: '$.type == "hello" and $.n > 5' },
        reply('hi {{message.$.name}}'),
      ),
      on({ kind: 'text', text: '', whole: false }, reply('text {{message}}')),
      on(any, { kind: 'reply', template: 'ff 0{{counter}}', as: 'hex' }),
    )
    const client = open(script)
    for (const message of [
      'ping',
      'a ping',
      '{"type":"hello","n":6,"name":"Ada"}',
      '{"type":"hello","n":5}',
    ])
      say(client, message)
    for (const message of [Buffer.from('ping'), Buffer.of(255), Buffer.of(255)])
      say(client, message)
    expect(client.heard).toEqual([
      'welcome to red',
      'pong',
      'part',
      'hi Ada',
      'text {"type":"hello","n":5}',
      'pong',
      '0xff01',
      '0xff02',
    ])
  })

  it('does each kind of step', () => {
    const script = start(
      on(
        any,
        { kind: 'broadcast', template: '{{client.id}}', as: 'text' },
        { kind: 'ping', payload: 'p' },
        { kind: 'close', code: 4000, reason: 'r' },
        { kind: 'terminate' },
      ),
    )
    const [a, b] = [open(script), open(script)]
    say(a, 'x')
    expect(a.heard).toEqual(['1', '#ping p', '#close 4000 r', '#terminate'])
    expect(b.heard).toEqual(['1'])
  })

  it('notes what is not hex once it is filled in', () => {
    const script = start(on(any, { kind: 'reply', template: '{{message}}', as: 'hex' }))
    const client = open(script)
    say(client, 'a')
    say(client, 'ab')
    expect(client.heard).toEqual(['0xab'])
    expect(route.notes).toEqual([expect.stringMatching(/^1: .*not hex/)])
  })

  it('runs the steps of a client in order, while others go on', () => {
    vi.useFakeTimers()
    const script = start(
      onOpen(wait(10), reply('open')),
      on({ kind: 'text', text: 'slow', whole: false }, wait(100), reply('{{message}}')),
      on(any, reply('{{message}}')),
    )
    const [a, b] = [open(script), open(script)]
    for (const message of ['slow 1', 'x', 'slow 2', 'y']) say(a, message)
    say(b, 'z')
    vi.advanceTimersByTime(10)
    expect([a.heard, b.heard]).toEqual([['open'], ['open', 'z']])
    vi.advanceTimersByTime(100)
    expect(a.heard).toEqual(['open', 'slow 1', 'x'])
    vi.advanceTimersByTime(100)
    expect(a.heard).toEqual(['open', 'slow 1', 'x', 'slow 2', 'y'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('passes messages over beyond a thousand that wait, and says so once', () => {
    vi.useFakeTimers()
    const script = start(
      on({ kind: 'text', text: 'w', whole: true }, wait(10)),
      on(any, reply('a')),
    )
    const client = open(script)
    say(client, 'w')
    for (let count = 0; count < 1500; count += 1) say(client, 'x')
    expect(route.notes).toEqual([expect.stringContaining('passed over')])
    vi.advanceTimersByTime(10)
    expect(client.heard).toHaveLength(1000)
    say(client, 'x')
    expect(client.heard).toHaveLength(1001)
  })

  it('leaves no timer when a client goes or the script stops', () => {
    vi.useFakeTimers()
    const script = start(onOpen(wait(10), reply('late')))
    const [a, b] = [open(script), open(script)]
    script.gone(a)
    expect(vi.getTimerCount()).toBe(1)
    script.stop()
    expect(vi.getTimerCount()).toBe(0)
    say(b, 'x')
    vi.advanceTimersByTime(100)
    expect([...a.heard, ...b.heard]).toEqual([])
  })

  it('goes on with nothing once a step has ended the client', () => {
    const script = start(on(any, { kind: 'terminate' }, reply('late')))
    const client = route.add()
    const ending = { ...client, terminate: () => script.gone(client) }
    script.opened(ending)
    say(ending, 'x')
    expect(client.heard).toEqual([])
  })
})

describe('regular expressions of a script', () => {
  it('are tried in the order of the rules, and answers keep the order of the messages', async () => {
    const script = start(
      on({ kind: 'text', text: 'first', whole: false }, reply('first')),
      on({ kind: 'regex', source: '^\\d+$', flags: 'g' }, reply('number {{message}}')),
      on({ kind: 'jsonpath', expression: '$.a ~ /^x/' }, reply('x')),
      on({ kind: 'text', text: 'word', whole: true }, reply('word')),
    )
    const [a, b] = [open(script), open(script)]
    for (const message of ['12', 'first', 'word', '{"a":"xy"}', 'nothing', '34']) say(a, message)
    say(a, Buffer.from('56'))
    say(a, Buffer.of(255))
    say(b, 'first')
    expect([a.heard, b.heard]).toEqual([[], ['first']])
    await vi.waitFor(() => expect(a.heard).toHaveLength(6))
    expect(a.heard).toEqual(['number 12', 'first', 'word', 'x', 'number 34', 'number 56'])
    expect(route.notes).toEqual([])
  })

  it('that take too long are switched off, and hold up neither clients nor the main thread', async () => {
    const script = start(
      on({ kind: 'text', text: 'quick', whole: true }, reply('quick')),
      on({ kind: 'regex', source: 'b|(a+)+$', flags: '' }, reply('matched')),
      on(any, reply('any')),
    )
    const [hostile, other] = [open(script), open(script)]
    say(other, 'b')
    await vi.waitFor(() => expect(other.heard).toEqual(['matched']))

    let beats = 0
    const beat = setInterval(() => (beats += 1), 5)
    say(hostile, `${'a'.repeat(50_000)}!`)
    say(hostile, 'quick')
    await vi.waitFor(() => expect(beats).toBeGreaterThan(1))
    say(other, 'quick')
    expect(other.heard).toEqual(['matched', 'quick'])
    expect(route.notes).toEqual([])
    say(other, 'b')
    await vi.waitFor(() => expect(route.notes).toHaveLength(1), { interval: 1, timeout: 10_000 })
    // A loop that were held up for the deadline would have missed most of its beats, not a few.
    expect(beats * 5).toBeGreaterThan(matchLimit / 4)
    await vi.waitFor(() => expect(hostile.heard).toEqual(['any', 'quick']))
    await vi.waitFor(() => expect(other.heard).toEqual(['matched', 'quick', 'any']))
    clearInterval(beat)

    expect(route.notes).toEqual([
      expect.stringMatching(
        /^1: Rule 2 .*switched off.* \/b\|\(a\+\)\+\$\/ took longer than 100 ms on a message of client 1\./,
      ),
    ])
    // From here on nothing needs the thread.
    say(hostile, 'b')
    expect(hostile.heard.at(-1)).toBe('any')
  })

  it('are given up when the client goes and when the script stops', async () => {
    const script = start(on({ kind: 'regex', source: '.', flags: '' }, reply('matched')))
    const [a, b] = [open(script), open(script)]
    say(a, 'x')
    say(b, 'x')
    script.gone(a)
    await vi.waitFor(() => expect(b.heard).toEqual(['matched']))
    say(b, 'x')
    script.stop()
    await new Promise((done) => setTimeout(done, 100))
    expect([a.heard, b.heard]).toEqual([[], ['matched']])
  })
})
