import {
  hangsUp,
  nobodyAt,
  recordingEcho,
  redirects,
  refuse401,
  slowHandshake,
  speaksNoHttp,
  wrongAccept,
} from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

test('shows what a refused upgrade answered, and keeps it in the log', async ({ app, serve }) => {
  const { connection, inspector, traffic } = screenOf(app.page)
  const { url } = await serve(refuse401('no token, no <b>frames</b>\n'))
  await connection.url.fill(url)
  await connection.connectButton.click()

  const { problem } = connection
  await expect(problem).toContainText('401 Unauthorized')
  await expect(problem).toContainText('The server wants Bearer realm="test" (WWW-Authenticate).')
  const answer = problem.getByRole('definition')
  await expect(answer.filter({ hasText: /^(one|two)$/ })).toHaveText(['one', 'two'])
  await expect(problem.getByLabel('Body of the answer')).toHaveText('no token, no <b>frames</b>')
  await connection.expectState('Closed')

  await problem.getByRole('button', { name: 'Headers and body of the answer' }).click()
  await expect(problem.getByLabel('Body of the answer')).toBeHidden()

  await traffic.row({ kind: 'error', preview: '401 Unauthorized' }).click()
  await inspector.choose('Raw')
  for (const words of ['add an Authorization header', 'X-Repeated: two', 'no token, no <b>frames'])
    await expect(inspector.panel).toContainText(words)
})

test(
  'follows a redirect to another origin without what was given for the first',
  { tag: '@web' },
  async ({ app, serve }) => {
    const { connection, traffic } = screenOf(app.page)
    const target = await serve(recordingEcho())
    const { url } = await serve(redirects(`${target.url}/landed`))
    await connection.url.fill(url)
    await connection.change(async (options) => {
      await options.addHeader('Authorization', 'Bearer for-the-first')
      await options.addHeader('Cookie', 'session=for-the-first')
      await options.addHeader('X-Own', 'for-the-first')
      await options.set(options.origin, 'https://for-the-first.example')
    })
    await connection.connect()
    await expect(connection.fact(`${target.url}/landed`)).toBeVisible()
    await expect(
      traffic.row({ kind: 'note', preview: 'The server redirected with 302' }),
    ).toHaveCount(1)
    expect(target.requests.map(({ url: path }) => path)).toEqual(['/landed'])
    expect(target.requests[0]?.rawHeaders.join('\n')).not.toContain('for-the-first')
  },
)

test(
  'shows a redirect as an answer when it is not to be followed',
  { tag: '@web' },
  async ({ app, serve }) => {
    const { connection } = screenOf(app.page)
    const { url } = await serve(redirects('ws://elsewhere.example/landed'))
    await connection.url.fill(url)
    await connection.change((options) => options.toggle(options.followRedirects, false))
    await connection.connectButton.click()
    await expect(connection.problem).toContainText('302 Found')
    await expect(connection.problem).toContainText('ws://elsewhere.example/landed')
  },
)

test('refuses an answer with a wrong key', { tag: '@web' }, async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const { url } = await serve(wrongAccept())
  await connection.url.fill(url)
  await connection.connectButton.click()
  await expect(connection.problem).toContainText(
    /The Sec-WebSocket-Accept header is "bm90IHRoZSBrZXk=" where ".{28}" was expected\./,
  )
  await expect(connection.problem).toContainText('RFC 6455 section 4.2.2')
  await expect(traffic.row({ kind: 'error', preview: 'Sec-WebSocket-Accept' })).toHaveCount(1)
})

test('gives a handshake only so much time', { tag: '@web' }, async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const { url } = await serve(slowHandshake())
  await connection.url.fill(url)
  await connection.change((options) => options.set(options.handshakeTimeout, '0.3'))
  await connection.connectButton.click()
  await expect(connection.problem).toContainText(
    'The connection was not open within 300 ms: the server did not answer the opening handshake.',
  )
  await expect(connection.problem).toContainText('The handshake timeout can be raised')
})

test('says in words what failed on the way', { tag: '@web' }, async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const mail = await serve(speaksNoHttp())
  const mute = await serve(hangsUp())
  const plain = await serve(recordingEcho())
  const nobody = await nobodyAt()
  const nobodyPort = new URL(nobody).port
  for (const [url, words] of [
    [nobody, `127.0.0.1 refused the connection on port ${nobodyPort}.`],
    // A machine without a network has no name server that could say so for certain.
    [
      'ws://no-such-host.invalid',
      /(No address was found for|The name server did not answer the look-up of) no-such-host\.invalid\./,
    ],
    [mail.url, `What answered on port ${mail.port} of 127.0.0.1 does not speak HTTP.`],
    [mute.url, '127.0.0.1 closed the connection without answering the handshake.'],
    [`wss://127.0.0.1:${plain.port}`, `Port ${plain.port} of 127.0.0.1 does not speak TLS.`],
  ] as const) {
    await connection.url.fill(url)
    await connection.connectButton.click()
    await expect(connection.problem).toContainText(words)
    await connection.expectState('Closed')
  }
})

test('shows both heads of a handshake as they crossed the wire', async ({ app, serve }) => {
  const { connection, inspector, traffic } = screenOf(app.page)
  const { url, port } = await serve(recordingEcho())
  await connection.url.fill(`${url}/chat?room=1`)
  await connection.connect()
  await traffic.row({ kind: 'open' }).click()
  await inspector.choose('Pretty')
  for (const words of [
    'GET /chat?room=1 HTTP/1.1',
    `127.0.0.1:${port}`,
    'Sec-WebSocket-Key',
    'HTTP/1.1 101 Switching Protocols',
    'Sec-WebSocket-Accept',
  ])
    await expect(inspector.panel).toContainText(words)
})
