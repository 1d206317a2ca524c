import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'
import { describeFailure } from './failure'

const { serve } = serversForTest(afterEach)
const context = { host: 'host.example', port: 81, secure: true }

describe('describeFailure', () => {
  const codes = [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'EPIPE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'EPROTO',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'HPE_INVALID_CONSTANT',
  ]
  it.each(codes)('says what %s means and what to try', (code) => {
    const error = Object.assign(new Error('raw words of the library'), { code })
    const failure = describeFailure('connect', error, context)
    expect(failure).toMatchObject({ step: 'connect', code })
    expect(failure.message).not.toContain('raw words')
    expect(failure.message).toContain('host.example')
    expect(failure.hint).not.toBe('')
    expect(failure.message + failure.hint).not.toMatch(/please/i)
  })

  it('keeps the words of an error it does not know', () => {
    expect(describeFailure('tls', new Error('odd'), context)).toEqual({
      step: 'tls',
      code: '',
      message: 'The TLS handshake failed: odd.',
      hint: '',
    })
  })

  it('takes the first of several attempts', () => {
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED' })
    const failure = describeFailure('connect', new AggregateError([refused, new Error()]), context)
    expect(failure.code).toBe('ECONNREFUSED')
  })

  it('does not take inherited properties for codes', () => {
    const error = Object.assign(new Error('odd'), { code: 'constructor' })
    expect(describeFailure('connect', error, context).message).toContain('odd')
  })
})

describe('an attempt', () => {
  it('to a closed port fails with the step connect', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const { log, closed } = dialForTest(`ws://127.0.0.1:${port}`)
    const { failure, close, refusal } = await closed
    expect([close, refusal]).toEqual([null, null])
    expect(failure).toMatchObject({ step: 'connect', code: 'ECONNREFUSED' })
    expect(failure?.message).toBe(`127.0.0.1 refused the connection on port ${port}.`)
    expect(log.rows.map(({ kind }) => kind)).toEqual(['error'])
    expect(log.rows[0]?.text).toContain('refused')
  })

  it('to an unknown name fails with the step lookup', async () => {
    const { failure } = await dialForTest('ws://no-such-host.invalid').closed
    expect(failure?.step).toBe('lookup')
    expect(['ENOTFOUND', 'EAI_AGAIN']).toContain(failure?.code)
    expect(failure?.message).toContain('no-such-host.invalid')
  })

  it('that is never answered runs out of time and names the step', async () => {
    const server = await serve(servers.slowHandshake())
    const { failure } = await dialForTest(server.url, { handshakeTimeout: 150 }).closed
    expect(failure).toMatchObject({ step: 'timeout' })
    expect(failure?.message).toContain('within 150 ms')
    expect(failure?.message).toContain('did not answer the opening handshake')
  })

  it('whose TLS handshake gets nowhere runs out of time and names the step', async () => {
    const server = await serve(servers.slowAccept())
    const { failure } = await dialForTest(server.url, { handshakeTimeout: 150 }).closed
    expect(failure?.message).toContain('the TLS handshake was not finished')
  })

  it('has one timeout over all redirects', async () => {
    const server = await serve(
      servers.bareServer(({ socket }) => {
        setTimeout(() => socket.end('HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n'), 60)
      }),
    )
    const { failure } = await dialForTest(server.url, { handshakeTimeout: 200 }).closed
    expect(failure?.step).toBe('timeout')
  })
})

describe('TLS', () => {
  it('with an untrusted certificate fails with the step tls and names the option', async () => {
    const server = await serve(servers.tlsSelfSigned())
    const { steps, closed } = dialForTest(server.url)
    const { failure } = await closed
    expect(failure).toMatchObject({ step: 'tls', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(failure?.message).toContain('self-signed')
    expect(failure?.hint).toContain('Verify certificate')
    expect(steps).toEqual(['connect', 'tls'])
  })

  it('without verification works and says what was not trusted', async () => {
    const server = await serve(servers.tlsSelfSigned())
    const { session, steps, messages, opened, closed } = dialForTest(server.url, {
      verifyCertificate: false,
    })
    const { tls } = await opened
    expect(tls).toMatchObject({
      authorized: false,
      authorizationError: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    })
    expect(tls?.version).toMatch(/^TLSv1/)
    expect(tls?.cipher).not.toBe('')
    await session.send('text', Buffer.from('through TLS'))
    await expect.poll(() => messages).toEqual(['through TLS'])
    expect(steps).toEqual(['connect', 'tls', 'handshake'])
    session.close()
    expect((await closed).close).toMatchObject({ code: 1005, by: 'local', clean: true })
  })

  it('to a port without TLS says so', async () => {
    const server = await serve(servers.echo())
    const { failure } = await dialForTest(server.url.replace('ws:', 'wss:')).closed
    expect(failure?.step).toBe('tls')
    expect(failure?.message).toContain('does not speak TLS')
    expect(failure?.hint).toContain('ws://')
  })

  it('that the server resets is a failure of the step tls', async () => {
    const server = await serve(
      servers.listening((socket) => {
        socket.once('data', () => socket.resetAndDestroy())
      }, 'wss'),
    )
    const { failure } = await dialForTest(server.url).closed
    expect(failure).toMatchObject({ step: 'tls', code: 'ECONNRESET' })
  })
})
