import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { echo, neverReads, recordingEcho, slowHandshake, tlsSelfSigned, wsServer } from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

test('connects to the local server and to one elsewhere', async ({ app, serve }) => {
  const { composer, connection, server, sidebar, traffic } = screenOf(app.page)
  const elsewhere = await serve(echo())

  await sidebar.go('Local server')
  const url = await server.startAnywhere()
  await server.connectToIt.click()
  await connection.expectState('Open')
  await expect(connection.url).toHaveValue(url)
  await composer.sendText('to the local one')
  await expect(traffic.row({ direction: 'In', preview: 'to the local one' })).toHaveCount(1)

  await connection.connectTo(elsewhere.url)
  await composer.sendText('to the other one')
  await expect(traffic.row({ direction: 'In', preview: 'to the other one' })).toHaveCount(1)
  await expect(traffic.row({ preview: 'to the local one' })).toHaveCount(0)
})

test('completes an address without a scheme and understands http', async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const { port } = await serve(echo())
  await connection.url.fill(`127.0.0.1:${port}/chat`)
  await connection.connect()
  await expect(connection.fact(`ws://127.0.0.1:${port}/chat`)).toBeVisible()
  await connection.connectTo(`http://127.0.0.1:${port}/`)
  await expect(connection.fact(`ws://127.0.0.1:${port}/`)).toBeVisible()
})

test('keeps an address it cannot use and says what to change', async ({ app }) => {
  const { connection } = screenOf(app.page)
  for (const [address, words] of [
    ['', 'Enter a URL, for example ws://127.0.0.1:8765.'],
    ['ftp://example.com/x', 'A WebSocket URL starts with ws:// or wss://'],
    ['ws://exa mple.com', 'is no valid address'],
    ['ws://example.com/#top', 'A WebSocket URL has no fragment'],
  ] as const) {
    await connection.url.fill(address)
    await connection.connectButton.click()
    await expect(connection.bar.getByText(words)).toBeVisible()
    await expect(connection.url).toHaveValue(address)
    await expect(connection.url).toBeFocused()
    await expect(connection.url).toHaveAttribute('aria-invalid', 'true')
    await connection.expectState('Closed')
  }
  await connection.url.fill('ws://example.com')
  await expect(connection.url).not.toHaveAttribute('aria-invalid')
})

test('negotiates a subprotocol', async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const { url, headers } = await serve(recordingEcho({ handleProtocols: () => 'chat.v1' }))
  await connection.url.fill(url)
  await connection.change(async (options) => {
    await options.set(options.subprotocols, 'chat.v2, chat.v1')
  })
  await connection.connect()
  await expect(connection.fact('chat.v1')).toBeVisible()
  expect(headers('Sec-WebSocket-Protocol').join().replaceAll(' ', '')).toBe('chat.v2,chat.v1')
})

test('sends headers as they were given, repeated ones too, and an Origin', async ({
  app,
  serve,
}) => {
  const { connection } = screenOf(app.page)
  const { url, headers } = await serve(recordingEcho())
  await connection.url.fill(url)
  await connection.change(async (options) => {
    await options.addHeader('X-Trace', 'one')
    await options.addHeader('X-Trace', 'two')
    await options.addHeader('User-Agent', 'a browser of 1999')
    await options.set(options.origin, 'https://app.example')
  })
  await connection.connect()
  expect(headers('X-Trace')).toEqual(['one', 'two'])
  expect(headers('User-Agent')).toEqual(['a browser of 1999'])
  expect(headers('Origin')).toEqual(['https://app.example'])
})

test('tells a secret header to the server and to nobody else', async ({ app, serve }) => {
  const { page } = app
  const secret = 'Bearer s3cr3t-t0ken-9f8e7d'
  const replies: string[] = []
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => replies.push(payload.toString()))
  })
  await page.reload()

  const { connection, inspector, traffic } = screenOf(page)
  const { url, headers } = await serve(recordingEcho())
  await connection.url.fill(url)
  await connection.change(async (options) => {
    await options.addHeader('Authorization', secret, { secret: true })
    await expect(options.headerValue(1)).toHaveValue('')
  })
  await connection.connect()
  expect(headers('Authorization')).toEqual([secret])

  await traffic.row({ kind: 'open' }).click()
  await expect(inspector.panel).toContainText('Authorization')
  expect(await page.content()).not.toContain(secret)
  await inspector.choose('Raw')
  await expect(inspector.panel).toContainText('Authorization')
  expect(await page.content()).not.toContain(secret)

  await connection.saveProfileButton.click()
  const dialog = page.getByRole('dialog', { name: 'Save as a profile' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('With a secret')
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(screenOf(page).sidebar.profile('With a secret')).toBeVisible()

  if (app.host === 'web') expect(replies.length).toBeGreaterThan(0)
  else
    replies.push(
      await page.evaluate(async () => {
        const reading = ['connections.list', 'profiles.list', 'settings.get', 'app.info']
        const answers = reading.map((name) => window.host?.call(name, {}))
        return JSON.stringify(await Promise.all(answers))
      }),
    )
  expect(replies.join('\n')).toContain('Authorization')
  expect(replies.join('\n')).not.toContain(secret)

  await app.restart()
  const files = await readdir(app.dataFolder, { recursive: true, withFileTypes: true })
  const stored = files.filter((file) => file.isFile())
  expect(stored.length).toBeGreaterThan(0)
  for (const file of stored) {
    const bytes = await readFile(join(file.parentPath, file.name))
    expect(bytes.includes(secret), file.name).toBe(false)
    expect(bytes.includes(Buffer.from(secret).toString('base64')), file.name).toBe(false)
  }
})

test('offers permessage-deflate unless told not to', async ({ app, serve }) => {
  const { composer, connection, inspector, traffic } = screenOf(app.page)
  const { url } = await serve(echo({ perMessageDeflate: { threshold: 0 } }))
  await connection.url.fill(url)
  await connection.connect()
  await expect(connection.bar).toContainText(/extensions\s*permessage-deflate/)
  await composer.sendText('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')
  await traffic.row({ kind: 'text', direction: 'In' }).click()
  await inspector.choose('Frame')
  await expect(inspector.panel).toContainText(/Compressed\s*yes, ratio/)
  await connection.disconnect()

  await connection.change((options) => options.toggle(options.deflate, false))
  await connection.connect()
  await expect(connection.bar).toContainText(/extensions\s*none/)
})

test('refuses a certificate nobody signed until told not to look', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const { url } = await serve(tlsSelfSigned())
  await connection.url.fill(url)
  await connection.connectButton.click()
  await expect(connection.problem).toContainText(
    'The certificate of 127.0.0.1 is self-signed and not trusted.',
  )
  await expect(connection.problem).toContainText('can be switched off for this connection')
  await expect(connection.certificateWarning).toBeHidden()

  await connection.change((options) => options.toggle(options.verifyCertificate, false))
  await expect(connection.certificateWarning).toBeVisible()
  await connection.connect()
  await expect(connection.certificateWarning).toBeVisible()
  await expect(connection.bar).toContainText('not trusted: DEPTH_ZERO_SELF_SIGNED_CERT')
  await composer.sendText('through TLS')
  await expect(traffic.row({ direction: 'In', preview: 'through TLS' })).toHaveCount(1)
})

test('keeps two connections at once and counts what was not read', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const first = await serve(recordingEcho())
  const second = await serve(recordingEcho())
  await connection.connectTo(first.url)
  await connection.connectTo(second.url)
  const firstTab = connection.tab(new RegExp(`:${first.port}`))
  await expect(firstTab).toHaveAccessibleName(/Open$/)

  for (const message of ['one', 'two', 'three']) first.clients[0]?.send(message)
  await expect(firstTab).toHaveAccessibleName(/Open, 3 unread$/)
  await composer.sendText('only here')
  await expect(traffic.row({ direction: 'In', preview: 'only here' })).toHaveCount(1)

  await firstTab.click()
  await expect(firstTab).toHaveAccessibleName(/Open$/)
  await expect(traffic.row({ kind: 'text', direction: 'In' })).toHaveCount(3)
  await expect(traffic.row({ preview: 'only here' })).toHaveCount(0)
  expect(first.messages).toEqual([])
})

test('retries by itself and goes on in the same log', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.change(async (options) => {
    await options.toggle(options.retry, true)
    await options.set(options.retryDelay, '0.1')
  })
  await connection.connect()
  await composer.sendText('before')
  await expect(traffic.row({ direction: 'In', preview: 'before' })).toHaveCount(1)

  server.clients[0]?.terminate()
  await expect(traffic.row({ kind: 'note', preview: 'Reconnecting, attempt 1' })).toHaveCount(1)
  await expect(traffic.row({ kind: 'open' })).toHaveCount(2)
  await connection.expectState('Open')
  await composer.sendText('after')
  await expect(traffic.row({ direction: 'In', preview: 'after' })).toHaveCount(1)
  await expect(traffic.row({ direction: 'In', preview: 'before' })).toHaveCount(1)
  expect(server.requests).toHaveLength(2)

  await connection.disconnect()
  await connection.connect()
  await expect(traffic.row({ kind: 'note', preview: 'Connecting again' })).toHaveCount(1)
  expect(server.requests).toHaveLength(3)
})

test('stops retrying when told to disconnect', { tag: '@web' }, async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.change(async (options) => {
    await options.toggle(options.retry, true)
    await options.set(options.retryDelay, '3600')
  })
  await connection.connect()
  server.clients[0]?.terminate()
  await expect(connection.bar).toContainText(/next in\s*\d+ s/)
  await connection.disconnectButton.click()
  await expect(connection.connectButton).toBeVisible()
  await expect(traffic.row({ kind: 'note', preview: 'Reconnecting was stopped' })).toHaveCount(1)
})

test('cancels an attempt whose handshake does not end', { tag: '@web' }, async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const { url } = await serve(slowHandshake())
  await connection.url.fill(url)
  await connection.change((options) => options.set(options.handshakeTimeout, '3600'))
  await connection.connectButton.click()
  await connection.expectState('Connecting')
  await expect(connection.bar).toContainText('opening handshake')
  await connection.disconnect()
  await expect(connection.problem).toBeHidden()
  await expect(traffic.row({ kind: 'note', preview: 'The attempt was cancelled.' })).toHaveCount(1)
})

test('terminates without a closing handshake', async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await connection.chooseToDisconnect('Terminate')
  await connection.expectState('Closed')
  await expect(connection.ending).toContainText('1006')
  await expect(traffic.row({ kind: 'close' })).toHaveCount(0)
  await expect.poll(() => server.closes).toEqual([{ code: 1006, reason: '' }])
})

test('shows how much waits for a peer that does not read', async ({ app, serve }, testInfo) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const { url } = await serve(neverReads())
  await connection.url.fill(url)
  await connection.connect()
  await expect(connection.bar).toContainText(/buffered\s*0 B/)
  await composer.choose('File')
  const big = testInfo.outputPath('big.bin')
  await writeFile(big, Buffer.alloc(12 * 1024 * 1024, 'x'))
  await composer.chooseFile(big)
  await composer.send.click()
  await expect(connection.bar).toContainText(/buffered\s*\d+(\.\d)? MB/, { timeout: 30_000 })
  await expect(traffic.row({ kind: 'binary', preview: 'queued' })).toHaveCount(1)
  await connection.chooseToDisconnect('Terminate')
  await connection.expectState('Closed')
  await expect(traffic.row({ kind: 'binary', preview: 'not sent' })).toHaveCount(1)
})

test('counts on while a tab is closed and opened again', async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const closed: number[] = []
  const { url, port } = await serve(
    wsServer((ws) => {
      ws.on('close', (code) => closed.push(code))
    }),
  )
  await connection.connectTo(url)
  await app.page.getByRole('tab', { name: new RegExp(`:${port}`) }).press('Delete')
  await expect.poll(() => closed).toEqual([1000])
  await app.page.getByRole('button', { name: 'Reopen' }).click()
  await expect(connection.url).toHaveValue(url)
  await connection.connect()
})
