import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)

describe('a refused upgrade', () => {
  it('gives status, headers in their order and the body', async () => {
    const server = await serve(servers.refuse401())
    const { log, closed, ends } = dialForTest(server.url)
    const { refusal, failure, close } = await closed
    expect(close).toBeNull()
    expect(refusal).toEqual({
      status: 401,
      statusText: 'Unauthorized',
      headers: [
        ['WWW-Authenticate', 'Bearer realm="test"'],
        ['X-Repeated', 'one'],
        ['X-Repeated', 'two'],
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['Content-Length', '20'],
        ['Connection', 'close'],
      ],
      body: 'no token, no frames\n',
      bodyCut: false,
    })
    expect(failure).toMatchObject({ step: 'handshake', code: '401' })
    expect(failure?.message).toContain('401 Unauthorized')
    expect(failure?.hint).toContain('Authorization')
    expect(log.rows).toHaveLength(1)
    expect(log.rows[0]).toMatchObject({ kind: 'error', direction: 'none' })
    expect(log.rows[0]?.text).toContain('X-Repeated: two')
    expect(log.rows[0]?.text).toContain('no token, no frames')
    expect(ends).toHaveLength(1)
  })

  it('keeps 64 KiB of a long body', async () => {
    const server = await serve(servers.refuse401('x'.repeat(200_000)))
    const { refusal } = await dialForTest(server.url).closed
    expect(refusal?.body).toBe('x'.repeat(65_536))
    expect(refusal?.bodyCut).toBe(true)
  })

  it('does not wait for a body that never ends', async () => {
    const server = await serve(servers.endlessRefusal())
    const { refusal, failure } = await dialForTest(server.url, { handshakeTimeout: 500 }).closed
    expect(refusal).toMatchObject({ status: 503, body: 'busy', bodyCut: true })
    expect(failure?.step).toBe('handshake')
  })
})

describe('an answer that is no handshake', () => {
  it('with a wrong Sec-WebSocket-Accept is named', async () => {
    const server = await serve(servers.wrongAccept())
    const { log, closed, ends } = dialForTest(server.url)
    const { failure, refusal } = await closed
    expect(refusal).toBeNull()
    expect(failure).toMatchObject({ step: 'handshake' })
    expect(failure?.message).toContain('"bm90IHRoZSBrZXk="')
    expect(log.lines()).toHaveLength(1)
    expect(log.rows[0]?.kind).toBe('error')
    expect(ends).toHaveLength(1)
  })

  it.each([
    ['a subprotocol nobody offered', [], ['Sec-WebSocket-Protocol: chat'], 'none was offered'],
    ['another subprotocol', ['a'], ['Sec-WebSocket-Protocol: b'], 'was not offered (a)'],
    ['no subprotocol', ['a'], [], 'none of the subprotocols offered (a)'],
    ['an unknown extension', [], ['Sec-WebSocket-Extensions: x-own'], 'x-own'],
  ])('with %s is named', async (_name, subprotocols, lines, words) => {
    const server = await serve(servers.scripted([], { lines }))
    const { failure } = await dialForTest(server.url, { subprotocols }).closed
    expect(failure).toMatchObject({ step: 'handshake' })
    expect(failure?.message).toContain(words)
  })

  it('with permessage-deflate nobody offered is named', async () => {
    const lines = ['Sec-WebSocket-Extensions: permessage-deflate']
    const server = await serve(servers.scripted([], { lines }))
    const { failure } = await dialForTest(server.url, { perMessageDeflate: false }).closed
    expect(failure?.message).toContain('although none was offered')
  })

  it('with invalid parameters of permessage-deflate fails the handshake', async () => {
    const lines = ['Sec-WebSocket-Extensions: permessage-deflate; nonsense']
    const server = await serve(servers.scripted([], { lines }))
    const { failure } = await dialForTest(server.url).closed
    expect(failure).toMatchObject({ step: 'handshake' })
    expect(failure?.message).toContain('Sec-WebSocket-Extensions')
  })

  it('to another protocol is named', async () => {
    const server = await serve(
      servers.bareServer(({ socket }) => {
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
        )
      }),
    )
    const { failure } = await dialForTest(server.url).closed
    expect(failure?.message).toContain('"h2c" instead of "websocket"')
  })

  it('with 101 but no Upgrade header is named', async () => {
    const server = await serve(
      servers.bareServer(({ socket }) => {
        socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Nothing: else\r\n\r\n')
      }),
    )
    const { failure } = await dialForTest(server.url).closed
    expect(failure?.message).toContain('101 without the headers Upgrade and Connection')
  })

  it('that is no HTTP is named', async () => {
    const server = await serve(servers.speaksNoHttp())
    const { failure } = await dialForTest(server.url).closed
    expect(failure).toMatchObject({ step: 'handshake' })
    expect(failure?.code).toMatch(/^HPE_/)
    expect(failure?.message).toContain('does not speak HTTP')
    expect(failure?.hint).toContain('wss://')
  })

  it('that never comes is named', async () => {
    const server = await serve(servers.hangsUp())
    const { failure } = await dialForTest(server.url).closed
    expect(failure).toMatchObject({ step: 'handshake', code: 'ECONNRESET' })
    expect(failure?.message).toContain('without answering the handshake')
  })
})
