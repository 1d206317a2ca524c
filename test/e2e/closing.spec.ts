import { closeWith, endsWithoutClose, noCloseReply, recordingEcho, resets } from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

test('says why a server closed: code, meaning, reason, by whom, and how', async ({
  app,
  serve,
}) => {
  const { connection, inspector, traffic } = screenOf(app.page)
  const { url } = await serve(closeWith(1011, 'out of cheese'))
  await connection.url.fill(url)
  await connection.connectButton.click()
  await connection.expectState('Closed')
  await expect(connection.ending).toHaveText(
    /1011 Internal error\s*“out of cheese”\s*by the server, clean/,
  )
  await expect(connection.ending).toHaveAttribute(
    'title',
    'The server met a condition it did not expect.',
  )

  const row = traffic.row({ kind: 'close', direction: 'In' })
  await expect(row).toContainText('1011 Internal error')
  await expect(row).toContainText('out of cheese')
  await expect(traffic.row({ kind: 'close', direction: 'Out' })).toContainText('1011')
  await row.click()
  await inspector.choose('Pretty')
  await expect(inspector.panel).toContainText('The server met a condition it did not expect.')
  await expect(inspector.panel).toContainText('out of cheese')
})

test('takes a close without a code for what it is', async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const { url } = await serve(closeWith(null))
  await connection.url.fill(url)
  await connection.connectButton.click()
  await connection.expectState('Closed')
  await expect(connection.ending).toHaveText(/1005 No status received\s*by the server, clean/)
  await expect(traffic.row({ kind: 'close', direction: 'In' })).toContainText('No code')
})

test('disconnects with 1000, or with a code and a reason of its own', async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.expectState('Closed')
  await connection.connect()
  await connection.disconnect()
  await expect.poll(() => server.closes).toEqual([{ code: 1000, reason: '' }])
  await expect(connection.ending).toHaveText(/1000 Normal closure\s*by Framescope, clean/)

  await connection.connect()
  await connection.chooseToDisconnect('Disconnect with a code…')
  const { closeDialog } = connection
  await closeDialog.chooseOwnCode('4001')
  await closeDialog.reason.fill('tea, “quick”')
  await closeDialog.send.click()
  await connection.expectState('Closed')
  await expect.poll(() => server.closes[1]).toEqual({ code: 4001, reason: 'tea, “quick”' })
  await expect(connection.ending).toHaveText(
    /4001 Private use\s*“tea, “quick””\s*by Framescope, clean/,
  )
  await expect(traffic.row({ kind: 'close', direction: 'Out', preview: '4001' })).toHaveCount(1)
})

test('refuses a code or a reason that cannot be sent, and sends nothing', async ({
  app,
  serve,
}) => {
  const { connection } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await connection.chooseToDisconnect('Disconnect with a code…')
  const { closeDialog } = connection
  for (const code of ['999', '2999', '5000', '4000.5', '']) {
    await closeDialog.chooseOwnCode(code)
    await expect(closeDialog.dialog).toContainText('A whole number from 3000 to 4999.')
    await expect(closeDialog.send).toBeDisabled()
  }
  await closeDialog.ownCode.fill('4999')
  await expect(closeDialog.send).toBeEnabled()

  // 62 characters of two bytes each.
  await closeDialog.reason.fill('é'.repeat(62))
  await expect(closeDialog.dialog).toContainText('124 bytes; a close reason has at most 123.')
  await expect(closeDialog.send).toBeDisabled()
  await closeDialog.reason.press('Enter')
  await closeDialog.dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(closeDialog.dialog).toBeHidden()
  await connection.expectState('Open')
  expect(server.closes).toEqual([])
})

test('tells a reset from an end without a close frame', { tag: '@web' }, async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const reset = await serve(resets())
  await connection.url.fill(reset.url)
  await connection.connectButton.click()
  await expect(connection.problem).toContainText(/127\.0\.0\.1(:\d+)? reset the connection\./)
  await connection.expectState('Closed')
  await expect(connection.ending).toHaveText(/1006 Abnormal closure\s*by the network, not clean/)
  await expect(traffic.row({ kind: 'error', preview: 'reset the connection' })).toHaveCount(1)

  const ended = await serve(endsWithoutClose())
  await connection.url.fill(ended.url)
  await connection.connectButton.click()
  await expect(connection.problem).toContainText(
    'The peer ended the connection without a close frame.',
  )
  await connection.expectState('Closed')
  await expect(connection.ending).toContainText('not clean')
})

test(
  'does not wait for a close reply that never comes',
  { tag: '@web' },
  async ({ app, serve }) => {
    const { connection, traffic } = screenOf(app.page)
    const { url } = await serve(noCloseReply())
    await connection.url.fill(url)
    await connection.change((options) => options.set(options.closeTimeout, '3600'))
    await connection.connect()
    await connection.disconnectButton.click()
    await connection.expectState('Closing')
    await connection.terminateButton.click()
    await connection.expectState('Closed')
    await expect(connection.ending).toHaveText(/1006 Abnormal closure\s*by Framescope, not clean/)
    await expect(traffic.row({ kind: 'close', direction: 'Out' })).toHaveCount(1)
    await expect(traffic.row({ kind: 'close', direction: 'In' })).toHaveCount(0)

    await connection.change((options) => options.set(options.closeTimeout, '0.2'))
    await connection.connect()
    await connection.disconnectButton.click()
    await connection.expectState('Closed')
    await expect(connection.problem).toContainText(
      'The peer did not answer the close frame within 200 ms, so the connection was cut.',
    )
  },
)

test('announces every state by its name and number', async ({ app, serve }) => {
  const { page } = app
  const { connection } = screenOf(page)
  const { url } = await serve(noCloseReply())
  await connection.url.fill(url)
  await connection.expectState('Closed')
  await connection.state.evaluate((status) => {
    const seen: string[] = []
    new MutationObserver(() => {
      const text = status.textContent.replaceAll(/\s+/g, ' ').trim()
      if (seen.at(-1) !== text) seen.push(text)
      status.setAttribute('data-seen', seen.join(', '))
    }).observe(status, { subtree: true, childList: true, characterData: true })
  })
  await connection.connect()
  await connection.disconnectButton.click()
  await connection.expectState('Closing')
  await connection.terminateButton.click()
  await connection.expectState('Closed')
  await expect(connection.state).toHaveAttribute(
    'data-seen',
    'Connecting 0, Open 1, Closing 2, Closed 3',
  )
})
