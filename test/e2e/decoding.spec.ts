import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { encode } from '@msgpack/msgpack'
import { flood, scripted } from '../servers'
import { frame } from '../servers/bare'
import { expect, test } from './fixtures/servers'
import { Decoding } from './pages/decoding'
import { screenOf, type Screen } from './pages/screen'
import { connectQuietly } from './support/quiet-connection'

const host = { tag: '@web' }
const mebibyte = 1024 * 1024

const packed = (value: unknown) => gzipSync(encode(value)).toString('base64')

/** Connects and selects the first of these many messages. */
async function receive(screen: Screen, url: string, count: number): Promise<void> {
  await connectQuietly(screen, url)
  await screen.traffic.expectCount(count + 1)
  await selectMessage(screen, 1)
}

async function selectMessage(screen: Screen, number: number): Promise<void> {
  await screen.traffic.grid.locator(`[aria-rowindex="${number + 1}"]`).click()
}

test('decodes by a chain, and remembers it for the connection', async ({ app, serve }) => {
  let screen = screenOf(app.page)
  let decoding = new Decoding(app.page)
  const server = await serve(
    flood([
      packed({ name: 'Ada', born: 1815 }),
      packed({ name: 'Grace', born: 1906 }),
      gzipSync('cut').subarray(0, 12).toString('base64'),
      'no base64!',
    ]),
  )
  await receive(screen, server.url, 4)
  await expect(screen.inspector.panel).toContainText('H4sI')
  await expect(decoding.suggestions.first()).toHaveText('Base64 → gzip → MessagePack')

  for (const step of ['Base64', 'gzip', 'MessagePack', 'JSON']) await decoding.add(step)
  await decoding.expectSteps('Base64', 'gzip', 'MessagePack', 'JSON')
  await expect(screen.inspector.panel).toContainText('"name": "Ada"')
  await expect(screen.inspector.panel).toContainText('"born": 1815')

  await test.step('the next row', async () => {
    await selectMessage(screen, 2)
    await expect(screen.inspector.panel).toContainText('"name": "Grace"')
    await screen.inspector.choose('Raw')
    await expect(screen.inspector.panel).toContainText('"Grace"')
    await screen.inspector.choose('Pretty')
  })

  await test.step('what does not decode', async () => {
    await selectMessage(screen, 3)
    await expect(decoding.problem).toContainText(/^gzip: .*Shown is what .* gave/)
    await expect(decoding.steps.nth(1)).toHaveAccessibleName('gzip, step 2 of 4, failed')
    await expect(decoding.steps.nth(2)).toHaveAccessibleName(/, not reached$/)
    await selectMessage(screen, 4)
    await expect(decoding.problem).toContainText(/^Base64: “!” .* At byte 9 \(0x9\)/)
    await expect(screen.inspector.panel).toContainText('no base64!')
    await selectMessage(screen, 2)
    await expect(decoding.problem).toBeHidden()
  })

  await test.step('after a restart', async () => {
    await app.restart()
    screen = screenOf(app.page)
    decoding = new Decoding(app.page)
    await receive(screen, server.url, 4)
    await decoding.expectSteps('Base64', 'gzip', 'MessagePack', 'JSON')
    await expect(screen.inspector.panel).toContainText('"name": "Ada"')
  })

  await test.step('as it is suggested', async () => {
    await decoding.none.click()
    await expect(screen.inspector.panel).toContainText('H4sI')
    await decoding.suggestions.first().click()
    await decoding.expectSteps('Base64', 'gzip', 'MessagePack')
    await expect(screen.inspector.panel).toContainText('"name": "Ada"')
    await decoding.steps.last().press('Delete')
    await decoding.expectSteps('Base64', 'gzip')
  })
})

test('stops at what would expand without end', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const decoding = new Decoding(app.page)
  const part = zstdCompressSync(Buffer.alloc(16 * mebibyte))
  const bomb = Buffer.concat(Array.from({ length: 17 }, () => part))
  const server = await serve(flood([bomb, zstdCompressSync('harmless')]))
  await receive(screen, server.url, 2)
  await decoding.add('zstd')
  await expect(decoding.problem).toContainText('expands to more than 256 MiB', { timeout: 30_000 })
  await selectMessage(screen, 2)
  await expect(screen.inspector.panel).toContainText('harmless')
  await expect(decoding.problem).toBeHidden()
})

test('reads Protobuf with and without a schema', async ({ app, serve }, testInfo) => {
  const screen = screenOf(app.page)
  const decoding = new Decoding(app.page)
  const dialog = decoding.protobufDialog
  const schema = join(testInfo.outputPath(), 'people.proto')
  await writeFile(
    schema,
    'syntax = "proto3"; package club; message Other { bool flag = 1; }\n' +
      'message Person { string name = 1; int32 age = 2; }\n',
  )
  const server = await serve(
    flood([Buffer.from('0a034164611024', 'hex'), Buffer.from('0a0547726163651055', 'hex')]),
  )
  await receive(screen, server.url, 2)

  await decoding.add('Protobuf')
  await dialog.getByRole('button', { name: 'Decode', exact: true }).click()
  await expect(screen.inspector.panel).toContainText(/"1": .*Ada/)

  await decoding.change('Protobuf', 'Schema and message…')
  await dialog.locator('input[type=file]').setInputFiles(schema)
  const message = dialog.getByRole('combobox', { name: 'Message', exact: true })
  await message.selectOption('club.Person')
  await dialog.getByRole('button', { name: 'Decode', exact: true }).click()
  await decoding.expectSteps('Protobuf Person')
  await expect(screen.inspector.panel).toContainText('"name": "Ada"')
  await expect(screen.inspector.panel).toContainText('"age": 36')
  await selectMessage(screen, 2)
  await expect(screen.inspector.panel).toContainText('"name": "Grace"')

  await test.step('a file that is no schema', async () => {
    await writeFile(schema, 'message {')
    await decoding.change('Protobuf', 'Schema and message…')
    await dialog.locator('input[type=file]').setInputFiles(schema)
    await expect(dialog.getByRole('alert')).toContainText(/people\.proto|line 1/)
  })
})

test('compares two rows by structure, text and bytes', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const { panel, region } = screen.inspector
  const by = (way: string) => panel.getByRole('radio', { name: way, exact: true })
  const server = await serve(
    flood(['{"a":1,"b":[1,2],"gone":true}', '{"b":[1,3],"a":1,"come":null}', 'plain']),
  )
  await receive(screen, server.url, 3)
  await app.page.keyboard.press('c')
  await expect(panel).toContainText('Select another row')

  await selectMessage(screen, 2)
  const differences = panel.getByRole('list', { name: 'Differences' }).getByRole('listitem')
  await expect(panel.getByRole('status')).toHaveText(
    '1 changed, 1 added, 1 removed; 2 values are the same',
  )
  await expect(differences.filter({ hasText: '$.b[1]' })).toContainText(/changed.*2.*3/s)
  await expect(differences.filter({ hasText: '$.gone' })).toContainText(/removed.*true/s)
  await expect(differences.filter({ hasText: '$.come' })).toContainText(/added.*null/s)

  await by('Text').click()
  await expect(panel.locator('.cm-deletedChunk', { hasText: '"gone": true' })).toBeVisible()
  await expect(panel.locator('.cm-changedLine', { hasText: '"come": null' })).toBeVisible()
  await by('Bytes').click()
  await expect(panel.getByRole('status')).toContainText(/bytes differ, the first at 0x0002/)

  await selectMessage(screen, 3)
  await expect(by('Structure')).toBeHidden()
  await by('Text').click()
  await expect(panel.locator('.cm-content')).toContainText('plain')
  await panel.getByRole('button', { name: 'Stop comparing' }).click()
  await expect(region.getByRole('tab', { name: 'Compare', exact: true })).toBeHidden()
})

test('draws the frames of a message bit by bit', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const { panel } = screen.inspector
  const server = await serve(
    scripted([
      frame({ fin: false, opcode: 1, payload: 'in ' }),
      frame({ fin: false, opcode: 0, payload: 'three '.repeat(30) }),
      frame({ opcode: 0, payload: 'frames' }),
    ]),
  )
  await receive(screen, server.url, 1)
  await screen.inspector.choose('Frame')
  const frames = panel.getByRole('listbox', { name: 'Frames of the message' })
  await expect(frames.getByRole('option')).toHaveCount(3)
  const bits = panel.getByRole('group', { name: 'Header bit by bit' })
  const bit = (name: string) => bits.getByRole('button', { name })
  await expect(bit('FIN 0: More fragments')).toBeVisible()
  await expect(bit('opcode 0x1: text')).toBeVisible()
  await expect(bits).toContainText(/01\s*03/)

  await frames.focus()
  await app.page.keyboard.press('ArrowDown')
  await expect(bit('opcode 0x0: continuation')).toBeVisible()
  await expect(bit('length 126: The length follows in 16 bits.')).toBeVisible()
  await expect(bit('extended length 180')).toBeVisible()
  await app.page.keyboard.press('End')
  await expect(bit('FIN 1: The last fragment')).toBeVisible()
  await expect(bits).toContainText(/80\s*06/)
})

test('says which rule a frame broke, with its bytes', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const { panel } = screen.inspector
  const rule = /Opcode 3 is reserved.*RFC 6455 section 5\.2/
  const server = await serve(
    scripted([frame({ opcode: 1, payload: 'before' }), frame({ opcode: 3, payload: 'xyz' })], {
      then: (socket) => socket.once('data', () => socket.end()),
    }),
  )
  await screen.connection.newTab()
  await screen.connection.url.fill(server.url)
  await screen.connection.connectButton.click()
  await screen.connection.expectState('Closed')
  await expect(screen.traffic.row({ preview: 'before' })).toBeVisible()
  await screen.traffic.row({ kind: 'binary', preview: rule }).click()
  await screen.inspector.choose('Frame')
  await expect(panel.getByRole('note')).toContainText(rule)
  await expect(panel.getByRole('group', { name: 'Bytes of the broken frame' })).toContainText(
    /83 03 78 79 7a/,
  )
  await expect(panel.getByRole('button', { name: /^opcode 0x3: reserved/ })).toBeVisible()

  await screen.traffic.filter.fill('frame:invalid')
  await screen.traffic.expectCount(1)
})
