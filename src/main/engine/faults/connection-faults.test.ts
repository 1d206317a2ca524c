import { setTimeout as pause } from 'node:timers/promises'
import type { Fault } from '@shared/model/server-fault'
import { afterEach, describe, expect, it } from 'vitest'
import { closePayload, frame } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { bareClient, faultOf, faultyServer } from '../../../../test/servers/faulty'
import type { FaultyPeer, FaultyServer } from '../../../../test/servers/faulty'

const { serve } = serversForTest(afterEach)

const text = (payload: string) => frame({ opcode: 1, payload })
const masked = (payload: string | Buffer, opcode = 1) =>
  frame({ opcode, payload, mask: [1, 2, 3, 4] })
const close = (code: number, reason = '') =>
  frame({ opcode: 8, payload: closePayload(code, reason) })

async function faulty(faults: Fault[], { echo = true } = {}) {
  const server = (await serve(faultyServer({ faults, echo }))) as FaultyServer
  const client = await bareClient(server.port)
  await expect.poll(() => server.peers.length).toBe(1)
  const peer = server.peers[0] as FaultyPeer
  const send = (payload: string) => peer.session.send('text', Buffer.from(payload))
  const gets = (...frames: Buffer[]) => expect.poll(client.received).toEqual(Buffer.concat(frames))
  return { server, client, ...peer, send, gets }
}

describe('Faults of the connection', () => {
  it.each([0, 999, 1000, 1005, 1006, 1015, 4999, 65_535])('close with %i', async (code) => {
    const { server, client, gets, ends } = await faulty([
      faultOf('close', { code, reason: 'why not', at: 'received' }),
    ])
    client.socket.write(masked('hello'))
    await gets(text('hello'), close(code, 'why not'))
    expect(server.notes()).toEqual([
      `Fault: Close with a code struck: close frame of 9 B with ${code} sent`,
    ])
    const row = server.log.rows.find(({ kind }) => kind === 'close')
    expect(row?.direction).toBe('out')
    expect(row?.broken !== null).toBe(![1000, 4999].includes(code))
    // The answer ends the closing handshake: no second close frame follows.
    client.socket.write(masked(closePayload(1000), 8))
    await expect.poll(client.ended).toBe('fin')
    expect(client.received()).toEqual(Buffer.concat([text('hello'), close(code, 'why not')]))
    client.socket.end()
    await expect
      .poll(() => ends)
      .toEqual([
        {
          close: { code: 1000, reason: '', by: 'local', clean: true },
          failure: null,
          refusal: null,
        },
      ])
    expect(server.log.lines().slice(0, 3)).toEqual([
      'in text hello',
      server.log.lines()[1],
      'out text hello',
    ])
  })

  it('close some time after the opening, with what came before answered', async () => {
    const { client, gets } = await faulty([
      faultOf('close', { code: 1001, reason: '', after: 400 }),
    ])
    client.socket.write(masked('hello'))
    await gets(text('hello'), close(1001))
    expect(client.timeOf(7)).toBeGreaterThan(250)
  })

  it.each(['fin', 'rst'] as const)('terminate with %s', async (how) => {
    const { server, client, gets, ends } = await faulty([
      faultOf('terminate', { how, at: 'received', after: 30 }),
    ])
    client.socket.write(masked('hello'))
    await gets(text('hello'))
    await expect.poll(client.ended).toBe(how)
    await expect
      .poll(() => ends)
      .toEqual([
        {
          close: { code: 1006, reason: '', by: 'local', clean: false },
          failure: null,
          refusal: null,
        },
      ])
    expect(client.received()).toEqual(text('hello'))
    expect(server.notes()).toHaveLength(1)
  })

  it('terminate before a message, which is then not sent', async () => {
    const { server, client, send, line } = await faulty([
      faultOf('terminate', { how: 'fin', at: 'sending' }),
    ])
    await expect(send('never')).rejects.toMatchObject({ code: 'SEND_FAILED' })
    await expect.poll(client.ended).toBe('fin')
    expect(client.received().length).toBe(0)
    await expect.poll(() => server.log.lines()).toContain('out text never')
    expect(server.log.rows.at(-1)).toMatchObject({ fate: 'failed', wireSize: 0 })
    expect(line.isActive).toBe(false)
  })

  it('never answer a close frame, nor end the connection', async () => {
    const { server, client, gets, ends } = await faulty([faultOf('ignore-close', {})])
    client.socket.write(
      Buffer.concat([masked('hello'), masked(closePayload(1000, 'bye'), 8), masked('late')]),
    )
    await gets(text('hello'))
    await pause(200)
    expect(client.ended()).toBeNull()
    expect(client.received()).toEqual(text('hello'))
    expect(server.log.lines().filter((each) => !each.includes('late'))).toEqual([
      'in text hello',
      expect.stringContaining('in close'),
      'none note Fault: Never answer close struck: close frame not answered',
      'out text hello',
    ])
    client.socket.destroy()
    await expect.poll(() => ends.length).toBe(1)
    expect(ends[0]?.close).toMatchObject({ code: 1000, by: 'peer', clean: false })
  })

  it('take an answer to a close frame of the server', async () => {
    const { client, session, gets, ends } = await faulty([faultOf('ignore-close', {})])
    session.close(1001)
    await gets(close(1001))
    client.socket.end(masked(closePayload(1001), 8))
    await expect.poll(() => ends.length).toBe(1)
    expect(ends[0]?.close).toMatchObject({ code: 1001, clean: true })
  })

  it('never answer a ping', async () => {
    const { server, client, gets } = await faulty([faultOf('ignore-ping', { count: 1 })])
    client.socket.write(Buffer.concat([masked('one', 9), masked('hello'), masked('two', 9)]))
    await gets(text('hello'), frame({ opcode: 10, payload: 'two' }))
    expect(server.notes()).toEqual(['Fault: Never answer ping struck: pong of 3 B not sent'])
  })

  it('send a storm of pings', async () => {
    const { server, client, gets } = await faulty([
      faultOf('ping-storm', { pings: 100, perSecond: 500 }),
    ])
    const pings = Array.from({ length: 100 }, (_unused, index) =>
      frame({ opcode: 9, payload: `fault ${index + 1}` }),
    )
    await gets(...pings)
    const bytes = Buffer.concat(pings).length
    expect(client.timeOf(bytes - 1) - client.timeOf(0)).toBeGreaterThan(100)
    expect(server.notes()).toEqual(['Fault: Ping storm struck: 100 pings sent, 500 a second'])
    await expect.poll(() => server.log.rows.filter(({ kind }) => kind === 'ping').length).toBe(100)
  })

  it('strike as often as messages come, at most the count', async () => {
    const { client, gets } = await faulty([
      faultOf('stray-continuation', { at: 'received', count: 2 }),
    ])
    client.socket.write(Buffer.concat(['a', 'b', 'c'].map((each) => masked(each))))
    const stray = frame({ opcode: 0, payload: 'fault' })
    await gets(text('a'), stray, text('b'), stray, text('c'))
  })

  it('strike for messages that come with the upgrade request', async () => {
    const server = (await serve(
      faultyServer({ faults: [faultOf('stray-continuation', { at: 'received' })], echo: true }),
    )) as FaultyServer
    const client = await bareClient(server.port, [], masked('early'))
    const stray = frame({ opcode: 0, payload: 'fault' })
    await expect.poll(client.received).toEqual(Buffer.concat([text('early'), stray]))
  })

  it('strike those that are connected when a fault of the opening is added, once', async () => {
    const { line, send, gets } = await faulty([])
    const fault = faultOf('ping-storm', { pings: 1, perSecond: 1 })
    const ping = frame({ opcode: 9, payload: 'fault 1' })
    line.set([fault])
    await gets(ping)
    line.set([faultOf('drop', {}), fault])
    line.set([fault])
    void send('a')
    await gets(ping, text('a'))
    line.set([])
    line.set([fault])
    await gets(ping, text('a'), ping)
  })
})
