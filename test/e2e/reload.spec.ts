import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recordingEcho } from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

test('goes on in the middle of everything when its page is reloaded', async ({ app, serve }) => {
  const { page } = app
  const { composer, connection, traffic } = screenOf(page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  await composer.write('tick {{counter}}')
  await composer.startRepeat({ interval: 100 })
  await expect(traffic.row({ direction: 'In', preview: /tick 3$/ })).toHaveCount(1)
  await composer.paste('half a\r\nthought')
  // What a page sends while it is left gets no further than the stand-in's own bridge.
  if (app.host === 'stand-in') await keptDraft(app.dataFolder, 'thought')
  const rows = await traffic.count()
  const sent = server.messages.length

  await page.reload()
  await connection.expectState('Open')
  await expect(composer.stopRepeating).toBeVisible()
  await expect.poll(() => traffic.count()).toBeGreaterThanOrEqual(rows)
  await expect.poll(() => server.messages.length).toBeGreaterThan(sent)
  await expect.poll(() => composer.text()).toBe('half aCR\nthought')

  await composer.stopRepeating.click()
  await composer.send.click()
  await expect.poll(() => server.messages.at(-1)?.bytes.toString()).toBe('half a\r\nthought')
  expect(server.requests).toHaveLength(1)
  expect(server.closes).toEqual([])

  await traffic.filter.fill('/tick 1$/')
  await expect(traffic.row({ direction: 'Out', preview: /tick 1$/ })).toHaveCount(1)
})

test('loses neither connection nor draft when its page crashes', async ({ app, serve }) => {
  test.skip(app.host === 'electron', 'Playwright lets go of an Electron page that crashed')
  const first = screenOf(app.page)
  const server = await serve(recordingEcho())
  await first.connection.url.fill(server.url)
  await first.connection.connect()
  await first.composer.sendText('before the crash')
  await expect(first.traffic.row({ direction: 'In', preview: 'before the crash' })).toHaveCount(1)
  await first.composer.write('an unsent draft')
  // A crash may take what was typed in the last tenth of a second.
  await keptDraft(app.dataFolder, 'an unsent draft')

  const { composer, connection, traffic } = screenOf(await app.crashRenderer())
  await connection.expectState('Open')
  await expect(traffic.row({ direction: 'In', preview: 'before the crash' })).toHaveCount(1)
  await expect.poll(() => composer.text()).toBe('an unsent draft')
  server.clients[0]?.send('after the crash')
  await expect(traffic.row({ direction: 'In', preview: 'after the crash' })).toHaveCount(1)
  expect(server.requests).toHaveLength(1)
})

test('closes its peers with 1001 when it quits', async ({ app, serve }) => {
  const { connection } = screenOf(app.page)
  const one = await serve(recordingEcho())
  const other = await serve(recordingEcho())
  await connection.connectTo(one.url)
  await connection.connectTo(other.url)
  expect(await app.quit()).toBe(0)
  await expect.poll(() => one.closes).toEqual([{ code: 1001, reason: '' }])
  await expect.poll(() => other.closes).toEqual([{ code: 1001, reason: '' }])
})

test('ends with 0 on Ctrl+C and closes its peers with 1001', async ({ app, serve }) => {
  test.skip(process.platform === 'win32', 'Windows has no signals')
  const { connection } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.connect()
  // The page is still there for a moment and looks for its host.
  app.allowProblem(/\/rpc' failed: .*ERR_CONNECTION_REFUSED/)
  process.kill(app.pid, 'SIGINT')
  await expect.poll(() => server.closes).toEqual([{ code: 1001, reason: '' }])
  expect(await app.quit()).toBe(0)
})

test('keeps profiles and tabs over a restart and a crash', async ({ app, serve }) => {
  const server = await serve(recordingEcho({ handleProtocols: () => 'chat.v1' }))
  {
    const { connection, sidebar } = screenOf(app.page)
    await connection.url.fill(server.url)
    await connection.change(async (options) => {
      await options.set(options.subprotocols, 'chat.v1')
      await options.addHeader('X-Kept', 'through it all')
    })
    await connection.saveProfileButton.click()
    const dialog = app.page.getByRole('dialog', { name: 'Save as a profile' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Kept')
    await dialog.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(sidebar.profile('Kept')).toBeVisible()
    await connection.connect()
  }

  await app.restart()
  {
    const { connection, sidebar } = screenOf(app.page)
    await expect(connection.url).toHaveValue(server.url)
    await connection.expectState('Closed')
    await sidebar.profile('Kept').focus()
    await sidebar.profile('Kept').press('Enter')
    await connection.expectState('Open')
    expect(server.headers('X-Kept')).toEqual(['through it all'])
    await sidebar.profile('Kept').focus()
    await sidebar.duplicate.click()
    await expect(sidebar.profile('Kept copy')).toBeVisible()
  }

  await app.crash()
  const { connection, sidebar } = screenOf(app.page)
  await expect(sidebar.profile('Kept copy')).toBeVisible()
  const names = await sidebar.profileNames()
  expect(names.slice(names.indexOf('Kept'))).toEqual(['Kept', 'Kept copy'])
  await sidebar.profile('Kept copy').focus()
  await sidebar.profile('Kept copy').press('Enter')
  await connection.expectState('Open')
  await expect(connection.fact('chat.v1')).toBeVisible()
  expect(server.headers('X-Kept')).toEqual(['through it all'])
})

/** Waits until a draft is on disk, so in the engine's keeping. */
async function keptDraft(dataFolder: string, text: string): Promise<void> {
  const workspace = join(dataFolder, 'workspace.json')
  await expect.poll(() => readFile(workspace, 'utf8')).toContain(text)
}
