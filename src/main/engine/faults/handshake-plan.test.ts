import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { faultOf } from '../../../../test/servers/faulty'
import { planHandshake, type HandshakeState } from './handshake-plan'

const state: HandshakeState = { seed: 1, client: 0, accepted: 0, connected: 0, strikes: new Map() }

const head = () => [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  'Sec-WebSocket-Protocol: chat',
  'Sec-WebSocket-Extensions: permessage-deflate',
]

function altered(...faults: Parameters<typeof planHandshake>[0]): string[] {
  const lines = head()
  planHandshake(faults, state).alterHead(lines)
  return lines
}

describe('planHandshake', () => {
  it('leaves a handshake without faults alone', () => {
    const plan = planHandshake([faultOf('drop', {}), faultOf('status', { enabled: false })], state)
    expect(plan).toMatchObject({ delay: 0, answer: null, garbage: null, struck: [] })
    const lines = head()
    plan.alterHead(lines)
    expect(lines).toEqual(head())
  })

  it('answers with another status, later', () => {
    const answer = { status: 401, headers: [{ name: 'X', value: 'y' }], body: 'no' }
    const plan = planHandshake(
      [
        faultOf('accept', { accept: 'missing' }),
        faultOf('status', answer),
        faultOf('slow-handshake', { delay: 100 }),
        faultOf('slow-handshake', { id: 'more', delay: 50 }),
      ],
      state,
    )
    expect(plan).toMatchObject({ delay: 150, answer, garbage: null })
    expect(plan.struck.map(({ text }) => text)).toEqual([
      'Fault: Another status struck: answered with 401',
      'Fault: Slow handshake struck: answer comes 100 ms later',
      'Fault: Slow handshake struck: answer comes 50 ms later',
    ])
  })

  it('refuses after so many connections, or while so many are there', () => {
    const after = [faultOf('refuse-after', { connections: 2 })]
    expect(planHandshake(after, { ...state, accepted: 1 }).answer).toBeNull()
    expect(planHandshake(after, { ...state, accepted: 2 }).answer?.status).toBe(503)
    const limit = [faultOf('limit', { connections: 2 })]
    expect(planHandshake(limit, { ...state, accepted: 9, connected: 1 }).answer).toBeNull()
    expect(planHandshake(limit, { ...state, connected: 2 }).answer?.status).toBe(503)
  })

  it('answers with random bytes, the same with the same seed', () => {
    const faults = [faultOf('garbage', { bytes: 50 })]
    const { garbage, answer } = planHandshake(faults, state)
    expect(garbage).toHaveLength(50)
    expect(answer).toBeNull()
    expect(planHandshake(faults, state).garbage).toEqual(garbage)
    expect(planHandshake(faults, { ...state, client: 1 }).garbage).not.toEqual(garbage)
  })

  it('changes the head', () => {
    expect(altered(faultOf('accept', { accept: 'missing' })).join()).not.toContain('Accept')
    const wrong = altered(faultOf('accept', { accept: 'wrong' }))
    expect(wrong.join()).toMatch(/Sec-WebSocket-Accept: [+/0-9A-Za-z]{27}=/)
    expect(wrong).not.toContain(head()[3])
    expect(
      altered(faultOf('subprotocol', { protocol: 'other' })).filter((line) =>
        /protocol:/i.test(line),
      ),
    ).toEqual(['Sec-WebSocket-Protocol: other'])
    expect(altered(faultOf('extension', { extension: 'x-other' })).at(-1)).toBe(
      'Sec-WebSocket-Extensions: permessage-deflate, x-other',
    )
    expect(altered(faultOf('http-1.0', {}))[0]).toBe('HTTP/1.0 101 Switching Protocols')
  })

  it('strikes by chance and no more often than told', () => {
    const faults = [faultOf('status', { status: 500, headers: [], body: '', probability: 0.5 })]
    const answers = Array.from(
      { length: 200 },
      (_unused, client) => planHandshake(faults, { ...state, client }).answer === null,
    )
    expect(answers.filter(Boolean).length).toBeGreaterThan(60)
    expect(answers.filter(Boolean).length).toBeLessThan(140)
    const twice = [faultOf('status', { status: 500, headers: [], body: '', count: 2 })]
    expect(
      planHandshake(twice, { ...state, strikes: new Map([['status', 1]]) }).answer,
    ).not.toBeNull()
    expect(planHandshake(twice, { ...state, strikes: new Map([['status', 2]]) }).answer).toBeNull()
  })

  it('reaches a client through the event of ws', async () => {
    const plan = planHandshake(
      [faultOf('http-1.0', {}), faultOf('subprotocol', { protocol: 'other' })],
      state,
    )
    const websockets = new WebSocketServer({ noServer: true })
    websockets.on('headers', plan.alterHead)
    const http = createServer().on('upgrade', (request, socket, rest) =>
      websockets.handleUpgrade(request, socket, rest, () => undefined),
    )
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const { port } = http.address() as AddressInfo
    const socket = connect(port, '127.0.0.1')
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(answer.toString()).toBe(
      'HTTP/1.0 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: other\r\n\r\n',
    )
    socket.destroy()
    http.close()
  })
})
