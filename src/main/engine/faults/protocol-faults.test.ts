import type { Fault } from '@shared/model/server-fault'
import { afterEach, describe, expect, it } from 'vitest'
import { frame } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { bareClient, faultOf, faultyServer } from '../../../../test/servers/faulty'
import type { FaultyPeer, FaultyServer } from '../../../../test/servers/faulty'

const { serve } = serversForTest(afterEach)

const text = (payload: string) => frame({ opcode: 1, payload })

async function faulty(faults: Fault[]) {
  const server = (await serve(faultyServer({ faults }))) as FaultyServer
  const client = await bareClient(server.port)
  await expect.poll(() => server.peers.length).toBe(1)
  const peer = server.peers[0] as FaultyPeer
  const send = (payload: string) => peer.session.send('text', Buffer.from(payload))
  const gets = (...frames: Buffer[]) => expect.poll(client.received).toEqual(Buffer.concat(frames))
  const broken = () =>
    server.log.rows.filter(({ direction }) => direction === 'out').map((row) => row.broken?.rule)
  return { server, client, ...peer, send, gets, broken }
}

/** What a fault makes of the message `hello`, and what it sends of its own. */
const spoils: [
  fault: (at: 'open' | 'sending') => Fault,
  of: (text: string) => Buffer,
  rule: RegExp,
][] = [
  [
    (at) => faultOf('reserved-opcode', { opcode: 5, at, count: 1 }),
    (payload) => frame({ opcode: 5, payload }),
    /^Opcode 5 is reserved/,
  ],
  [
    (at) => faultOf('rsv', { bits: 4, at, count: 1 }),
    (payload) => frame({ opcode: 1, rsv1: true, payload }),
    /RSV1, RSV2 and RSV3/,
  ],
  [
    (at) => faultOf('rsv', { bits: 3, at, count: 1 }),
    (payload) => frame({ opcode: 1, rsv2: true, rsv3: true, payload }),
    /RSV1, RSV2 and RSV3/,
  ],
  [
    (at) => faultOf('invalid-utf8', { at, count: 1 }),
    (payload) =>
      frame({ opcode: 1, payload: Buffer.concat([Buffer.from(payload), Buffer.from([0xff])]) }),
    /valid UTF-8/,
  ],
  [
    (at) => faultOf('non-minimal-length', { at, count: 1 }),
    (payload) => frame({ opcode: 1, payload, lengthBytes: 2 }),
    /shortest form/,
  ],
]

describe('Faults of the protocol', () => {
  it.each(spoils)(
    'strike a message that goes out, and the next is whole: %#',
    async (fault, of, rule) => {
      const { server, session, send, gets, broken } = await faulty([fault('sending')])
      void send('hello')
      void send('next')
      await gets(of('hello'), text('next'))
      expect(broken()).toEqual([expect.stringMatching(rule), undefined])
      expect(server.notes()).toHaveLength(1)
      expect(server.log.rows.at(-2)?.text).toContain('hello')
      expect(session.counters.messagesOut).toBe(2)
    },
  )

  it.each(spoils)('send a message of their own: %#', async (fault, of, rule) => {
    const { send, gets, broken } = await faulty([fault('open')])
    await gets(of('fault'))
    void send('next')
    await gets(of('fault'), text('next'))
    expect(broken()).toEqual([expect.stringMatching(rule), undefined])
  })

  it('mask a message', async () => {
    const { server, client, send, broken } = await faulty([
      faultOf('masked', { at: 'sending', count: 1 }),
    ])
    void send('hello')
    void send('next')
    await expect.poll(() => client.received().length).toBe(11 + 6)
    const [a, b, c, d] = client.received().subarray(2, 6)
    const mask = [a as number, b as number, c as number, d as number] as const
    expect(client.received()).toEqual(
      Buffer.concat([frame({ opcode: 1, payload: 'hello', mask }), text('next')]),
    )
    expect(broken()).toEqual(['A server must not mask its frames', undefined])
    expect(server.log.lines().slice(1)).toEqual(['out text hello', 'out text next'])
  })

  it('send frames that RFC 6455 forbids', async () => {
    const { send, gets, broken } = await faulty([
      faultOf('fragmented-control', {}),
      faultOf('oversized-control', { bytes: 70_000 }),
      faultOf('stray-continuation', {}),
      faultOf('short-close', {}),
    ])
    void send('next').catch(() => undefined)
    const frames = [
      frame({ opcode: 9, fin: false, payload: 'fau' }),
      frame({ opcode: 0, payload: 'lt' }),
      frame({ opcode: 9, payload: Buffer.alloc(70_000, 'a') }),
      frame({ opcode: 0, payload: 'fault' }),
      frame({ opcode: 8, payload: Buffer.from([3]) }),
    ]
    await gets(...frames)
    expect(broken().slice(0, 5)).toEqual([
      'A control frame must not be fragmented',
      'A continuation frame needs a started message',
      expect.stringContaining('more than 125 bytes'),
      'A continuation frame needs a started message',
      'A close payload is empty or has at least two bytes for the code',
    ])
  })

  it('write lengths of 16 bits in 64', async () => {
    const { send, gets } = await faulty([faultOf('non-minimal-length', { at: 'sending' })])
    void send('x'.repeat(300))
    void send('y'.repeat(70_000))
    await gets(
      frame({ opcode: 1, payload: 'x'.repeat(300), lengthBytes: 8 }),
      text('y'.repeat(70_000)),
    )
  })
})
