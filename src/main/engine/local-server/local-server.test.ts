import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Row } from '@shared/model/frame'
import type { ServerConfig, ServerState } from '@shared/model/local-server'
import { planOf, type Preset } from '@shared/model/server-presets'
import { newRoute, type Route } from '@shared/model/server-route'
import { WebSocket, type ClientOptions } from 'ws'
import { closePayload, frame } from '../../../../test/servers/bare'
import { planWith, serverProfile } from '../../../../test/support/server-profile'
import { SegmentLog } from '../frame-log/segment-log'
import { LocalServer } from './local-server'

/** Milliseconds; a user waits five seconds. */
const pushInterval = 60

describe('LocalServer', () => {
  let server: LocalServer
  let log: SegmentLog
  let states: ServerState[]
  let totals: number[]
  const clients: WebSocket[] = []
  const occupied: Server[] = []

  beforeEach(() => {
    log = new SegmentLog({ id: 'server', folder: null })
    states = []
    totals = []
    server = new LocalServer({
      log,
      onChanged: (state) => states.push(state),
      onClientsChanged: (total) => totals.push(total),
      profile: serverProfile(),
    })
  })

  /** Starts the server with something of its config changed. */
  async function start(change: Partial<ServerConfig> = {}): Promise<ServerState> {
    server.update(serverProfile(change))
    return server.start()
  }

  const startRoute = (change: Partial<Route>, preset: Preset = 'echo') =>
    start({ plan: planWith(preset, change) })

  const becomes = (plan: ServerConfig['plan']) =>
    server.update({
      ...server.profile,
      config: { ...server.profile.config, plan },
    })

  /** A preset that pushes more often than a user wants to wait. */
  function quickly(preset: Preset): ServerConfig['plan'] {
    const plan = planOf(preset)
    for (const behaviour of plan.routes.flatMap((route) => route.behaviours))
      if (behaviour.kind === 'ticker') behaviour.interval = pushInterval
    return plan
  }

  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate()
    for (const taken of occupied.splice(0)) taken.close()
    await server.dispose()
  })

  async function open(path = '/', protocols: string[] = [], options: ClientOptions = {}) {
    const url = `ws://127.0.0.1:${server.state.port}${path}`
    const client = new WebSocket(url, protocols, options)
    clients.push(client)
    const messages: { text: string; isBinary: boolean }[] = []
    client.on('message', (data: Buffer, isBinary: boolean) =>
      messages.push({ text: data.toString(), isBinary }),
    )
    await once(client, 'open')
    return { client, messages }
  }

  async function occupy(host = '127.0.0.1', port = 0): Promise<number> {
    const taken = createServer()
    occupied.push(taken)
    taken.listen(port, host)
    await once(taken, 'listening')
    return (taken.address() as AddressInfo).port
  }

  function rows(): Row[] {
    return Array.from({ length: log.total }, (_, id) => log.row(id)).filter((row) => !!row)
  }

  const previews = (kind: Row['kind']) =>
    rows()
      .filter((row) => row.kind === kind)
      .map(({ preview }) => preview)

  describe('starting and stopping', () => {
    it('runs on the loopback interface and says where', async () => {
      expect(server.state).toMatchObject({ phase: 'stopped', since: null, port: null, urls: [] })
      const state = await start()
      expect(state).toMatchObject({
        phase: 'running',
        urls: [`ws://127.0.0.1:${state.port}`],
        logId: 'server',
        clients: 0,
      })
      expect(states.map(({ phase }) => phase).slice(-2)).toEqual(['starting', 'running'])
      expect(previews('note')[0]).toContain(`Server started at ws://127.0.0.1:${state.port}`)
    })

    it('can be reached over IPv4 on all interfaces, the loopback URL first', async () => {
      const { urls, port } = await start({ allInterfaces: true })
      expect(urls[0]).toBe(`ws://127.0.0.1:${port}`)
      const { client, messages } = await open()
      client.send('hello')
      await vi.waitFor(() => expect(messages).toEqual([{ text: 'hello', isBinary: false }]))
      expect(server.clients(0, 1).clients[0]?.address).toMatch(/^127\.0\.0\.1:\d+$/)
    })

    it('names a taken port and the next one that is really free', async () => {
      const port = await occupy()
      await occupy('127.0.0.1', port + 1).catch(() => undefined)
      const error: unknown = await start({ port }).catch((reason) => reason)
      expect(error).toMatchObject({ code: 'PORT_IN_USE', details: { port } })
      const { nextFree } = (error as { details: { nextFree: number } }).details
      expect(nextFree).toBeGreaterThan(port + 1)
      expect((error as Error).message).toContain(`Port ${port} is used`)
      expect((error as Error).message).toContain(String(nextFree))
      expect(server.state.phase).toBe('stopped')
      expect(await start({ port: nextFree })).toMatchObject({ port: nextFree })
    })

    it('frees its port when it stops', async () => {
      const { port } = await start()
      await open()
      connect(port ?? 0, '127.0.0.1').on('error', () => {})
      await server.stop()
      expect(server.state).toMatchObject({ phase: 'stopped', port: null, urls: [], clients: 0 })
      await expect(occupy('127.0.0.1', port ?? 0)).resolves.toBe(port)
      expect(previews('note').at(-1)).toBe('Server stopped')
    })

    it('closes its clients with 1001 when it stops', async () => {
      await start()
      const { client } = await open()
      const closed = once(client, 'close')
      await server.stop()
      expect((await closed)[0]).toBe(1001)
    })

    it('destroys clients that do not answer the close', async () => {
      await start()
      const { client } = await open()
      const closed = once(client, 'close')
      client.pause()
      await server.stop()
      expect(server.state).toMatchObject({ phase: 'stopped', clients: 0 })
      client.resume()
      await closed
    })

    it('starts once for two calls, and anew for another configuration', async () => {
      const [first, second] = await Promise.all([start(), start()])
      expect(second.port).toBe(first.port)
      expect(first.restartNeeded).toBe(false)
      server.update(serverProfile({ origins: ['https://app.example'] }))
      expect(server.state).toMatchObject({ port: first.port, restartNeeded: true })
      const third = await server.start()
      expect(third).toMatchObject({ phase: 'running', restartNeeded: false })
      expect(previews('note').filter((text) => text === 'Server stopped')).toHaveLength(1)
    })

    it('says when it cannot listen', async () => {
      await expect(start({ port: 65_536 })).rejects.toMatchObject({
        code: 'LISTEN_FAILED',
      })
      expect(server.state.phase).toBe('stopped')
    })
  })

  it('answers other requests with 426 and says what it is', async () => {
    const { port } = await start()
    const response = await fetch(`http://127.0.0.1:${port}/chat`)
    expect(response.status).toBe(426)
    expect(response.headers.get('upgrade')).toBe('websocket')
    expect(await response.text()).toContain('Framescope local server')
    expect(server.state.clients).toBe(0)
  })

  describe('presets', () => {
    it.each([
      ['echo', ['hi'], [], []],
      ['broadcast', ['hi'], ['hi'], ['hi']],
      ['relay', [], ['hi'], ['hi']],
    ] as const)('%s sends a message where it belongs', async (preset, ...expected) => {
      await start({ plan: planOf(preset) })
      const three = [await open(), await open(), await open()]
      three[0]?.client.send('hi')
      await vi.waitFor(() => {
        const received = three.map(({ messages }) => messages.map(({ text }) => text))
        expect(received).toEqual(expected)
      })
    })

    it('sends the type that came in', async () => {
      await start()
      const { client, messages } = await open()
      client.send('text')
      client.send(Buffer.from('binary'))
      client.send('')
      await vi.waitFor(() =>
        expect(messages).toEqual([
          { text: 'text', isBinary: false },
          { text: 'binary', isBinary: true },
          { text: '', isBinary: false },
        ]),
      )
    })

    it('echoes what came in, however fast the next one comes', async () => {
      await start()
      const { client, messages } = await open()
      const texts = Array.from({ length: 2000 }, (_, index) => `${index}`.repeat(1 + (index % 50)))
      for (const text of texts) client.send(text)
      await vi.waitFor(() => expect(messages).toHaveLength(2000), { timeout: 10_000 })
      expect(messages.map(({ text }) => text)).toEqual(texts)
    })

    it('changes without dropping clients', async () => {
      await start()
      const [first, second] = [await open(), await open()]
      becomes(planOf('relay'))
      first.client.send('over')
      await vi.waitFor(() => expect(second.messages).toMatchObject([{ text: 'over' }]))
      expect(first.messages).toEqual([])
      expect(previews('note').at(-1)).toContain('Relay')
      expect(server.state.clients).toBe(2)
    })

    it('ticker pushes the time to each client again and again, and answers nothing', async () => {
      await start({ plan: quickly('ticker') })
      const [first, second] = [await open('/any'), await open('/other?x=1')]
      first.client.send('hello')
      for (const { messages } of [first, second])
        await vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(3))
      const pushed = /^message from server at : \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
      for (const { text, isBinary } of [...first.messages, ...second.messages]) {
        expect(text).toMatch(pushed)
        expect(isBinary).toBe(false)
      }
      expect(rows().filter((row) => row.direction === 'in' && row.kind === 'text')).toMatchObject([
        { preview: 'hello' },
      ])
    })

    it('stops pushing when a client goes, when the preset changes and when it stops', async () => {
      await start({ plan: quickly('ticker') })
      const [gone, staying] = [await open(), await open()]
      await vi.waitFor(() => expect(staying.messages.length).toBeGreaterThan(0))
      gone.client.terminate()
      await vi.waitFor(() => expect(server.state.clients).toBe(1))
      becomes(quickly('echo'))
      const before = staying.messages.length
      await delay(3 * pushInterval)
      expect(staying.messages).toHaveLength(before)
      becomes(quickly('ticker'))
      await vi.waitFor(() => expect(staying.messages.length).toBeGreaterThan(before))
      await server.stop()
      const total = log.total
      await delay(3 * pushInterval)
      expect(log.total).toBe(total)
    })

    it('HTTP + WebSocket answers a plain GET, and serves WebSockets on one path', async () => {
      const { port, urls } = await start({ plan: quickly('http') })
      expect(urls).toEqual([`ws://127.0.0.1:${port}/chat`])
      const response = await fetch(`http://127.0.0.1:${port}/`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/)
      expect(await response.text()).toBe('hello world')
      const { messages } = await open('/chat?room=1')
      await vi.waitFor(() => expect(messages[0]?.text).toMatch(/^message from server at : /))
      await expect(open('/other')).rejects.toThrow('Unexpected server response: 404')
      expect(previews('note').at(-1)).toMatch(/^Turned away 127\.0\.0\.1:\d+: no route at \/other$/)
    })

    it('serves two endpoints on one port, and destroys sockets that ask for another path', async () => {
      const { port, urls } = await start({ plan: quickly('endpoints') })
      expect(urls).toEqual([`ws://127.0.0.1:${port}/chat`, `ws://127.0.0.1:${port}/chat2`])
      const [one, two] = [await open('/chat'), await open('/chat2?x=1')]
      await vi.waitFor(() => expect(one.messages[0]?.text).toMatch(/^message from server-1 at : /))
      await vi.waitFor(() => expect(two.messages[0]?.text).toMatch(/^message from server-2 at : /))
      await expect(open('/')).rejects.toThrow('socket hang up')
      await expect(open('/chat/')).rejects.toThrow('socket hang up')
      expect(server.state.clients).toBe(2)
    })

    it('keeps clients whose path has no endpoint any more, and serves them again later', async () => {
      await start()
      const { client, messages } = await open('/elsewhere')
      becomes(quickly('endpoints'))
      client.send('nobody hears')
      await vi.waitFor(() => expect(previews('text')).toContain('nobody hears'))
      becomes(quickly('echo'))
      client.send('back')
      await vi.waitFor(() => expect(messages).toEqual([{ text: 'back', isBinary: false }]))
    })
  })

  describe('clients', () => {
    it('answers a close frame that comes together with the FIN', async () => {
      await start()
      const socket = connect({
        port: server.state.port ?? 0,
        host: '127.0.0.1',
        allowHalfOpen: true,
      })
      const received: Buffer[] = []
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      const ended = once(socket, 'end')
      socket.write(
        'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      await once(socket, 'data')
      socket.end(frame({ opcode: 8, payload: closePayload(1000), mask: [1, 2, 3, 4] }))
      await ended
      expect(Buffer.concat(received).subarray(-4)).toEqual(Buffer.from([0x88, 2, 0x03, 0xe8]))
      await vi.waitFor(() => expect(server.state.clients).toBe(0))
      expect(rows().at(-1)).toMatchObject({ kind: 'close', direction: 'out', fate: 'written' })
    })

    it('lists them in the order they came, with what they asked for', async () => {
      await start()
      await open('/chat?room=1', ['v2.chat', 'v1.chat'], { headers: { 'User-Agent': 'probe/1' } })
      await open('/')
      const { total, clients: list } = server.clients(0, 10)
      expect(total).toBe(2)
      expect(list[0]).toMatchObject({
        path: '/chat?room=1',
        protocol: 'v2.chat',
        userAgent: 'probe/1',
        rtt: null,
      })
      expect(list.map(({ id }) => id)).toEqual([1, 2])
      expect(server.clients(1, 1).clients.map(({ id }) => id)).toEqual([2])
    })

    it('counts messages and bytes, and keeps the sum when a client goes', async () => {
      await start()
      const { client, messages } = await open()
      client.send('12345')
      await vi.waitFor(() => expect(messages).toHaveLength(1))
      const counters = { messagesIn: 1, messagesOut: 1, bytesIn: 5, bytesOut: 5 }
      expect(server.clients(0, 1).clients[0]?.counters).toEqual(counters)
      client.close()
      await vi.waitFor(() => expect(server.state.clients).toBe(0))
      expect(server.state.counters).toEqual(counters)
      await vi.waitFor(() => expect(totals.at(-1)).toBe(0))
      await server.stop()
      expect(server.state.counters).toEqual(counters)
    })

    it('sends to some or to all, and says to how many', async () => {
      await start()
      const [first, second] = [await open(), await open()]
      expect(await server.send([2, 2, 99], 'binary', Buffer.from('one'))).toBe(1)
      expect(await server.send(null, 'text', Buffer.from('all'))).toBe(2)
      await vi.waitFor(() => {
        expect(first.messages).toEqual([{ text: 'all', isBinary: false }])
        expect(second.messages).toEqual([
          { text: 'one', isBinary: true },
          { text: 'all', isBinary: false },
        ])
      })
    })

    it('refuses text that is not UTF-8', async () => {
      await start()
      await open()
      await expect(server.send(null, 'text', Uint8Array.of(0xff))).rejects.toMatchObject({
        code: 'PAYLOAD_INVALID',
      })
    })

    it('closes one with a code and a reason', async () => {
      await start()
      const { client } = await open()
      const closed = once(client, 'close')
      server.disconnectClients([1], 4001, 'go away')
      const [code, reason] = await closed
      expect([code, String(reason)]).toEqual([4001, 'go away'])
      await vi.waitFor(() => expect(server.state.clients).toBe(0))
      expect(() => server.disconnectClients([1])).toThrow(
        expect.objectContaining({ code: 'NOT_FOUND' }),
      )
    })

    it('refuses close codes that may not be sent', async () => {
      await start()
      await open()
      expect(() => server.disconnectClients([1], 1006)).toThrow(
        expect.objectContaining({ code: 'CLOSE_CODE_INVALID' }),
      )
    })

    it('terminates one without a close frame', async () => {
      await start()
      const { client } = await open()
      client.on('error', () => {})
      const closed = once(client, 'close')
      server.terminateClients([1])
      expect((await closed)[0]).toBe(1006)
    })

    it('serves nobody while stopped', async () => {
      await expect(server.send(null, 'text', Buffer.from('x'))).rejects.toMatchObject({
        code: 'SERVER_STOPPED',
      })
      expect(() => server.terminateClients([1])).toThrow(
        expect.objectContaining({ code: 'SERVER_STOPPED' }),
      )
      expect(server.clients(0, 10)).toEqual({ total: 0, clients: [] })
    })
  })

  describe('keep-alive', () => {
    it('keeps clients that answer and measures them', async () => {
      await startRoute({ keepAlive: { interval: 30, misses: 1 } })
      const { client } = await open()
      let pings = 0
      client.on('ping', () => (pings += 1))
      await vi.waitFor(() => expect(pings).toBeGreaterThan(3))
      const model = server.clients(0, 1).clients[0]
      expect(model?.rtt).toBeGreaterThan(0)
      expect(rows().some(({ kind, rtt }) => kind === 'pong' && rtt !== null)).toBe(true)
    })

    it('drops a client that does not answer and says so in a row', async () => {
      await startRoute({ keepAlive: { interval: 50, misses: 1 } })
      const { client } = await open('/', [], { autoPong: false })
      client.on('error', () => {})
      await once(client, 'close')
      await vi.waitFor(() => expect(server.state.clients).toBe(0))
      expect(previews('error')).toContain('Dropped: no pong within 50 ms')
    })

    it('sends no pings when it is off', async () => {
      await startRoute({ keepAlive: { interval: 0, misses: 1 } })
      const { client, messages } = await open()
      client.send('x')
      await vi.waitFor(() => expect(messages).toHaveLength(1))
      expect(rows().some(({ kind }) => kind === 'ping')).toBe(false)
    })
  })

  it('keeps one log for the server and all its clients', async () => {
    await start()
    const [first, second] = [await open(), await open()]
    first.client.send('a')
    second.client.send('b')
    await vi.waitFor(() =>
      expect([first, second].map((one) => one.messages.length)).toEqual([1, 1]),
    )
    const texts = rows().filter(({ kind }) => kind === 'text')
    for (const session of [1, 2])
      expect(texts.filter((row) => row.session === session).map((row) => row.direction)).toEqual([
        'in',
        'out',
      ])
    expect(
      rows()
        .filter(({ kind }) => kind === 'open')
        .map(({ session }) => session),
    ).toEqual([1, 2])
  })

  it('compresses only when that is on', async () => {
    await start()
    expect((await open()).client.extensions).toBe('')
    const plan = planOf('echo')
    for (const route of plan.routes) route.deflate.enabled = true
    becomes(plan)
    const { client, messages } = await open()
    expect(client.extensions).toContain('permessage-deflate')
    client.send('x'.repeat(2_000))
    await vi.waitFor(() => expect(messages).toHaveLength(1))
    expect(rows().at(-1)).toMatchObject({ direction: 'out', compressed: true, size: 2_000 })
  })

  describe('admission', () => {
    /** Why an upgrade was refused, as the client and the log say it. */
    async function refused(path: string, protocols: string[] = [], options: ClientOptions = {}) {
      const error: unknown = await open(path, protocols, options).catch((reason: unknown) => reason)
      return [(error as Error).message, previews('note').at(-1)?.replace(/.*: /, '')]
    }

    it('asks for headers and tokens, else answers 401', async () => {
      await startRoute({
        requires: [
          { in: 'header', name: 'X-Key', value: 'open sesame' },
          { in: 'query', name: 'token', value: '' },
        ],
      })
      const headers = { 'x-key': 'open sesame' }
      expect(await refused('/?token=1')).toEqual([
        'Unexpected server response: 401',
        'the header X-Key is missing or wrong',
      ])
      expect(await refused('/', [], { headers })).toEqual([
        'Unexpected server response: 401',
        'the query parameter token is missing or wrong',
      ])
      await open('/?token=any', [], { headers })
    })

    it('agrees on a subprotocol by the rule of the route', async () => {
      const accepted = ['v2', 'v1']
      await startRoute({ protocols: { accepted, choose: 'client', required: true } })
      expect((await open('/', ['v3', 'v1', 'v2'])).client.protocol).toBe('v1')
      expect(await refused('/', ['v3'])).toEqual([
        'Unexpected server response: 400',
        'it offers no subprotocol that the route speaks',
      ])
      expect((await refused('/'))[0]).toContain('400')
      becomes(planWith('echo', { protocols: { accepted, choose: 'server', required: false } }))
      expect((await open('/', ['v1', 'v2'])).client.protocol).toBe('v2')
      becomes(planWith('echo', { protocols: { accepted, choose: 'none', required: false } }))
      await expect(open('/', ['v1'])).rejects.toThrow('Server sent no subprotocol')
    })

    it('lets in the pages of listed origins, and whoever has none', async () => {
      await start({ origins: ['https://app.example'] })
      await open('/', [], { origin: 'https://app.example' })
      await open()
      expect((await refused('/', [], { origin: 'https://evil.example' }))[0]).toContain('403')
      expect(previews('note').at(-1)).toContain('its Origin is https://evil.example')
    })

    it('answers other paths as it is told to, byte for byte', async () => {
      await start({
        plan: {
          ...planOf('endpoints'),
          otherPaths: {
            kind: 'answer',
            status: 418,
            headers: [{ name: 'X-Pot', value: 'short' }],
            body: 'ä',
          },
        },
      })
      const socket = connect(server.state.port ?? 0, '127.0.0.1')
      const received: Buffer[] = []
      socket.on('data', (chunk: Buffer) => received.push(chunk))
      socket.write(
        'GET /x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      )
      await once(socket, 'close')
      expect(Buffer.concat(received).toString()).toBe(
        "HTTP/1.1 418 I'm a Teapot\r\nX-Pot: short\r\nContent-Length: 2\r\nConnection: close\r\n\r\nä",
      )
    })

    it('closes with 1009 what is longer than the route takes', async () => {
      await startRoute({ maxPayload: 10 })
      const { client } = await open()
      const closed = once(client, 'close')
      client.send('12345678901')
      expect((await closed)[0]).toBe(1009)
    })
  })

  describe('routes', () => {
    it('keep their clients apart, and greet each', async () => {
      const [one, two] = [planWith('broadcast').routes[0], planWith('broadcast').routes[0]]
      if (!one || !two) throw new Error('The preset has no route')
      await start({
        plan: {
          ...planOf('broadcast'),
          routes: [
            { ...one, id: 'a', path: '/rooms/:room', greeting: 'in {{param.room}}' },
            { ...two, id: 'b', path: '*', greeting: 'client {{client.id}}' },
          ],
        },
      })
      const [red, blue, other] = [
        await open('/rooms/red'),
        await open('/rooms/blue'),
        await open('/x'),
      ]
      red.client.send('hi')
      await vi.waitFor(() => expect(blue.messages).toHaveLength(2))
      await vi.waitFor(() => expect(other.messages).toHaveLength(1))
      expect(red.messages.map(({ text }) => text)).toEqual(['in red', 'hi'])
      expect(blue.messages.map(({ text }) => text)).toEqual(['in blue', 'hi'])
      expect(other.messages.map(({ text }) => text)).toEqual(['client 3'])
      expect(server.clients(0, 3).clients.map(({ route }) => route)).toEqual([
        '/rooms/:room',
        '/rooms/:room',
        '*',
      ])
    })

    it('know their clients by the parameters of a path that was edited', async () => {
      const room = (path: string, parameter: string): Route => ({
        ...newRoute('a', path),
        behaviours: [{ id: 'r', kind: 'rooms', join: { by: 'path', parameter }, toSender: true }],
      })
      const plan = (route: Route) => ({ ...planOf('echo'), routes: [route] })
      await start({ plan: plan(room('/rooms/:room', 'room')) })
      const [red, blue] = [await open('/rooms/red'), await open('/rooms/blue')]
      becomes(plan(room('/:kind/:name', 'kind')))
      red.client.send('to all of a kind')
      await vi.waitFor(() => expect(blue.messages).toHaveLength(1))
      becomes(plan(room('/:kind/:name', 'name')))
      red.client.send('to its name')
      await vi.waitFor(() => expect(red.messages).toHaveLength(2))
      expect(blue.messages).toHaveLength(1)
    })

    it('move a client when the first that fits its path is another one', async () => {
      await start()
      const { client, messages } = await open('/chat')
      const plan = planOf('endpoints')
      const [chat] = plan.routes
      if (!chat) throw new Error('The preset has no route')
      const silent = { ...chat, id: 'silent', behaviours: [] }
      becomes({ ...plan, routes: [silent, ...planOf('echo').routes] })
      client.send('unheard')
      await vi.waitFor(() => expect(previews('text')).toContain('unheard'))
      becomes({ ...plan, routes: [...planOf('echo').routes, silent] })
      client.send('echoed')
      await vi.waitFor(() => expect(messages.map(({ text }) => text)).toEqual(['echoed']))
    })
  })

  describe('a client that does not read', () => {
    async function fill(policy: Route['buffer']['policy']) {
      await startRoute({ buffer: { limit: 100_000, policy } }, 'broadcast')
      const reader = await open()
      const sleeper = await open()
      sleeper.client.on('error', () => {})
      sleeper.client.pause()
      const message = 'x'.repeat(50_000)
      const deadline = Date.now() + 15_000
      while (!server.clients(0, 2).clients[1]?.pressed && server.state.clients === 2) {
        if (Date.now() > deadline) throw new Error('Nothing waits')
        reader.client.send(message)
        await delay(1)
      }
      return { reader, sleeper, message }
    }

    it('has messages dropped, with a row, until it reads again', async () => {
      const { reader, sleeper } = await fill('drop')
      for (let count = 0; count < 20; count += 1) reader.client.send('y'.repeat(50_000))
      await vi.waitFor(() => expect(reader.messages.at(-1)?.text[0]).toBe('y'))
      expect(server.clients(1, 1).clients[0]?.bufferedAmount).toBeLessThan(300_000)
      expect(previews('note').at(-1)).toMatch(/^It does not read, and \d+ bytes wait for it\./)
      sleeper.client.resume()
      await vi.waitFor(() => expect(server.clients(1, 1).clients[0]?.pressed).toBe(false))
      expect(previews('note').at(-1)).toContain('It reads again')
      reader.client.send('after')
      await vi.waitFor(() => expect(sleeper.messages.at(-1)?.text).toBe('after'))
    })

    it('is closed with 1008 when its route says so', async () => {
      const { sleeper } = await fill('close')
      const closed = once(sleeper.client, 'close')
      sleeper.client.resume()
      expect((await closed)[0]).toBe(1008)
    })
  })
})
