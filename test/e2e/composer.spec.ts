import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { recordingEcho, type RecordingServer } from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

/** The message with this number, from 1, once the server has it. */
async function received(server: RecordingServer, number: number) {
  await expect.poll(() => server.messages.length).toBeGreaterThanOrEqual(number)
  const message = server.messages[number - 1]
  if (!message) throw new Error('There is no such message')
  return message
}

function textsOf(server: RecordingServer): string[] {
  return server.messages.map(({ bytes }) => bytes.toString())
}

test('sends what was pasted or typed to the byte', async ({ app, serve }) => {
  const { composer, connection } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  const texts = [
    'a\r\nb\nc\rd',
    '\r\n\r\n trailing space \t\n',
    'é 👩‍👩‍👧 \u202eabc \u0000 \ufeff end',
    'line\u2028separator\u2029paragraph\u0085next',
    Array.from({ length: 13_000 }, (_, line) => `${line} ${'x'.repeat(75)}\r\n`).join(''),
  ]
  for (const [index, text] of texts.entries()) {
    await composer.paste(text)
    await composer.send.click()
    const { bytes, binary } = await received(server, index + 1)
    expect(binary).toBe(false)
    expect(bytes.equals(Buffer.from(text)), `${bytes.length} bytes of message ${index}`).toBe(true)
  }

  await composer.clear()
  await composer.message.pressSequentially('typed "{[(')
  await composer.message.press('Enter')
  await composer.message.pressSequentially('  indented')
  await composer.send.click()
  expect((await received(server, texts.length + 1)).bytes.toString()).toBe('typed "{[(\n  indented')
})

test(
  'checks JSON where it is wrong and lays it out as it is written',
  { tag: '@web' },
  async ({ app, serve }) => {
    const { composer, connection } = screenOf(app.page)
    const server = await serve(recordingEcho())
    await connection.url.fill(server.url)
    await connection.connect()
    await composer.choose('JSON')
    await composer.paste('{"a": 1,\n "b": }')
    await expect(composer.region).toContainText('Line 2, column 7')
    await expect(composer.send).toBeDisabled()
    await expect(composer.tidy).toBeDisabled()

    await composer.paste('{"id":12345678901234567890123,"x":1.10,"2":true,"1":"\\u00e9","x":-0}')
    await expect(composer.region).not.toContainText('Line ')
    await composer.tidy.click()
    await composer.send.click()
    const { bytes, binary } = await received(server, 1)
    expect(binary).toBe(false)
    expect(bytes.toString()).toBe(
      [
        '{',
        '  "id": 12345678901234567890123,',
        '  "x": 1.10,',
        '  "2": true,',
        '  "1": "\\u00e9",',
        '  "x": -0',
        '}',
      ].join('\n'),
    )
  },
)

test('sends the bytes that hex and base64 stand for, as the frame that was chosen', async ({
  app,
  serve,
}) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await composer.choose('Hex')
  await composer.write('de ad be e')
  await expect(composer.region).toContainText('Line 1, column 10')
  await expect(composer.region).toContainText('A byte needs two hex digits; this one has one.')
  await expect(composer.send).toBeDisabled()
  await composer.write('de ad BEEF 0x00 ff')
  await expect(composer.region).toContainText('6 B')
  await composer.send.click()
  expect(await received(server, 1)).toEqual({
    bytes: Buffer.from('deadbeef00ff', 'hex'),
    binary: true,
  })
  await expect(traffic.row({ kind: 'binary', direction: 'In' })).toContainText('de ad be ef 00 ff')

  await composer.frameType.selectOption({ label: 'Text' })
  await composer.write('68c3a9')
  await composer.send.click()
  expect(await received(server, 2)).toEqual({ bytes: Buffer.from('hé'), binary: false })

  await composer.choose('Base64')
  await composer.write('3q2+7w=')
  await expect(composer.region).toContainText('Line 1, column ')
  await expect(composer.send).toBeDisabled()
  await composer.frameType.selectOption({ label: 'Binary' })
  await composer.write('3q2+7w==')
  await expect(composer.region).toContainText('4 B')
  await composer.send.click()
  expect(await received(server, 3)).toEqual({
    bytes: Buffer.from('deadbeef', 'hex'),
    binary: true,
  })
})

test('sends a file and saves its echo without changing a byte', async ({
  app,
  serve,
}, testInfo) => {
  const { composer, connection, inspector, notifications, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  const buffer = randomBytes(300_000)
  await composer.choose('File')
  await expect(composer.send).toBeDisabled()
  await composer.chooseFile({ name: 'noise.bin', mimeType: 'application/octet-stream', buffer })
  await expect(composer.region).toContainText('noise.bin')
  await composer.send.click()
  const { bytes, binary } = await received(server, 1)
  expect(binary).toBe(true)
  expect(sha256(bytes)).toBe(sha256(buffer))

  await traffic.row({ kind: 'binary', direction: 'In' }).click()
  const path = testInfo.outputPath('saved.bin')
  await app.saveAs(path)
  const download = app.host === 'web' ? app.page.waitForEvent('download') : null
  await inspector.copy('Save payload…')
  await (await download)?.saveAs(path)
  await expect(notifications).toContainText('Saved ')
  expect(sha256(await readFile(path))).toBe(sha256(buffer))
})

test('recalls what was sent', async ({ app, serve }) => {
  const { composer, connection } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await composer.sendText('first')
  await received(server, 1)
  await composer.choose('Hex')
  await composer.write('0102')
  await composer.send.click()
  await received(server, 2)

  await composer.choose('Text')
  await composer.write('a draft')
  const history = await composer.openHistory()
  await expect(history.getByRole('listitem')).toHaveCount(2)
  await expect(history.getByRole('listitem').first()).toContainText('0102')
  await history.getByRole('button', { name: /first/ }).click()
  await expect.poll(() => composer.text()).toBe('first')

  await composer.write('another draft')
  await composer.message.press('Alt+ArrowUp')
  await expect(composer.format.getByRole('radio', { name: 'Hex' })).toBeChecked()
  await expect.poll(() => composer.text()).toBe('0102')
  await composer.message.press('Alt+ArrowUp')
  await expect.poll(() => composer.text()).toBe('first')
  await composer.message.press('Alt+ArrowDown')
  await composer.message.press('Alt+ArrowDown')
  await expect.poll(() => composer.text()).toBe('another draft')
})

test('repeats a message and fills it in anew each time', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await composer.write('{{counter}}: message from client at : {{time}}')
  await composer.startRepeat({ interval: 20, times: 4 })
  await received(server, 4)
  await expect(composer.stopRepeating).toBeHidden()
  expect(server.messages).toHaveLength(4)
  for (const [index, text] of textsOf(server).entries())
    expect(text).toMatch(
      new RegExp(
        `^${index + 1}: message from client at : \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}$`,
      ),
    )

  await composer.write('on and on {{counter}}')
  await composer.startRepeat({ interval: 20 })
  await expect(composer.region).toContainText(/Repeating every 20 ms: \d+ sent/)
  await received(server, 8)
  await composer.stopRepeating.click()
  await expect(composer.stopRepeating).toBeHidden()
  await composer.sendText('the last one')
  await expect(traffic.row({ direction: 'In', preview: 'the last one' })).toHaveCount(1)
  expect(textsOf(server).at(-1)).toBe('the last one')
})

test('keeps what could not be sent and says why', async ({ app, serve }) => {
  const { composer, connection } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await composer.sendText('kept')
  await expect(composer.failure).toContainText('Not sent: the connection is closed.')
  expect(await composer.text()).toBe('kept')
  await composer.region.getByRole('button', { name: 'Connect…' }).click()
  await connection.expectState('Open')
  await expect(composer.failure).toBeHidden()
  expect(await composer.text()).toBe('kept')
  await composer.send.click()
  expect((await received(server, 1)).bytes.toString()).toBe('kept')
})

test('sends once with Ctrl+Enter, from wherever one is', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await composer.write('from the editor')
  await composer.message.press('ControlOrMeta+Enter')
  await expect(traffic.row({ kind: 'text', direction: 'In' })).toHaveCount(1)
  await traffic.grid.focus()
  await app.page.keyboard.press('ControlOrMeta+Enter')
  await expect(traffic.row({ kind: 'text', direction: 'In' })).toHaveCount(2)
  expect(textsOf(server)).toEqual(['from the editor', 'from the editor'])
})

test('pings with a payload of at most 125 bytes', async ({ app, serve }) => {
  const { composer, connection, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.change((options) => options.set(options.pingInterval, '0'))
  await connection.connect()
  const panel = await composer.openPing()
  const payload = panel.getByRole('textbox', { name: 'Ping payload' })
  const send = panel.getByRole('button', { name: 'Send ping' })
  await payload.fill('x'.repeat(126))
  await expect(panel).toContainText('126 bytes; a ping carries at most 125.')
  await expect(send).toBeDisabled()
  await payload.press('Enter')
  await payload.fill('x'.repeat(125))
  await expect(panel).toContainText('125 of 125 bytes')
  await send.click()
  await expect.poll(() => server.pings.map(String)).toEqual(['x'.repeat(125)])
  await expect(traffic.row({ kind: 'ping', direction: 'Out' })).toContainText('125 B')
  await expect(traffic.row({ kind: 'pong', direction: 'In' })).toContainText(/\d (ms|µs)/)
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
