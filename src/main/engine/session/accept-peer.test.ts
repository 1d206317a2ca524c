import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws'
import { closePayload, frame } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'
import { recordLog } from '../../../../test/servers/recorded-log'
import { listen } from '../../../../test/servers/test-server'
import { createWireTap, WireTap } from '../wire/wire-tap'
import { wsOptions } from '../wire/ws-options'
import { acceptPeer } from './accept-peer'
import type { Session, SessionEnd, SessionListener } from './session'

const { serve } = serversForTest(afterEach)
const key = [9, 8, 7, 6] as const

/** A server as the local server builds it: a tap per raw connection, below HTTP. */
async function acceptingServer(listener: SessionListener = {}, options: ServerOptions = {}) {
  const log = recordLog()
  const sessions: Session[] = []
  const ends: SessionEnd[] = []
  const websockets = new WebSocketServer({ ...wsOptions, ...options, noServer: true })
  const http = createHttpServer((_request, response) => response.end('hello world'))
  http.on('upgrade', (request, socket, head) => {
    if (!(socket instanceof WireTap)) throw new Error('the tap was not used')
    const tap = socket
    tap.beginFrames(head)
    websockets.handleUpgrade(request, tap, head, (ws) => {
      const session = acceptPeer({
        ws,
        tap,
        request,
        log,
        maxPayload: options.maxPayload ?? 0,
        listener: {
          ...listener,
          onMessage(opcode, payload) {
            void session.send(opcode, Buffer.from(payload))
          },
          onClosed: (end) => ends.push(end),
        },
      })
      sessions.push(session)
    })
  })
  const server = await serve(
    listen(
      createServer({ allowHalfOpen: true }, (socket) => {
        http.emit('connection', createWireTap(socket, { role: 'server' }))
      }),
    ),
  )
  return { ...server, log, sessions, ends }
}

const upgradeRequest = (port: number, ...lines: string[]) =>
  [
    'GET /chat?room=1 HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...lines,
    '',
    '',
  ].join('\r\n')

/** A client on a bare socket; what it received is collected. */
async function bareClient(port: number, ...writes: (string | Buffer)[]) {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const received: Buffer[] = []
  socket.on('data', (chunk) => received.push(chunk))
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  for (const write of writes) socket.write(write)
  return { socket, received: () => Buffer.concat(received) }
}

describe('acceptPeer', () => {
  it('makes a session of a client, the mirror of the session of its peer', async () => {
    const server = await acceptingServer({}, { perMessageDeflate: true })
    const client = dialForTest(`${server.url}/path?x=1`, {
      headers: [{ secret: false, enabled: true, name: 'Cookie', value: 'id=sesame' }],
    })
    await client.opened
    await client.session.send('text', Buffer.from('hello'))
    await expect.poll(() => client.messages).toEqual(['hello'])
    client.session.close(1000, 'bye')
    await client.closed
    await expect.poll(() => server.ends).toHaveLength(1)
    expect(server.ends[0]).toEqual({
      close: { code: 1000, reason: 'bye', by: 'peer', clean: true },
      failure: null,
      refusal: null,
    })
    expect(server.log.lines().map((line) => line.slice(0, 9))).toEqual([
      'in text h',
      'out text ',
      'in close ',
      'out close',
    ])
    const [session] = server.sessions
    expect(session?.counters).toEqual({ messagesIn: 1, messagesOut: 1, bytesIn: 5, bytesOut: 5 })
    const { requestHead, responseHead, extensions, url } = session?.handshake ?? {}
    expect(requestHead?.replace('••••••', 'id=sesame')).toContain('Cookie: id=sesame\r\n')
    expect(requestHead).not.toContain('sesame')
    expect(responseHead).toBe(client.session.handshake?.responseHead)
    expect(extensions).toContain('permessage-deflate')
    expect(url).toBe(`${server.url}/path?x=1`)
    expect(server.log.session(1)).toEqual({
      number: 1,
      role: 'server',
      url,
      peer: client.log.session(1).local,
      local: client.log.session(1).peer,
    })
    expect(server.log.rows[0]).toMatchObject({
      kind: 'open',
      text: `${requestHead}${responseHead}`,
    })
  })

  it('reports frames that come in the segment of the request exactly once', async () => {
    const server = await acceptingServer()
    const frames = [
      frame({ opcode: 1, payload: 'eager', mask: key }),
      frame({ opcode: 9, payload: 'p', mask: key }),
      frame({ opcode: 1, payload: 'beaver', mask: key }),
    ]
    const request = Buffer.from(upgradeRequest(server.port))
    const client = await bareClient(server.port, Buffer.concat([request, ...frames]))
    await expect.poll(() => server.log.rows.length).toBe(7)
    expect(server.log.lines()).toEqual([
      'in text eager',
      'in ping p',
      'in text beaver',
      'out text eager',
      'out pong p',
      'out text beaver',
    ])
    expect(server.sessions[0]?.handshake?.requestHead).toBe(upgradeRequest(server.port))
    client.socket.destroy()
    await expect.poll(() => server.ends).toHaveLength(1)
  })

  it('serves ordinary requests before, on the same connection', async () => {
    const server = await acceptingServer()
    const get = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n\r\n`
    const client = await bareClient(server.port, get)
    await expect.poll(() => client.received().toString()).toContain('hello world')
    client.socket.write(upgradeRequest(server.port))
    await expect.poll(() => server.sessions).toHaveLength(1)
    client.socket.write(frame({ opcode: 1, payload: 'after', mask: key }))
    await expect.poll(() => server.log.lines()).toEqual(['in text after', 'out text after'])
    const { handshake } = server.sessions[0] ?? {}
    expect(handshake?.requestHead).toBe(upgradeRequest(server.port))
    expect(handshake?.responseHead).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\n$/)
    client.socket.destroy()
  })

  it('refuses an unmasked frame, and logs it', async () => {
    const server = await acceptingServer()
    const client = await bareClient(server.port, upgradeRequest(server.port))
    client.socket.write(frame({ opcode: 1, payload: 'naked' }))
    await expect.poll(() => server.log.rows.some(({ kind }) => kind === 'close')).toBe(true)
    client.socket.end()
    await expect.poll(() => server.ends).toHaveLength(1)
    expect(server.log.rows[1]).toMatchObject({ kind: 'text', text: 'naked' })
    expect(server.log.rows[1]?.broken?.rule).toBe('A client must mask its frames')
    expect(server.ends[0]?.failure).toMatchObject({ step: 'protocol' })
  })

  it('shows what did not inflate without its mask', async () => {
    const server = await acceptingServer({}, { perMessageDeflate: true })
    const offer = 'Sec-WebSocket-Extensions: permessage-deflate'
    const client = await bareClient(server.port, upgradeRequest(server.port, offer))
    await expect.poll(() => server.sessions).toHaveLength(1)
    const payload = Buffer.from('ffffffffff', 'hex')
    client.socket.write(frame({ opcode: 2, rsv1: true, payload, mask: key }))
    await expect.poll(() => server.log.rows.some(({ kind }) => kind === 'close')).toBe(true)
    client.socket.destroy()
    expect(server.log.rows[1]).toMatchObject({ kind: 'binary', payload })
    expect(server.log.rows[1]?.broken?.section).toBe('RFC 7692 section 7.2.2')
  })

  it('shows the start of a message that is too long without its mask', async () => {
    const server = await acceptingServer({}, { maxPayload: 10 })
    const client = await bareClient(server.port, upgradeRequest(server.port))
    await expect.poll(() => server.sessions).toHaveLength(1)
    client.socket.write(frame({ opcode: 1, payload: 'longer than ten', mask: key }))
    await expect.poll(() => server.log.rows.some(({ kind }) => kind === 'close')).toBe(true)
    client.socket.destroy()
    expect(server.log.rows[1]).toMatchObject({ kind: 'text', text: 'longer than ten' })
  })

  it('works for a ws client that closes with a reason of its own', async () => {
    const server = await acceptingServer()
    const client = new WebSocket(server.url)
    await once(client, 'open')
    client.close(4001, 'enough')
    await once(client, 'close')
    await expect.poll(() => server.ends).toHaveLength(1)
    expect(server.ends[0]?.close).toEqual({ code: 4001, reason: 'enough', by: 'peer', clean: true })
    const [first] = server.log.rows.filter(({ kind }) => kind === 'close')
    expect(first?.payload).toEqual(closePayload(4001, 'enough'))
  })

  it.each([
    ['/chat', 'host.test:81', 'ws://host.test:81/chat'],
    ['/chat', 'user:secret@host.test', 'ws://host.test/chat'],
    ['http://user:secret@other.test/chat?x=1', 'host.test', 'ws://host.test/chat?x=1'],
  ])('takes %s at %s for %s, without user information', async (target, host, url) => {
    const server = await acceptingServer()
    const request = upgradeRequest(server.port)
      .replace('/chat?room=1', target)
      .replace(/Host: .*\r/, `Host: ${host}\r`)
    const client = await bareClient(server.port, request)
    await expect.poll(() => server.sessions).toHaveLength(1)
    expect(server.log.session(1).url).toBe(url)
    client.socket.destroy()
  })

  it('keeps several clients apart', async () => {
    const server = await acceptingServer()
    const clients = [dialForTest(server.url), dialForTest(server.url)]
    for (const { opened } of clients) await opened
    expect(server.sessions.map(({ number }) => number)).toEqual([1, 2])
    expect(server.log.session(1).peer).not.toBe(server.log.session(2).peer)
    for (const { session } of clients) session.terminate()
    await expect.poll(() => server.ends).toHaveLength(2)
  })
})
