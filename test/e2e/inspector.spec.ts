import { writeFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { closeWith, flood, scripted, type TestServer } from '../servers'
import { closePayload, frame } from '../servers/bare'
import { expect, test } from './fixtures/app'
import { screenOf, type Screen } from './pages/screen'
import { readClipboard } from './support/clipboard'
import { connectQuietly } from './support/quiet-connection'

let server: TestServer | null = null

test.afterEach(async () => {
  await server?.close()
  server = null
})

/** Connects to a server that sends these, and selects the first of them. */
async function receive(screen: Screen, ...messages: (string | Uint8Array)[]): Promise<void> {
  server = await flood(messages)
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(messages.length + 1)
  await screen.traffic.grid.locator('[aria-rowindex="2"]').click()
}

/** The text of a CodeMirror view as it stands on the screen. */
async function lines(screen: Screen): Promise<string> {
  return (await screen.inspector.panel.locator('.cm-line').allInnerTexts()).join('\n')
}

test('lays JSON out and is true to its text', { tag: '@web' }, async ({ app }) => {
  const screen = screenOf(app.page)
  const text =
    '{"10":1,"2":"b","id":12345678901234567890,"same":1,"same":2,"e":1.50e+10,"u":"\\u00e9\\/","deep":{"list":[1,[],{}]}}'
  await receive(screen, text)

  await screen.inspector.choose('Pretty')
  await expect
    .poll(() => lines(screen))
    .toBe(
      [
        '{',
        '  "10": 1,',
        '  "2": "b",',
        '  "id": 12345678901234567890,',
        '  "same": 1,',
        '  "same": 2,',
        '  "e": 1.50e+10,',
        '  "u": "\\u00e9\\/",',
        '  "deep": {',
        '    "list": [',
        '      1,',
        '      [],',
        '      {}',
        '    ]',
        '  }',
        '}',
      ].join('\n'),
    )
  await screen.inspector.choose('Raw')
  await expect.poll(() => lines(screen)).toBe(text)

  await test.step('what is no JSON stays as it is', async () => {
    const more = ['{"not": json', 'plain, two\nlines']
    ;(server as Awaited<ReturnType<typeof flood>>).send(more)
    await screen.inspector.choose('Pretty')
    for (const plain of more) {
      await screen.traffic.row({ preview: plain.slice(0, 8) }).click()
      await expect.poll(() => lines(screen)).toBe(plain)
    }
  })
})

test('copies a payload as text, hex and base64, and saves it', async ({ app }, testInfo) => {
  const screen = screenOf(app.page)
  const text = 'naïve 日本語 🎉\r\n"quoted"\u0000'
  const bytes = Buffer.from(text)
  await receive(screen, text)
  await expect(screen.inspector.panel).toContainText('naïve')

  for (const [item, expected] of [
    ['Copy as hex', bytes.toString('hex').replace(/..(?=.)/g, '$& ')],
    ['Copy as base64', bytes.toString('base64')],
    ['Copy as text', text],
  ] as const) {
    await screen.inspector.copy(item)
    await expect(screen.notifications).toContainText(`as ${item.slice('Copy as '.length)}`)
    const copied = await readClipboard(app.page)
    // A field takes CRLF for a line feed and drops NUL; what is on the clipboard is not looked at.
    const seen = item === 'Copy as text' ? expected.replace('\r\n', '\n') : expected
    expect(copied.replaceAll('\0', '')).toBe(seen.replaceAll('\0', ''))
  }

  const path = join(testInfo.outputPath(), 'payload.bin')
  if (app.host === 'web') {
    const download = app.page.waitForEvent('download')
    await screen.inspector.copy('Save payload…')
    await (await download).saveAs(path)
  } else {
    await app.saveAs(path)
    await screen.inspector.copy('Save payload…')
  }
  await expect(screen.notifications).toContainText('Saved')
  expect(await readFile(path)).toEqual(bytes)
})

test('shows bytes with their offsets, and copies those that are selected', async ({ app }) => {
  const screen = screenOf(app.page)
  const bytes = Uint8Array.from({ length: 1_000 }, (_, index) => (index * 7) % 256)
  await receive(screen, bytes)
  await screen.inspector.choose('Hex')
  const { panel } = screen.inspector
  const dump = panel.getByRole('group', { name: 'Bytes' })
  const byte = (at: number, as: 'hex' | 'text') =>
    dump.locator(`[data-byte="${at}"][data-as="${as}"]`)

  await expect(byte(0, 'hex')).toHaveText('00')
  await expect(byte(10, 'hex')).toHaveText('46')
  await expect(byte(10, 'text')).toHaveText('F')
  await expect(byte(1, 'text')).toHaveText('.')
  const lineBytes = await dump.locator('.line').first().locator('[data-as="hex"]').count()
  const offsets = await dump.locator('.line').allInnerTexts()
  expect(offsets.slice(0, 3).map((line) => parseInt(line, 16))).toEqual(
    [0, 1, 2].map((line) => line * lineBytes),
  )

  await byte(3, 'hex').click()
  await byte(6, 'hex').click({ modifiers: ['Shift'] })
  await expect(panel).toContainText('4 bytes from 0x0003')
  await app.page.keyboard.press('ControlOrMeta+c')
  await expect(screen.notifications).toContainText('Copied 4 B as hex')
  expect(await readClipboard(app.page)).toBe('15 1c 23 2a')

  await byte(10, 'text').hover()
  await app.page.mouse.down()
  await byte(12, 'text').hover()
  await app.page.mouse.up()
  await expect(panel).toContainText('3 bytes from 0x000a')
  await app.page.keyboard.press('ControlOrMeta+c')
  await expect(screen.notifications).toContainText('Copied 3 B as text')
  expect(await readClipboard(app.page)).toBe('FMT')

  await app.page.keyboard.press('Control+End')
  await expect(panel).toContainText('Byte 0x03e7')
  await expect(byte(999, 'hex')).toHaveText(((999 * 7) % 256).toString(16).padStart(2, '0'))
})

test('shows the frame around a payload', async ({ app }) => {
  const screen = screenOf(app.page)
  server = await scripted([
    frame({ opcode: 1, payload: 'whole' }),
    frame({ opcode: 2, payload: 'x'.repeat(200), fin: false }),
    frame({ opcode: 0, payload: 'y'.repeat(100) }),
    frame({ opcode: 9, payload: 'are you there' }),
  ])
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(5)
  const { panel } = screen.inspector
  const fact = (name: string) =>
    panel
      .locator('dt', { hasText: new RegExp(`^${name}$`) })
      .locator('xpath=following-sibling::dd[1]')

  /** What a field of the header says and means. */
  const field = (name: string) =>
    panel
      .locator('dl[aria-label="Fields of the header"] > div')
      .filter({ has: app.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })

  await screen.traffic.row({ kind: 'text' }).click()
  await screen.inspector.choose('Frame')
  await expect(fact('Direction')).toContainText('in, from the peer')
  await expect(field('opcode')).toHaveText(/^opcode0x1text/)
  await expect(fact('Payload')).toContainText('5 B')
  await expect(fact('On the wire')).toContainText('7 B')
  await expect(fact('Frames')).toHaveCount(0)
  await expect(fact('Masking key')).toContainText('none')
  const header = panel.getByRole('group', { name: 'Header bit by bit' })
  await expect(header).toHaveText(/^81051FIN0RSV102030001opcode0MASK0000101length$/)
  await expect(field('FIN')).toHaveText(/^FIN1/)
  await expect(field('MASK')).toHaveText(/^MASK0/)
  await expect(field('length')).toHaveText(/^length5/)

  await screen.traffic.row({ kind: 'binary' }).click()
  await expect(field('opcode')).toHaveText(/^opcode0x2binary/)
  await expect(fact('Payload')).toContainText('300 B')
  await expect(fact('On the wire')).toContainText('306 B')
  await expect(fact('Frames')).toContainText('2')
  await expect(header).toHaveText(/^027e.*1111110length00c8\d{16}extended length$/)
  await expect(field('FIN')).toHaveText(/^FIN0/)
  await expect(field('extended length')).toHaveText(/^extended length200/)
  const frames = panel.getByRole('listbox', { name: 'Frames of the message' })
  await frames.getByRole('option', { name: /^Frame 2, / }).click()
  await expect(header).toHaveText(/^80641FIN/)
  await expect(field('opcode')).toHaveText(/^opcode0x0continuation/)
  await expect(field('length')).toHaveText(/^length100/)

  await screen.traffic.row({ kind: 'ping' }).click()
  await expect(field('opcode')).toHaveText(/^opcode0x9ping/)
  await screen.traffic.row({ kind: 'pong' }).click()
  await expect(fact('Direction')).toContainText('out, to the peer')
  await expect(field('opcode')).toHaveText(/^opcode0xapong/)
  await expect(field('MASK')).toHaveText(/^MASK1/)
  await expect(fact('Masking key')).toHaveText(/^\s*[\da-f]{2}( [\da-f]{2}){3}\s*$/)
  await expect(fact('On the wire')).toContainText('19 B')
})

test('explains a close frame', async ({ app }) => {
  const screen = screenOf(app.page)
  server = await closeWith(1011, 'database is gone')
  await screen.connection.open(server.url)
  await screen.connection.connectButton.click()
  await screen.traffic.row({ kind: 'close', direction: 'In' }).click()
  const { panel } = screen.inspector
  await screen.inspector.choose('Pretty')
  await expect(panel.getByRole('heading', { name: '1011 Internal error' })).toBeVisible()
  await expect(panel).toContainText('The server met a condition it did not expect.')
  await expect(panel).toContainText('database is gone')
  await screen.inspector.choose('Frame')
  await expect(panel).toContainText('0x8close: ')
  await expect(panel).toContainText('1011 Internal error')
  await screen.inspector.choose('Hex')
  await expect(panel.locator('[data-byte="0"][data-as="hex"]')).toHaveText(
    closePayload(1011).toString('hex').slice(0, 2),
  )
})

test('opens a payload of 20 MB and stays answerable', async ({ app }, testInfo) => {
  const screen = screenOf(app.page)
  const items = Array.from({ length: 200_000 }, (_, index) => ({
    index,
    text: `payload ${index} `.padEnd(80, '.'),
  }))
  const text = JSON.stringify(items)
  expect(text.length).toBeGreaterThan(20_000_000)
  await receive(screen, text, 'small')
  const { panel } = screen.inspector

  for (const [tab, note] of [
    ['Raw', /Bytes 0 to 1,048,575 of 21\.\d MB/],
    ['Pretty', /First [\d.]+ [kM]B of 21\.\d MB/],
  ] as const) {
    await screen.inspector.choose(tab)
    await expect(panel).toContainText('"payload 0 ')
    await expect(panel).toContainText(note)
    await screen.traffic.row({ preview: 'small' }).click()
    await expect.poll(() => lines(screen)).toBe('small')
    await screen.traffic.grid.locator('[aria-rowindex="2"]').click()
    await expect(panel).toContainText('"payload 0 ')
  }
  await panel.getByRole('button', { name: 'Show more' }).click()
  await expect(panel).toContainText(/First [\d.]+ MB of 21/)

  await screen.inspector.choose('Raw')
  const parts = panel.getByRole('navigation', { name: 'Parts of the payload' })
  await parts.getByRole('button', { name: 'Last part' }).click()
  await expect(panel).toContainText(`Bytes 20,971,520 to ${(text.length - 1).toLocaleString('en')}`)
  await panel.getByRole('textbox', { name: 'Raw payload' }).focus()
  await app.page.keyboard.press('Control+End')
  await expect(panel).toContainText('"payload 199999 ')

  await screen.inspector.choose('Hex')
  const dump = panel.getByRole('group', { name: 'Bytes' })
  await dump.focus()
  await app.page.keyboard.press('Control+End')
  await expect(dump.locator(`[data-byte="${text.length - 1}"][data-as="hex"]`)).toHaveText('5d')

  await screen.composer.sendText('still here')
  await expect(screen.traffic.row({ direction: 'Out', preview: 'still here' })).toBeVisible()

  const path = join(testInfo.outputPath(), 'large.json')
  await writeFile(path, '')
  if (app.host === 'web') {
    const download = app.page.waitForEvent('download')
    await screen.inspector.copy('Save payload…')
    await (await download).saveAs(path)
  } else {
    await app.saveAs(path)
    await screen.inspector.copy('Save payload…')
    await expect(screen.notifications).toContainText('Saved')
  }
  expect((await readFile(path, 'utf8')) === text, 'the saved payload is the one sent').toBe(true)
})
