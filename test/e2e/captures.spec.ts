import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flood } from '../servers'
import { expect, test } from './fixtures/servers'
import { CapturesPage } from './pages/captures'
import { screenOf } from './pages/screen'
import { exportFile } from './support/exported-file'
import { parseRows } from './support/exported-rows'
import { expectRightRows, numbered } from './support/numbered-messages'
import { connectQuietly } from './support/quiet-connection'

const host = { tag: '@web' }
const secret = 'hunter2-and-more'

test('saves live traffic, which goes on, and opens it again', async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const captures = new CapturesPage(app.page)
  const server = await serve(flood(numbered(0, 1_000)))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(1_001)
  await captures.save('First thousand')
  await expect(screen.notifications).toContainText('Capture “First thousand” saved')
  server.send(numbered(1_000, 1_500))
  await screen.traffic.expectCount(1_501)

  await test.step('the same rows, and nothing more', async () => {
    await screen.notifications.getByRole('button', { name: 'Open', exact: true }).click()
    await expect(captures.bar).toContainText('Read only')
    await expect(captures.bar).toContainText('1,001 rows')
    await screen.traffic.expectCount(1_001)
    await expect(screen.traffic.pause).toBeHidden()
    await expect(screen.traffic.clear).toBeHidden()
    await expectRightRows(screen.traffic.grid, (place) => (place > 1 ? place - 2 : null))
    await screen.traffic.filter.fill('$.n >= 990')
    await screen.traffic.expectCount(10)
    server.send(numbered(1_500, 1_600))
    await screen.traffic.row({ preview: '"n":995}' }).click()
    await expect(screen.inspector.panel).toContainText('995')
    await screen.traffic.expectCount(10)
    await screen.traffic.filter.fill('')
    await screen.traffic.expectCount(1_001)
  })

  await test.step('renamed, deleted and taken back', async () => {
    await captures.tab('All captures').click()
    await captures.rename('First thousand', 'Kept')
    await expect(captures.row('Kept')).toContainText('1,001')
    await captures.act('Delete', 'Kept').click()
    await expect(captures.act('Open', 'Kept')).toBeHidden()
    await screen.notifications.getByRole('button', { name: 'Undo', exact: true }).click()
    await expect(captures.row('Kept')).toContainText('1,001')
    await captures.open('Kept')
    await screen.traffic.expectCount(1_001)
  })

  await test.step('the connection has gone on', async () => {
    await screen.sidebar.go('Connections')
    await screen.traffic.expectCount(1_601)
    await screen.connection.expectState('Open')
  })
})

test('offers the traffic of a run that was killed', async ({ app, serve }) => {
  const server = await serve(flood(numbered(0, 20_000)))
  let screen = screenOf(app.page)
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(20_001)
  let sent = 20_000
  const sending = setInterval(() => server.send(numbered(sent, (sent += 500))), 10)
  await expect.poll(() => screen.traffic.count()).toBeGreaterThan(25_000)
  const seen = await screen.traffic.count()
  await app.crash()
  clearInterval(sending)

  screen = screenOf(app.page)
  const captures = new CapturesPage(app.page)
  const notice = app.page.getByRole('alert').filter({ hasText: 'Framescope ended unexpectedly' })
  await notice.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(captures.bar).toContainText('Recovered')
  // They are counted once all of them are read.
  await expect(captures.bar).toContainText(/[\d,]+ rows/)
  // What the page had shown was at least a twentieth of a second old.
  const count = await screen.traffic.count()
  expect(count).toBeGreaterThanOrEqual(seen)
  expect(count).toBeLessThanOrEqual(sent + 1)
  await screen.traffic.grid.focus()
  await app.page.keyboard.press('End')
  await expect(screen.inspector.panel).toContainText(String(count - 2))
  await expectRightRows(screen.traffic.grid, (place) => (place > 1 ? place - 2 : null))
  await expect(notice).toBeHidden()

  await captures.bar.getByRole('button', { name: 'Save capture' }).click()
  await captures.saveDialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Rescued')
  await app.page.keyboard.press('Enter')
  await expect(captures.bar.getByRole('heading', { name: 'Rescued' })).toBeVisible()
  await expect(captures.bar.getByText('Unsaved')).toBeHidden()
})

test('imports what it exported, to the same rows', async ({ app, serve }, testInfo) => {
  const screen = screenOf(app.page)
  const captures = new CapturesPage(app.page)
  const server = await serve(
    flood([...numbered(0, 200), Uint8Array.of(0, 255, 10), 'line\nbreak “ü” \u0000']),
  )
  await connectQuietly(screen, server.url)
  await screen.composer.sendText('out it goes')
  await screen.traffic.expectCount(204)
  await screen.connection.disconnect()
  const exported = await exportFile(app, testInfo, { format: 'JSON Lines', name: 'all.jsonl' })

  await captures.importFile(exported.path)
  await expect(captures.bar).toContainText('Read only')
  await screen.traffic.expectCount(parseRows(exported.text).length)
  await screen.traffic.grid.press('End')
  await expect(screen.traffic.row({ direction: 'Out', preview: 'out it goes' })).toBeVisible()
  const again = await exportFile(app, testInfo, { format: 'JSON Lines', name: 'again.jsonl' })
  expect(parseRows(again.text)).toEqual(parseRows(exported.text))
})

test(
  'imports a HAR of Chrome, and says what it had to leave out',
  host,
  async ({ app }, testInfo) => {
    const screen = screenOf(app.page)
    const captures = new CapturesPage(app.page)
    const path = join(testInfo.outputPath(), 'chrome.har')
    const message = (type: string, opcode: number, data: string, at: number) => ({
      type,
      time: 1_732_000_000 + at,
      opcode,
      data,
    })
    const entry = (more: object) => ({
      startedDateTime: '2024-11-19T07:06:39.900Z',
      time: 100,
      request: {
        method: 'GET',
        url: 'wss://example.com/feed',
        httpVersion: 'HTTP/1.1',
        headers: [{ name: 'Sec-WebSocket-Key', value: 'dGhlIHNhbXBsZSBub25jZQ==' }],
        queryString: [],
        cookies: [],
        headersSize: -1,
        bodySize: 0,
      },
      response: {
        status: 101,
        statusText: 'Switching Protocols',
        httpVersion: 'HTTP/1.1',
        headers: [],
        cookies: [],
        content: { size: 0, mimeType: 'x-unknown' },
        redirectURL: '',
        headersSize: -1,
        bodySize: -1,
      },
      cache: {},
      timings: { send: 0, wait: 0, receive: 0 },
      ...more,
    })
    const messages = [
      message('send', 1, 'subscribe', 0.25),
      message('receive', 1, '{"price":1}', 0.5),
      message('receive', 2, 'AAEC', 0.75),
      { type: 'receive', time: 1_732_000_001, opcode: 1, data: 7 },
    ]
    const creator = { name: 'WebInspector', version: '537.36' }
    const entries = [entry({ _resourceType: 'websocket', _webSocketMessages: messages })]
    await writeFile(path, JSON.stringify({ log: { version: '1.2', creator, pages: [], entries } }))

    await captures.importFile(path)
    await expect(captures.importDialog.getByRole('list', { name: 'Left out' })).toContainText(
      '“data” is not a text',
    )
    await captures.importDialog.getByRole('button', { name: 'Open capture' }).click()
    await expect(screen.traffic.row({ kind: 'text', direction: 'Out' })).toContainText('subscribe')
    await expect(screen.traffic.row({ kind: 'text', direction: 'In' }).first()).toContainText(
      'price',
    )
    await expect(screen.traffic.row({ kind: 'binary' })).toContainText('00 01 02')

    await test.step('a file that is none', async () => {
      await writeFile(path, '{"log": ')
      await captures.importFile(path)
      await expect(captures.importDialog.getByRole('alert')).not.toBeEmpty()
      await captures.importDialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(captures.table.getByRole('row')).toHaveCount(2)
    })
  },
)

test('exports without credentials unless told otherwise', async ({ app, serve }, testInfo) => {
  const screen = screenOf(app.page)
  const server = await serve(
    flood(['{"user":{"email":"ada@example.com"},"n":1}', ...numbered(2, 9)]),
  )
  await screen.connection.newTab()
  await screen.latency.pings.selectOption({ label: 'Off' })
  await screen.connection.url.fill(`${server.url}/feed?access_token=${secret}&page=2`)
  await screen.connection.change((options) => options.addHeader('X-Auth', secret))
  await screen.connection.connect()
  await screen.traffic.expectCount(9)

  await test.step('HAR', async () => {
    const { text } = await exportFile(app, testInfo, {
      format: 'HAR, for Chrome',
      name: 'strict.har',
      prepare: (dialog) => dialog.jsonPaths.fill('$.user.email'),
    })
    expect(text).not.toContain(secret)
    expect(text).not.toContain('ada@example.com')
    const { log } = JSON.parse(text) as {
      log: { entries: { request: { url: string }; _webSocketMessages: { data: string }[] }[] }
    }
    expect(log.entries).toHaveLength(1)
    expect(log.entries[0]?.request.url).toContain('access_token=REDACTED&page=2')
    expect(log.entries[0]?._webSocketMessages.map(({ data }) => data).slice(0, 2)).toEqual([
      '{"user":{"email":"REDACTED"},"n":1}',
      '{"n":2}',
    ])
  })

  await test.step('pcapng', async () => {
    const { bytes } = await exportFile(app, testInfo, { format: 'pcapng, TCP', name: 'a.pcapng' })
    expect(bytes.readUInt32LE(0)).toBe(0x0a0d0d0a)
    expect(bytes.readUInt32LE(8)).toBe(0x1a2b3c4d)
    expect(bytes.includes(secret)).toBe(false)
    expect(bytes.includes('{"n":8}')).toBe(true)
  })

  await test.step('CSV of what is filtered, with credentials', async () => {
    await screen.traffic.filter.fill('$.n > 6 or type:open')
    await screen.traffic.expectCount(3)
    const { text } = await exportFile(app, testInfo, {
      format: 'CSV',
      name: 'rows.csv',
      prepare: async (dialog) => {
        await dialog.expectRows('Shown rows, 3 rows')
        await dialog.credentials.click()
        await dialog.urlSecrets.click()
      },
    })
    expect(text).toMatch(/^id,session,time,direction,type,/)
    expect(text.match(/"\{""n"":\d\}"\r\n/g)).toEqual(['"{""n"":7}"\r\n', '"{""n"":8}"\r\n'])
    expect(text).toContain(`X-Auth: ${secret}`)
  })
})
