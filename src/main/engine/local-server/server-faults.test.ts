import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Fault } from '@shared/model/server-fault'
import type { Row } from '@shared/model/frame'
import type { Route } from '@shared/model/server-route'
import { WebSocket } from 'ws'
import { planWith, serverProfile } from '../../../../test/support/server-profile'
import { SegmentLog } from '../frame-log/segment-log'
import { LocalServer } from './local-server'

type Part<F> = F extends Fault ? Omit<F, 'id' | 'enabled' | 'probability' | 'count'> : never

const fault = (part: Part<Fault> & Partial<Pick<Fault, 'count' | 'enabled'>>, id = 'f'): Fault =>
  ({ id, enabled: true, probability: 1, count: null, ...part }) as Fault

describe('faults of a local server', () => {
  let server: LocalServer
  let log: SegmentLog
  const clients: WebSocket[] = []

  beforeEach(() => {
    log = new SegmentLog({ id: 'server', folder: null })
    server = new LocalServer({
      log,
      profile: serverProfile(),
      onChanged: () => undefined,
      onClientsChanged: () => undefined,
    })
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate()
    await server.dispose()
  })

  const change = (part: Partial<Route>) =>
    server.update(serverProfile({ plan: planWith('echo', part) }))

  async function start(...faults: Fault[]) {
    change({ faults })
    await server.start()
  }

  async function open(protocols: string[] = []) {
    const client = new WebSocket(`ws://127.0.0.1:${server.state.port}/`, protocols)
    clients.push(client)
    const messages: string[] = []
    client.on('message', (data: Buffer) => messages.push(data.toString()))
    client.on('error', () => {})
    await once(client, 'open')
    return { client, messages }
  }

  const refusal = () =>
    open().then(
      () => 'open',
      (error: Error) => error.message,
    )

  const notes = () =>
    Array.from({ length: log.total }, (_, id) => log.row(id))
      .filter((row): row is Row => row?.kind === 'note')
      .map(({ preview }) => preview)

  /** All bytes that a bare socket is sent for an upgrade request until the server has no more. */
  async function answer(): Promise<string> {
    const socket = connect(server.state.port ?? 0, '127.0.0.1')
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    socket.on('error', () => {})
    socket.write(
      'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await Promise.race([once(socket, 'close'), once(socket, 'data')])
    socket.destroy()
    return Buffer.concat(received).toString('latin1')
  }

  it.each([
    [{ kind: 'accept', accept: 'wrong' }, 'Invalid Sec-WebSocket-Accept header'],
    [{ kind: 'accept', accept: 'missing' }, 'Invalid Sec-WebSocket-Accept header'],
    [{ kind: 'subprotocol', protocol: 'v9' }, 'Server sent a subprotocol but none was requested'],
    [
      { kind: 'extension', extension: 'x-mine' },
      'Server sent a Sec-WebSocket-Extensions header but no extension was requested',
    ],
    [{ kind: 'status', status: 500, headers: [], body: 'no' }, 'Unexpected server response: 500'],
    [{ kind: 'refuse-after', connections: 0 }, 'Unexpected server response: 503'],
    [{ kind: 'limit', connections: 0 }, 'Unexpected server response: 503'],
    [{ kind: 'garbage', bytes: 40 }, 'Parse Error'],
  ] as [Part<Fault>, string][])(
    '%j of a handshake reaches the client, and the log',
    async (part, message) => {
      await start(fault(part))
      const client = new WebSocket(`ws://127.0.0.1:${server.state.port}/`, {
        perMessageDeflate: false,
      })
      clients.push(client)
      const [error] = (await once(client, 'error')) as [Error]
      expect(error.message).toContain(message)
      expect(notes().filter((text) => text.startsWith('Fault: '))).toHaveLength(1)
      expect(notes().at(-1)).toMatch(/\(127\.0\.0\.1:\d+\)$/)
    },
  )

  it('answers with HTTP/1.0, byte for byte what ws would say but for the version', async () => {
    await start()
    const proper = await answer()
    change({ faults: [fault({ kind: 'http-1.0' })] })
    expect(await answer()).toBe(proper.replace('HTTP/1.1 101', 'HTTP/1.0 101'))
  })

  it('lets the next ones in when a fault has struck as often as it may', async () => {
    await start(fault({ kind: 'status', status: 503, headers: [], body: '', count: 2 }))
    expect([await refusal(), await refusal(), await refusal()]).toEqual([
      'Unexpected server response: 503',
      'Unexpected server response: 503',
      'open',
    ])
  })

  it('counts those that are connected, and those that ever were', async () => {
    await start(fault({ kind: 'limit', connections: 1 }))
    const { client } = await open()
    expect(await refusal()).toContain('503')
    client.close()
    await vi.waitFor(() => expect(server.state.clients).toBe(0))
    expect(await refusal()).toBe('open')
    change({ faults: [fault({ kind: 'refuse-after', connections: 2 })] })
    expect(await refusal()).toContain('503')
  })

  it('answers late, and loses nothing that came meanwhile', async () => {
    await start(fault({ kind: 'slow-handshake', delay: 150 }))
    const began = performance.now()
    const { client, messages } = await open()
    expect(performance.now() - began).toBeGreaterThanOrEqual(145)
    client.send('hello')
    await vi.waitFor(() => expect(messages).toEqual(['hello']))
  })

  it('switches live, for a route and for one client alone', async () => {
    await start()
    const [one, two] = [await open(), await open()]
    const drop = fault({ kind: 'drop' })
    server.setClientFaults([1], [drop])
    expect(server.clientFaults(1)).toEqual([drop])
    expect(server.clients(0, 2).clients.map(({ faults }) => faults)).toEqual([1, 0])
    one.client.send('lost')
    two.client.send('kept')
    await vi.waitFor(() => expect(two.messages).toEqual(['kept']))
    await vi.waitFor(() => expect(notes().at(-1)).toContain('Drop'))
    server.setClientFaults([1], [])
    change({ faults: [fault({ kind: 'duplicate', copies: 1 }, 'twice')] })
    one.client.send('again')
    await vi.waitFor(() => expect(one.messages).toEqual(['again', 'again']))
    change({ faults: [fault({ kind: 'duplicate', copies: 1, enabled: false }, 'twice')] })
    one.client.send('once')
    await vi.waitFor(() => expect(one.messages).toEqual(['again', 'again', 'once']))
  })

  it('lets several faults of a route act on one message', async () => {
    await start()
    const { client, messages } = await open()
    change({
      faults: [
        fault({ kind: 'duplicate', copies: 1 }, 'twice'),
        fault({ kind: 'split', fragments: 3 }, 'split'),
      ],
    })
    client.send('two')
    await vi.waitFor(() => expect(messages).toEqual(['two', 'two']))
    const rows = Array.from({ length: log.total }, (_, id) => log.row(id))
    expect(rows.filter((row) => row?.direction === 'out').map((row) => row?.fragments)).toEqual([
      3, 3,
    ])
  })

  it('leaves what a client sends unread while it does not read, and answers all of it later', async () => {
    change({ buffer: { limit: 100_000, policy: 'pause' } })
    await server.start()
    const { client, messages } = await open()
    client.pause()
    const count = 400
    for (let index = 0; index < count; index += 1) client.send(`${index} `.padEnd(50_000, 'x'))
    await vi.waitFor(() => expect(server.clients(0, 1).clients[0]?.pressed).toBe(true))
    expect(server.clients(0, 1).clients[0]?.bufferedAmount).toBeLessThan(1_000_000)
    expect(client.bufferedAmount).toBeGreaterThan(0)
    client.resume()
    await vi.waitFor(() => expect(messages).toHaveLength(count), { timeout: 15_000 })
    expect(messages.every((text, index) => text.startsWith(`${index} `))).toBe(true)
  })
})
