import { inflateRawSync, constants } from 'node:zlib'
import type { Fault } from '@shared/model/server-fault'
import { afterEach, describe, expect, it } from 'vitest'
import { frame } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { bareClient, faultOf, faultyServer } from '../../../../test/servers/faulty'
import type { FaultyPeer, FaultyServer } from '../../../../test/servers/faulty'

const { serve } = serversForTest(afterEach)

const text = (payload: string) => frame({ opcode: 1, payload })
const deflateLine = 'Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover'

/** A client of a server with these faults. */
async function faulty(faults: Fault[], ...lines: string[]) {
  const server = (await serve(
    faultyServer({ faults, ws: { perMessageDeflate: lines.length > 0 && { threshold: 20 } } }),
  )) as FaultyServer
  const client = await bareClient(server.port, lines)
  await expect.poll(() => server.peers.length).toBe(1)
  const { session, line } = server.peers[0] as FaultyPeer
  const send = (payload: string | Buffer, opcode: 'text' | 'binary' = 'text') =>
    session.send(opcode, Buffer.from(payload))
  const gets = (...frames: Buffer[]) => expect.poll(client.received).toEqual(Buffer.concat(frames))
  return { server, client, session, line, send, gets }
}

describe('Faults of messages', () => {
  it('drop a message, and only that', async () => {
    const { server, session, send, gets } = await faulty([faultOf('drop', { count: 1 })])
    void send('lost')
    void send('kept')
    await gets(text('kept'))
    expect(server.log.lines()).toEqual([
      'none note Fault: Drop struck: text message of 4 B not sent',
      'out text kept',
    ])
    expect(session.counters).toMatchObject({ messagesOut: 1, bytesOut: 4 })
    await expect.poll(() => session.bufferedAmount).toBe(0)
    await expect.poll(() => server.log.rows.at(-1)?.fate).toBe('written')
  })

  it('duplicate a message', async () => {
    const { server, session, send, gets } = await faulty([
      faultOf('duplicate', { copies: 2, count: 1 }),
    ])
    void send('again')
    void send('once')
    await gets(text('again'), text('again'), text('again'), text('once'))
    expect(server.log.lines().slice(1)).toEqual([
      'out text again',
      'out text again',
      'out text again',
      'out text once',
    ])
    expect(session.counters.messagesOut).toBe(4)
  })

  it('let a message be overtaken', async () => {
    const { server, send, gets } = await faulty([faultOf('reorder', { distance: 2, count: 1 })])
    for (const each of ['one', 'two', 'three', 'four']) void send(each)
    await gets(...['two', 'three', 'one', 'four'].map(text))
    expect(server.log.lines().slice(1)).toEqual(
      ['two', 'three', 'one', 'four'].map((each) => `out text ${each}`),
    )
  })

  it('do not let a message wait for others for ever', async () => {
    const { send, gets, client } = await faulty([
      faultOf('reorder', { distance: 1, count: 1 }),
      faultOf('merge', { messages: 2, count: 1 }),
    ])
    void send('alone')
    await gets(text('alone'))
    expect(client.timeOf(0)).toBeGreaterThan(700)
  })

  it('truncate a message', async () => {
    const { server, session, send, gets } = await faulty([faultOf('truncate', { bytes: 3 })])
    void send('shortened')
    void send('abc')
    await gets(text('sho'), text('abc'))
    expect(server.notes()).toEqual(['Fault: Truncate struck: text message of 9 B cut to 3 B'])
    expect(session.counters.bytesOut).toBe(6)
  })

  it('corrupt bytes, the same ones with the same seed', async () => {
    const { server, client, send } = await faulty([faultOf('corrupt', { bytes: 2 })])
    const payload = Buffer.alloc(100, 'x')
    await send(payload, 'binary')
    await expect.poll(() => client.received().length).toBe(102)
    const received = client.received()
    expect(received.subarray(0, 2)).toEqual(frame({ opcode: 2, payload }).subarray(0, 2))
    expect(received.subarray(2).filter((byte) => byte !== 0x78)).toHaveLength(2)
    const row = server.log.rows.at(-1)
    expect(row?.payload).toEqual(received.subarray(2))
    expect(row).toMatchObject({ kind: 'binary', wireSize: 102, fate: 'written' })
  })

  it('mark a text that is no longer UTF-8', async () => {
    const { server, client, send } = await faulty([faultOf('truncate', { bytes: 1 })])
    await send('é')
    await expect.poll(client.received).toEqual(frame({ opcode: 1, payload: Buffer.from([0xc3]) }))
    expect(server.log.rows.at(-1)?.broken?.rule).toBe('A text message must be valid UTF-8')
  })

  it('split a message into fragments', async () => {
    const { server, send, gets } = await faulty([faultOf('split', { fragments: 3 })])
    void send('abcdef')
    void send('x')
    await gets(
      frame({ opcode: 1, fin: false, payload: 'ab' }),
      frame({ opcode: 0, fin: false, payload: 'cd' }),
      frame({ opcode: 0, payload: 'ef' }),
      frame({ opcode: 1, fin: false }),
      frame({ opcode: 0, fin: false }),
      frame({ opcode: 0, payload: 'x' }),
    )
    expect(server.log.rows.at(-3)).toMatchObject({ text: 'abcdef', fragments: 3, wireSize: 12 })
    expect(server.log.lines().filter((each) => each.startsWith('out'))).toEqual([
      'out text abcdef',
      'out text x',
    ])
  })

  it('split a compressed message, with RSV1 on the first frame only', async () => {
    const { server, client, send } = await faulty([faultOf('split', { fragments: 2 })], deflateLine)
    const message = 'compress '.repeat(20)
    await send(message)
    await expect.poll(() => client.received().length).toBeGreaterThan(0)
    const received = client.received()
    const [first, second] = [received[1] as number, received[3 + (received[1] as number)] as number]
    expect(received[0]).toBe(0x41)
    expect(received[2 + first]).toBe(0x80)
    const deflated = Buffer.concat([
      received.subarray(2, 2 + first),
      received.subarray(4 + first, 4 + first + second),
    ])
    expect(
      inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1'),
    ).toBe(message)
    expect(server.log.rows.at(-1)).toMatchObject({ text: message, fragments: 2 })
  })

  it('keep the payloads of compressed messages with them when one is dropped', async () => {
    const { server, session, send } = await faulty([faultOf('drop', { count: 1 })], deflateLine)
    await send('lost '.repeat(20))
    await send('kept '.repeat(20))
    await send('short')
    expect(server.log.lines().slice(1)).toEqual([
      `out text ${'kept '.repeat(20).trim()}`,
      'out text short',
    ])
    expect(session.counters.bytesOut).toBe(105)
  })

  it('merge messages of one type', async () => {
    const { server, session, send, gets } = await faulty([faultOf('merge', { messages: 3 })])
    for (const each of ['{"a":1}', '{"b":2}', '{"c":3}', 'd']) void send(each)
    void send('bin', 'binary')
    await gets(text('{"a":1}{"b":2}{"c":3}'), text('d'), frame({ opcode: 2, payload: 'bin' }))
    expect(server.log.lines()).toEqual([
      'none note Fault: Merge struck: 3 messages joined to one text message of 21 B',
      'out text {"a":1}{"b":2}{"c":3}',
      'out text d',
      'out binary bin',
    ])
    await expect.poll(() => session.bufferedAmount).toBe(0)
  })

  it('fill a message up', async () => {
    const { server, session, client, send, gets } = await faulty([
      faultOf('oversize', { bytes: 70_000, count: 1 }),
    ])
    await send('small')
    await gets(text('small'.padEnd(70_000)))
    expect(client.received().length).toBe(70_010)
    expect(server.log.rows.at(-1)).toMatchObject({ text: 'small'.padEnd(70_000), wireSize: 70_010 })
    expect(session.counters.bytesOut).toBe(70_000)
  })

  it('fill a message up to many megabytes without holding them', async () => {
    const { server, client, send } = await faulty([faultOf('oversize', { bytes: 50_000_000 })])
    client.socket.removeAllListeners('data').pause()
    const before = process.memoryUsage().arrayBuffers
    const sent = send('b', 'binary')
    // All of it is on its way, and a client that does not read stops it.
    expect((await sent).fate).toBe('queued')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
    let received = 0
    client.socket.on('data', (chunk) => (received += chunk.length)).resume()
    await expect.poll(() => received).toBe(50_000_010)
    expect(server.log.rows.at(-1)).toMatchObject({ wireSize: 50_000_010 })
  })

  it('act in the order of the list', async () => {
    const { send, gets } = await faulty([
      faultOf('truncate', { bytes: 2 }),
      faultOf('duplicate', { copies: 1 }),
      faultOf('merge', { messages: 2 }),
    ])
    void send('abc')
    await gets(text('abab'))
  })

  it('leave control frames alone', async () => {
    const { client, session, gets } = await faulty([
      faultOf('drop', {}),
      faultOf('duplicate', { copies: 1 }),
    ])
    session.ping(Buffer.from('p'))
    client.socket.write(frame({ opcode: 9, payload: 'q', mask: [1, 2, 3, 4] }))
    await gets(frame({ opcode: 9, payload: 'p' }), frame({ opcode: 10, payload: 'q' }))
  })

  it('strike no more often than told, and not while disabled', async () => {
    const { line, server, send, gets } = await faulty([faultOf('drop', { enabled: false })])
    await send('a')
    line.set([faultOf('drop', { count: 2 })])
    for (const each of ['b', 'c', 'd']) void send(each)
    line.set([faultOf('drop', { count: 3 })])
    void send('e')
    void send('f')
    await gets(text('a'), text('d'), text('f'))
    expect(server.notes()).toHaveLength(3)
    line.set([])
    expect(line.isActive).toBe(false)
  })
})
