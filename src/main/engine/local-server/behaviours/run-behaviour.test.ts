import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Behaviour, RoomJoin } from '@shared/model/server-route'
import { FakeRoute, type FakeClient } from '../../../../../test/fakes/fake-route'
import { runGreeting } from './pushing'
import { runBehaviour } from './run-behaviour'

let route: FakeRoute
beforeEach(() => (route = new FakeRoute()))
afterEach(() => vi.useRealTimers())

const options = { parameters: ['room'] }
const run = (behaviour: Behaviour) => runBehaviour(behaviour, route, options)
const heard = () => route.all.map((client) => client.heard.join(' '))

function three(): [FakeClient, FakeClient, FakeClient] {
  return [route.add(), route.add(), route.add()]
}

describe.each([
  ['echo', ['a 0x00ff', '', '']],
  ['broadcast', ['a 0x00ff', 'a 0x00ff', 'a 0x00ff']],
  ['relay', ['', 'a 0x00ff', 'a 0x00ff']],
] as const)('%s', (kind, expected) => {
  it('passes messages on as what they are, in one copy', () => {
    const [sender] = three()
    const running = run({ id: 'b', kind })
    const payload = Buffer.from('a')
    running.received?.(sender, 'text', payload)
    payload.fill(0)
    running.received?.(sender, 'binary', Buffer.of(0, 255))
    expect(heard()).toEqual(expected)
    const first = route.all.flatMap(({ payloads }) => payloads.slice(0, 1))
    expect(new Set(first).size).toBe(1)
    expect(Buffer.from(first[0] ?? []).toString()).toBe('a')
  })
})

describe('ticker', () => {
  const ticker = {
    id: 't',
    kind: 'ticker',
    interval: 100,
    template: '{{client.id}}/{{counter}}',
  } as const

  it('sends to each client after each interval, until it is gone', () => {
    vi.useFakeTimers()
    const running = run(ticker)
    const [a, b] = three()
    running.opened?.(a)
    vi.advanceTimersByTime(50)
    running.opened?.(b)
    vi.advanceTimersByTime(200)
    expect(heard()).toEqual(['1/1 1/3', '2/2 2/4', ''])
    running.gone?.(a)
    vi.advanceTimersByTime(100)
    expect(heard()).toEqual(['1/1 1/3', '2/2 2/4 2/5', ''])
    running.stop?.()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('sends the same bytes again where nothing is filled in', () => {
    vi.useFakeTimers()
    const running = run({ ...ticker, template: 'tick' })
    const client = route.add()
    running.opened?.(client)
    vi.advanceTimersByTime(200)
    expect(client.heard).toEqual(['tick', 'tick'])
    expect(client.payloads[0]).toBe(client.payloads[1])
    running.gone?.(client)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('greeting', () => {
  it('is sent when a client opens, unless it is empty', () => {
    const client = route.add({ room: 'red' })
    runGreeting('Hello {{param.room}}', options).opened?.(client)
    runGreeting('', options).opened?.(client)
    expect(client.heard).toEqual(['Hello red'])
  })
})

describe('rooms', () => {
  function open(join: RoomJoin, toSender = false, rooms = ['red', 'red', 'blue']) {
    const running = run({ id: 'r', kind: 'rooms', join, toSender })
    const clients = rooms.map((room) => route.add({ room }))
    for (const client of clients) running.opened?.(client)
    const say = (index: number, text: string | Buffer) =>
      running.received?.(
        clients[index] as FakeClient,
        typeof text === 'string' ? 'text' : 'binary',
        Buffer.from(text),
      )
    return { running, say, clients }
  }

  it('takes the room from the path', () => {
    const { say } = open({ by: 'path', parameter: 'room' })
    say(0, 'a')
    say(2, 'b')
    expect(heard()).toEqual(['', 'a', ''])
    expect(route.notes).toEqual([])
  })

  it('sends to the sender as well when it is told to', () => {
    const { say } = open({ by: 'path', parameter: 'room' }, true)
    say(0, 'a')
    say(2, 'b')
    expect(heard()).toEqual(['a', 'a', 'b'])
  })

  it('lets clients in with a prefix, into one room at a time', () => {
    const { say } = open({ by: 'prefix', prefix: '/join ' })
    say(0, 'nobody hears this')
    for (const index of [0, 1]) say(index, '/join ä')
    say(2, Buffer.from('/join ä'))
    say(1, 'to ä')
    say(0, '/join b')
    say(1, 'alone')
    say(0, '/join ')
    say(0, 'again nobody')
    expect(heard()).toEqual(['to ä', '', ''])
    expect(route.notes).toEqual([
      '1: It joined the room “ä”.',
      '2: It joined the room “ä”.',
      '1: It joined the room “b”.',
      '1: It left its room.',
    ])
  })

  it('lets clients in with JSON', () => {
    const { say } = open({ by: 'jsonpath', path: '$.join' })
    say(0, '{"join":7}')
    say(1, Buffer.from('{"join":"7"}'))
    say(2, Buffer.of(0xff))
    say(1, '{"text":"hi"}')
    expect(heard()).toEqual(['{"text":"hi"}', '', ''])
    expect(route.notes).toEqual(['1: It joined the room “7”.', '2: It joined the room “7”.'])
  })

  it('forgets clients that are gone', () => {
    const { say, running, clients } = open({ by: 'path', parameter: 'room' })
    running.gone?.(clients[1] as FakeClient)
    say(0, 'a')
    say(1, 'b')
    expect(heard()).toEqual(['', '', ''])
  })
})
