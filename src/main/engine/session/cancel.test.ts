import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { dialForTest, serversForTest, type Dialed } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)

/** Longer than any test: only a cancelled attempt ends. */
const patient = { handshakeTimeout: 600_000 }
const ways = ['close', 'terminate'] as const

async function expectCancelled({ closed, ends, session, log }: Dialed) {
  expect(await closed).toEqual({ close: null, failure: null, refusal: null })
  session.close()
  session.terminate()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(ends).toHaveLength(1)
  expect(session.phase).toBe('closed')
  expect(log.lines().at(-1)).toBe('none note The attempt was cancelled.')
}

describe.each(ways)('%s', (way) => {
  it('cancels before anything started', async () => {
    const dialed = dialForTest('ws://127.0.0.1:9', patient)
    dialed.session[way]()
    await expectCancelled(dialed)
    expect(dialed.steps).toEqual([])
  })

  it('cancels the look-up', async () => {
    const dialed = dialForTest('ws://no-such-host.invalid', patient)
    await expect.poll(() => dialed.steps, { interval: 1 }).toContain('lookup')
    dialed.session[way]()
    await expectCancelled(dialed)
  })

  it('cancels the connecting', async () => {
    // TEST-NET-1 (RFC 5737) is never answered; where the system says so at once, there is nothing to cancel.
    const dialed = dialForTest('ws://192.0.2.1:81', patient)
    await expect.poll(() => dialed.steps, { interval: 1 }).toContain('connect')
    dialed.session[way]()
    const { failure } = await dialed.closed
    expect(failure?.step ?? 'connect').toBe('connect')
    expect(dialed.ends).toHaveLength(1)
  })

  it('cancels the TLS handshake', async () => {
    const server = await serve(servers.slowAccept())
    const dialed = dialForTest(server.url, patient)
    await expect.poll(() => dialed.steps).toContain('tls')
    dialed.session[way]()
    await expectCancelled(dialed)
  })

  it('cancels the opening handshake', async () => {
    const server = await serve(servers.slowHandshake())
    const dialed = dialForTest(server.url, patient)
    await expect.poll(() => dialed.steps).toContain('handshake')
    await new Promise((resolve) => setTimeout(resolve, 20))
    dialed.session[way]()
    await expectCancelled(dialed)
  })

  it('cancels the reading of a refusal', async () => {
    const server = await serve(servers.endlessRefusal())
    const dialed = dialForTest(server.url, patient)
    await expect.poll(() => dialed.steps).toContain('handshake')
    await new Promise((resolve) => setTimeout(resolve, 100))
    dialed.session[way]()
    await expectCancelled(dialed)
  })
})

describe('a session that never opened', () => {
  it('sends nothing', async () => {
    const server = await serve(servers.slowHandshake())
    const { session, closed } = dialForTest(server.url)
    const notOpen = expect.objectContaining({ code: 'NOT_OPEN' }) as Error
    await expect(session.send('text', Buffer.from('x'))).rejects.toThrow(notOpen)
    expect(() => session.ping(Buffer.alloc(0))).toThrow(notOpen)
    expect(session.bufferedAmount).toBe(0)
    session.terminate()
    await closed
  })

  it('lets go of the server when cancelled', async () => {
    let gone = false
    const server = await serve(
      servers.bareServer(({ socket }) => {
        socket.resume()
        socket.on('close', () => (gone = true))
        socket.on('end', () => socket.end())
      }),
    )
    const { session, steps, closed } = dialForTest(server.url)
    await expect.poll(() => steps).toContain('handshake')
    await new Promise((resolve) => setTimeout(resolve, 20))
    session.close()
    await closed
    await expect.poll(() => gone).toBe(true)
  })
})
