import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'
import type { ConnectStep, Header } from '@shared/model/connection'

const { serve } = serversForTest(afterEach)

const header = (name: string, value: string): Header => ({
  secret: false,
  enabled: true,
  name,
  value,
})

/** What the server saw, as `headersEcho` tells it. */
interface Seen {
  readonly url: string
  readonly rawHeaders: string[]
}

async function seenBy(url: string, config: Parameters<typeof dialForTest>[1] = {}) {
  const dialed = dialForTest(url, config, { secrets: () => 'hush' })
  await expect.poll(() => dialed.messages.length).toBe(1)
  const seen = JSON.parse(dialed.messages[0] ?? '') as Seen
  const pairs: [string, string][] = []
  for (let index = 0; index < seen.rawHeaders.length; index += 2)
    pairs.push([seen.rawHeaders[index] ?? '', seen.rawHeaders[index + 1] ?? ''])
  dialed.session.close()
  await dialed.closed
  return { ...dialed, path: seen.url, pairs, names: pairs.map(([name]) => name.toLowerCase()) }
}

describe('dial', () => {
  it('opens, sends text and binary, and closes cleanly', async () => {
    const server = await serve(servers.echo())
    const { session, log, steps, opened, closed } = dialForTest(server.url)
    expect(session.phase).toBe('connecting')
    expect(steps).toEqual([])
    await opened
    expect(session.phase).toBe('open')
    expect(await session.send('text', Buffer.from('hello'))).toMatchObject({ fate: 'written' })
    await expect.poll(() => session.counters.messagesIn).toBe(1)
    await session.send('binary', Uint8Array.of(0, 255))
    await expect.poll(() => session.counters.messagesIn).toBe(2)
    session.close(1000, 'bye')
    expect(session.phase).toBe('closing')
    expect(await closed).toEqual({
      close: { code: 1000, reason: 'bye', by: 'local', clean: true },
      failure: null,
      refusal: null,
    })
    expect(session.phase).toBe('closed')
    expect(log.rows.map(({ direction, kind, fate }) => [direction, kind, fate])).toEqual([
      ['none', 'open', null],
      ['out', 'text', 'written'],
      ['in', 'text', null],
      ['out', 'binary', 'written'],
      ['in', 'binary', null],
      ['out', 'close', 'written'],
      ['in', 'close', null],
    ])
    expect(session.counters).toEqual({ messagesIn: 2, messagesOut: 2, bytesIn: 7, bytesOut: 7 })
    expect(steps).toEqual(['connect', 'handshake'] satisfies ConnectStep[])
  })

  it('reports the steps in their order', async () => {
    const server = await serve(servers.echo())
    const { session, steps, opened, closed } = dialForTest(`ws://localhost:${server.port}`)
    await opened
    session.terminate()
    await closed
    expect(steps).toEqual(['lookup', 'connect', 'handshake'] satisfies ConnectStep[])
  })

  it('keeps both heads byte for byte, and the facts in them', async () => {
    const server = await serve(
      servers.scripted([], { lines: ['X-Odd:   spaced  ', 'Sec-WebSocket-Protocol: b'] }),
    )
    const { session, log, opened, closed } = dialForTest(`${server.url}/chat?x=1`, {
      subprotocols: ['a', 'b'],
    })
    const handshake = await opened
    expect(handshake).toMatchObject({
      url: `${server.url}/chat?x=1`,
      protocol: 'b',
      extensions: '',
      remote: `127.0.0.1:${server.port}`,
      tls: null,
    })
    expect(handshake.requestHead).toMatch(/^GET \/chat\?x=1 HTTP\/1\.1\r\n[^]*\r\n\r\n$/)
    expect(handshake.requestHead).toContain('Sec-WebSocket-Protocol: a,b\r\n')
    expect(handshake.responseHead).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(handshake.responseHead).toContain('\r\nX-Odd:   spaced  \r\n')
    expect(handshake.responseHead.endsWith('\r\n\r\n')).toBe(true)
    expect(log.rows[0]?.text).toBe(handshake.requestHead + handshake.responseHead)
    expect(log.session(1)).toMatchObject({ peer: `127.0.0.1:${server.port}` })
    session.terminate()
    await closed
  })

  it('gives rows a wall clock with fractions of a millisecond', async () => {
    const server = await serve(servers.headersEcho())
    const before = Date.now() - 1000
    const { log } = await seenBy(server.url)
    for (const { time } of log.rows) {
      expect(time).toBeGreaterThan(before)
      expect(time).toBeLessThan(Date.now() + 1000)
    }
    expect(log.rows.some(({ time }) => time !== Math.round(time))).toBe(true)
  })
})

describe('request headers', () => {
  it('are sent as configured, repeated ones repeatedly', async () => {
    const server = await serve(servers.headersEcho())
    const { pairs, names } = await seenBy(server.url, {
      origin: 'https://app.example',
      headers: [header('X-A', '1'), header('X-B', '2'), header('x-a', '3')],
      perMessageDeflate: false,
    })
    expect(pairs.filter(([name]) => name.toLowerCase() === 'x-a')).toEqual([
      ['X-A', '1'],
      ['X-A', '3'],
    ])
    expect(pairs).toContainEqual(['Origin', 'https://app.example'])
    expect(names).not.toContain('sec-websocket-extensions')
  })

  it('reach the server when secret, and never the log', async () => {
    const server = await serve(servers.headersEcho())
    const { pairs, log, session } = await seenBy(server.url.replace('ws://', 'ws://user:pass@'), {
      headers: [
        { secret: true, enabled: true, name: 'X-Token', secretRef: 'ref' },
        header('Cookie', 'id=sesame'),
      ],
    })
    expect(pairs).toContainEqual(['X-Token', 'hush'])
    expect(pairs).toContainEqual(['Cookie', 'id=sesame'])
    expect(pairs).toContainEqual(['Authorization', `Basic ${btoa('user:pass')}`])
    const head = session.handshake?.requestHead ?? ''
    expect(head).toContain('X-Token: ••••••\r\n')
    expect(head).toContain('Cookie: ••••••\r\n')
    expect(head).toContain('Authorization: ••••••\r\n')
    const stored = JSON.stringify(session.handshake) + (log.rows[0]?.text ?? '')
    for (const value of ['hush', 'sesame', btoa('user:pass'), 'pass@'])
      expect(stored).not.toContain(value)
  })

  it.each([
    ['URL_INVALID', 'ftp://x', {}],
    ['SUBPROTOCOL_INVALID', 'ws://x', { subprotocols: ['a b'] }],
    ['HEADER_INVALID', 'ws://x', { headers: [header('Upgrade', 'h2c')] }],
  ])('%s is thrown before anything starts', (code, url, config) => {
    expect(() => dialForTest(url, config)).toThrow(expect.objectContaining({ code }) as Error)
  })
})

describe('redirects', () => {
  const everything = {
    headers: [
      header('X-Api-Key', 'k'),
      header('Cookie', 'c=1'),
      header('Authorization', 'Basic x'),
    ],
    origin: 'https://app.example',
    subprotocols: [],
  }
  const private_ = ['x-api-key', 'cookie', 'authorization', 'origin']

  it('carry nothing of the user to another port', async () => {
    const target = await serve(servers.headersEcho())
    const server = await serve(servers.redirects(`http://127.0.0.1:${target.port}/next`))
    const { names, path, log, session } = await seenBy(
      server.url.replace('ws://', 'ws://user:pass@'),
      everything,
    )
    expect(path).toBe('/next')
    for (const name of private_) expect(names).not.toContain(name)
    expect(session.handshake?.url).toBe(`${target.url}/next`)
    expect(log.session(1)).toEqual({
      number: 1,
      role: 'client',
      url: `${target.url}/next`,
      peer: `127.0.0.1:${target.port}`,
      local: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
    })
    expect(log.rows[0]).toMatchObject({ kind: 'note' })
    expect(log.rows[0]?.text).toContain(`redirected with 302 to ${target.url}/next`)
    expect(log.rows[0]?.text).toContain('not sent there')
  })

  it('carry nothing of the user to another name of the same machine', async () => {
    const target = await serve(servers.headersEcho())
    const server = await serve(servers.redirects(`ws://localhost:${target.port}/`))
    const { names } = await seenBy(server.url, everything)
    for (const name of private_) expect(names).not.toContain(name)
  })

  it('never use the credentials a Location brings along', async () => {
    const target = await serve(servers.headersEcho())
    const server = await serve(servers.redirects(`ws://evil:word@127.0.0.1:${target.port}/`))
    const { names } = await seenBy(server.url)
    expect(names).not.toContain('authorization')
  })

  it.each([301, 302, 303, 307, 308])(
    'keep headers on the same host and port (%i)',
    async (status) => {
      const server = await serve(
        servers.bareServer(({ head, socket }) => {
          socket.resume()
          if (head.startsWith('GET /old '))
            socket.end(`HTTP/1.1 ${status} Moved\r\nLocation: /new\r\nContent-Length: 0\r\n\r\n`)
          else {
            const text = JSON.stringify(head)
            socket.write(servers.switchingProtocols(head))
            socket.write(servers.frame({ opcode: 1, payload: text }))
          }
        }),
      )
      const { session, messages, closed } = dialForTest(
        server.url.replace('ws://', 'ws://user:pass@') + '/old',
        { headers: [header('X-Api-Key', 'k')], origin: 'https://app.example' },
      )
      await expect.poll(() => messages.length).toBe(1)
      expect(messages[0]).toContain('GET /new HTTP/1.1')
      expect(messages[0]).toContain('X-Api-Key: k')
      expect(messages[0]).toContain('Origin: https://app.example')
      expect(messages[0]).toContain(`Authorization: Basic ${btoa('user:pass')}`)
      session.terminate()
      await closed
    },
  )

  it('stay stripped when a later one leads back', async () => {
    let away = ''
    const server = await serve(
      servers.bareServer(({ head, socket }) => {
        socket.resume()
        if (head.startsWith('GET / ')) socket.end(`HTTP/1.1 302 Found\r\nLocation: ${away}\r\n\r\n`)
        else
          socket.write(
            Buffer.concat([
              Buffer.from(servers.switchingProtocols(head)),
              servers.frame({ opcode: 1, payload: head }),
            ]),
          )
      }),
    )
    const other = await serve(servers.redirects(`${server.url}/end`))
    away = other.url
    const { session, messages, closed } = dialForTest(
      server.url.replace('ws://', 'ws://user:pass@'),
      everything,
    )
    await expect.poll(() => messages.length).toBe(1)
    expect(messages[0]).toContain('GET /end HTTP/1.1')
    for (const name of private_) expect(messages[0]?.toLowerCase()).not.toContain(`\n${name}:`)
    session.terminate()
    await closed
  })

  it('from TLS to none carry nothing of the user', async () => {
    const { followLocation } = await import('./redirect')
    expect(followLocation('ws://h:4430/', 'wss://u:p@h:4430/')).toEqual({
      url: 'ws://h:4430/',
      sameOrigin: false,
    })
    expect(followLocation('https://h/b', 'wss://u:p@h/a')).toEqual({
      url: 'wss://u:p@h/b',
      sameOrigin: true,
    })
  })

  it('are followed ten times', async () => {
    const server = await serve(servers.redirects((count) => `/hop${count}`))
    const { log, closed } = dialForTest(server.url)
    const { failure, close } = await closed
    expect(close).toBeNull()
    expect(failure).toMatchObject({ step: 'redirect' })
    expect(failure?.message).toContain('more than 10 times')
    expect(log.rows.filter(({ kind }) => kind === 'note')).toHaveLength(10)
  })

  it('to something that is no WebSocket fail with the place', async () => {
    const server = await serve(servers.redirects('ftp://example.com/'))
    const { failure } = await dialForTest(server.url).closed
    expect(failure).toMatchObject({ step: 'redirect' })
    expect(failure?.message).toContain('ftp://example.com/')
  })

  it('are refusals when they are not to be followed', async () => {
    const server = await serve(servers.redirects('/elsewhere', 307))
    const { refusal, failure } = await dialForTest(server.url, { followRedirects: false }).closed
    expect(refusal).toMatchObject({ status: 307 })
    expect(refusal?.headers).toContainEqual(['Location', '/elsewhere'])
    expect(failure?.hint).toContain('Follow redirects is off')
  })
})
