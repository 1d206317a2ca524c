import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '@shared/model/server-fault'
import { afterEach, describe, expect, it } from 'vitest'
import { frame } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { bareClient, faultOf, faultyServer } from '../../../../test/servers/faulty'
import type { FaultyPeer, FaultyServer } from '../../../../test/servers/faulty'

const { serve } = serversForTest(afterEach)

const text = (payload: string) => frame({ opcode: 1, payload })
const masked = (payload: string | Buffer, opcode = 1) =>
  frame({ opcode, payload, mask: [1, 2, 3, 4] })

async function faulty(faults: Fault[], { echo = false } = {}) {
  const server = (await serve(faultyServer({ faults, echo }))) as FaultyServer
  const client = await bareClient(server.port)
  await expect.poll(() => server.peers.length).toBe(1)
  const { session, line, tap } = server.peers[0] as FaultyPeer
  const send = (payload: string | Buffer) => session.send('text', Buffer.from(payload))
  const gets = (...frames: Buffer[]) => expect.poll(client.received).toEqual(Buffer.concat(frames))
  return { server, client, session, line, tap, send, gets }
}

describe('Faults of timing', () => {
  it('delay everything by the same time, in order', async () => {
    const { server, client, session, send, gets } = await faulty([faultOf('delay', { delay: 600 })])
    const began = performance.now()
    const outcomes = ['one', 'two', 'three'].map(send)
    session.ping(Buffer.from('p'))
    expect(session.bufferedAmount).toBe(5 + 5 + 7 + 3)
    await pause(75)
    expect(client.received().length).toBe(0)
    expect(server.log.lines().filter((each) => each.startsWith('out'))).toEqual([])
    await gets(text('one'), text('two'), text('three'), frame({ opcode: 9, payload: 'p' }))
    expect(performance.now() - began).toBeGreaterThanOrEqual(600)
    expect((await Promise.all(outcomes)).map(({ fate }) => fate)).toEqual(
      new Array(3).fill('queued'),
    )
    await expect.poll(() => session.bufferedAmount).toBe(0)
  })

  it('let later messages travel while the first does', async () => {
    const { client, send, gets } = await faulty([faultOf('delay', { delay: 1000 })])
    void send('one')
    await pause(100)
    void send('two')
    await gets(text('one'), text('two'))
    const between = client.timeOf(5) - client.timeOf(0)
    expect(between).toBeGreaterThan(50)
    expect(between).toBeLessThan(900)
  })

  it.each(['uniform', 'normal'] as const)('keep the order with a %s jitter', async (jitter) => {
    const { send, gets, server } = await faulty([
      faultOf('delay', { delay: 20, jitter, spread: 40 }),
    ])
    const messages = Array.from({ length: 30 }, (_unused, index) => `${index}`)
    for (const each of messages) void send(each)
    await gets(...messages.map(text))
    expect(new Set(server.notes()).size).toBeGreaterThan(5)
  })

  it('limit the bytes sent a second, and show what waits', async () => {
    const { client, session, send, gets } = await faulty([
      faultOf('bandwidth', { bytesPerSecond: 10_000, direction: 'out' }),
    ])
    const payload = 'x'.repeat(10_000)
    void send(payload)
    await pause(60)
    expect(session.bufferedAmount).toBeGreaterThan(1000)
    expect(client.received().length).toBeGreaterThan(0)
    expect(client.received().length).toBeLessThan(10_000)
    await gets(text(payload))
    expect(client.timeOf(10_003) - client.timeOf(0)).toBeGreaterThan(700)
  })

  it('limit the bytes read a second', async () => {
    const { client, server } = await faulty(
      [faultOf('bandwidth', { bytesPerSecond: 10_000, direction: 'in' })],
      { echo: true },
    )
    client.socket.write(Buffer.concat([masked('a'.repeat(1000)), masked('b'.repeat(3000))]))
    await expect.poll(() => client.received().length).toBe(4008)
    const between = client.timeOf(1004) - client.timeOf(0)
    expect(between).toBeGreaterThan(150)
    expect(client.received()).toEqual(
      Buffer.concat(['a', 'b'].map((each) => text(each.repeat(each === 'a' ? 1000 : 3000)))),
    )
    expect(server.notes()).toEqual([
      'Fault: Bandwidth limit struck: reads at most 10.0 kB a second',
    ])
  })

  it('read the end of the client after all it sent', async () => {
    const { client, server } = await faulty(
      [faultOf('bandwidth', { bytesPerSecond: 5_000, direction: 'both' })],
      { echo: true },
    )
    client.socket.end(Buffer.concat([masked('x'.repeat(500)), masked(Buffer.from([3, 232]), 8)]))
    await expect.poll(client.ended).toBe('fin')
    expect(client.received()).toEqual(
      Buffer.concat([text('x'.repeat(500)), frame({ opcode: 8, payload: Buffer.from([3, 232]) })]),
    )
    client.socket.destroy()
    await expect.poll(() => server.peers[0]?.ends.length).toBe(1)
    expect(server.peers[0]?.ends[0]?.close).toMatchObject({ code: 1000, clean: true })
  })

  it('stall what goes out for a while, then let all of it go', async () => {
    const { client, server, session, send, gets } = await faulty([
      faultOf('stall', { duration: 1000, direction: 'out', at: 'received', count: 1 }),
    ])
    await send('before')
    client.socket.write(masked('go'))
    await expect.poll(server.notes).toEqual(['Fault: Stall struck: nothing is sent for 1.00 s'])
    const stalled = performance.now()
    void send('after')
    expect(session.bufferedAmount).toBe(7)
    await gets(text('before'), text('after'))
    expect(performance.now() - stalled).toBeGreaterThan(500)
  })

  it('stall what comes in, and read it later', async () => {
    const { client, server, gets } = await faulty(
      [faultOf('stall', { duration: 500, direction: 'in' })],
      { echo: true },
    )
    client.socket.write(masked('late'))
    await gets(text('late'))
    expect(client.timeOf(0)).toBeGreaterThan(300)
    expect(server.log.lines().slice(1)).toEqual(['in text late', 'out text late'])
  })

  it('stall for ever, until the fault is removed', async () => {
    const { client, line, session, send, gets } = await faulty(
      [faultOf('stall', { duration: 0, direction: 'both' })],
      { echo: true },
    )
    const outcome = send('held')
    client.socket.write(masked('unread'))
    expect((await outcome).fate).toBe('queued')
    await pause(50)
    expect(client.received().length).toBe(0)
    expect(session.bufferedAmount).toBe(6)
    line.set([])
    await gets(text('held'), text('unread'))
    expect(line.isActive).toBe(false)
  })

  it('neither send nor read when half-open, and keep the connection', async () => {
    const { client, server, session, send } = await faulty([faultOf('half-open', { after: 50 })], {
      echo: true,
    })
    await expect.poll(() => server.notes().length).toBe(1)
    void send('never').catch(() => undefined)
    client.socket.write(Buffer.concat([masked('unread'), masked('', 9)]))
    client.socket.end()
    await pause(200)
    expect(client.received().length).toBe(0)
    expect(client.ended()).toBeNull()
    expect(session.counters.messagesIn).toBe(0)
    expect(server.peers[0]?.ends).toEqual([])
    session.terminate()
    await expect.poll(() => server.peers[0]?.ends.length).toBe(1)
    expect(server.log.lines()).toContain('out text never')
    expect(server.log.rows.at(-1)?.fate).toBe('failed')
  })

  it('keep the order when faults change while something waits', async () => {
    const { line, send, gets } = await faulty([])
    const slow = faultOf('delay', { id: 'slow', delay: 60_000 })
    void send('1')
    line.set([slow])
    void send('2')
    line.set([slow, faultOf('truncate', { bytes: 1 })])
    void send('3x')
    await gets(text('1'))
    line.set([faultOf('truncate', { bytes: 1 })])
    void send('4x')
    line.set([])
    void send('5')
    await gets(...['1', '2', '3', '4', '5'].map(text))
  })

  it('come after what a full socket has not taken yet', async () => {
    const { client, line, session, send } = await faulty([])
    client.socket.pause()
    const large = 'x'.repeat(8_000_000)
    void send(large)
    void send('plain')
    line.set([faultOf('truncate', { bytes: 1 })])
    void send('cut')
    expect(line.held).toBe(5)
    expect(session.bufferedAmount).toBeGreaterThan(5)
    client.socket.resume()
    const all = Buffer.concat([text(large), text('plain'), text('c')])
    await expect.poll(() => client.received().length).toBe(all.length)
    expect(client.received().equals(all)).toBe(true)
    await expect.poll(() => session.bufferedAmount).toBe(0)
  })

  it('end the connection after what was held', async () => {
    const { client, session, send, gets } = await faulty([faultOf('delay', { delay: 100 })])
    void send('last')
    session.close(1000)
    await gets(text('last'), frame({ opcode: 8, payload: Buffer.from([3, 232]) }))
    client.socket.write(masked(Buffer.from([3, 232]), 8))
    await expect.poll(client.ended).toBe('fin')
  })
})
