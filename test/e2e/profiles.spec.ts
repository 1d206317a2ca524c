import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { echo, type TestServer } from '../servers'
import { expect, test, type App } from './fixtures/app'
import { screenOf, type Screen } from './pages/screen'

const starters = ['Local echo', 'Local echo, reconnecting']
const script = resolve(import.meta.dirname, '../../out/main/web.js')

let server: TestServer
test.beforeEach(async () => {
  server = await echo()
})
test.afterEach(() => server.close())

/** Saves the connection on screen under a name. */
async function saveAs(screen: Screen, app: App, name: string) {
  await screen.connection.saveProfileButton.click()
  const dialog = app.page.getByRole('dialog', { name: 'Save as a profile' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(dialog).toBeHidden()
}

const names = (screen: Screen) => expect.poll(() => screen.sidebar.profileNames())

test('saves a profile, shows what is unsaved, and outlives restarts and crashes', async ({
  app,
}) => {
  let screen = screenOf(app.page)
  await names(screen).toEqual(starters)
  await screen.connection.open(server.url)
  await saveAs(screen, app, 'Staging feed')
  await names(screen).toEqual([...starters, 'Staging feed'])
  await expect(screen.connection.saveProfileButton).toBeDisabled()

  await screen.connection.url.fill(`${server.url}/changed`)
  await expect(screen.connection.bar).toContainText('Unsaved changes')
  await expect(screen.sidebar.profile('Staging feed')).toContainText('unsaved')
  await app.page.keyboard.press('ControlOrMeta+s')
  await expect(screen.connection.bar).not.toContainText('Unsaved changes')
  await expect(screen.sidebar.profile('Staging feed')).toContainText('/changed')
  await expect(screen.sidebar.profile('Staging feed')).not.toContainText('unsaved')

  await app.restart()
  screen = screenOf(app.page)
  await names(screen).toEqual([...starters, 'Staging feed'])
  await expect(screen.sidebar.profile('Staging feed')).toContainText('/changed')

  await screen.sidebar.profile('Local echo').click()
  await screen.sidebar.rename.click()
  await app.page.getByRole('textbox', { name: 'Profile name' }).fill('Renamed')
  await app.page.keyboard.press('Enter')
  await names(screen).toEqual(['Renamed', starters[1], 'Staging feed'])
  await app.crash()
  screen = screenOf(app.page)
  await names(screen).toEqual(['Renamed', starters[1], 'Staging feed'])
})

test('opens a profile and connects with Enter', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.connection.open(server.url)
  await saveAs(screen, app, 'Feed')
  await screen.connection.newTab()
  await screen.sidebar.profile('Feed').focus()
  await app.page.keyboard.press('Enter')
  await screen.connection.expectState('Open')
  await expect(screen.connection.url).toHaveValue(server.url)
  await expect(screen.connection.tab(/^Feed, Open/)).toHaveAttribute('aria-selected', 'true')
})

test('renames, duplicates, moves, finds and deletes profiles', async ({ app }) => {
  const screen = screenOf(app.page)
  const { sidebar } = screen
  const [first = '', second = ''] = starters
  await sidebar.profile(first).focus()

  await test.step('rename with F2, leave it with Escape', async () => {
    const field = app.page.getByRole('textbox', { name: 'Profile name' })
    await app.page.keyboard.press('F2')
    await field.fill('Never mind')
    await app.page.keyboard.press('Escape')
    await expect(field).toBeHidden()
    await names(screen).toEqual(starters)
    await expect(sidebar.profile(first)).toBeFocused()
    await app.page.keyboard.press('F2')
    await field.fill('One')
    await app.page.keyboard.press('Enter')
    await names(screen).toEqual(['One', second])
  })

  await test.step('duplicate', async () => {
    await sidebar.duplicate.click()
    await names(screen).toEqual(['One', 'One copy', second])
    await expect(sidebar.profile('One copy')).toBeFocused()
  })

  await test.step('move with Alt and the arrows', async () => {
    await app.page.keyboard.press('Alt+ArrowDown')
    await names(screen).toEqual(['One', second, 'One copy'])
    await expect(sidebar.profile('One copy')).toBeFocused()
    await app.page.keyboard.press('Alt+ArrowUp')
    await names(screen).toEqual(['One', 'One copy', second])
    await app.page.keyboard.press('Alt+ArrowUp')
    await names(screen).toEqual(['One copy', 'One', second])
  })

  await test.step('move by dragging', async () => {
    await sidebar.profile(second).dragTo(sidebar.profile('One copy'))
    await names(screen).toEqual([second, 'One copy', 'One'])
  })

  await test.step('find', async () => {
    await sidebar.search.fill('copy')
    await names(screen).toEqual(['One copy'])
    await sidebar.search.fill('nobody')
    await names(screen).toEqual([])
    await expect(app.page.getByText('No profile matches “nobody”.')).toBeVisible()
    await sidebar.search.fill('')
    await names(screen).toEqual([second, 'One copy', 'One'])
  })

  await test.step('delete, and undo it', async () => {
    await sidebar.profile('One copy').focus()
    await app.page.keyboard.press('Delete')
    await names(screen).toEqual([second, 'One'])
    await expect(sidebar.profile('One')).toBeFocused()
    await screen.notifications.getByRole('button', { name: 'Undo' }).click()
    await names(screen).toEqual([second, 'One copy', 'One'])
    await sidebar.profile('One').focus()
    await sidebar.delete.click()
    await names(screen).toEqual([second, 'One copy'])
  })

  await app.restart()
  await names(screenOf(app.page)).toEqual([second, 'One copy'])
})

test('keeps a second process off its data folder, in one clear sentence', async ({ app }) => {
  const screen = screenOf(app.page)
  await names(screen).toEqual(starters)
  const child = spawn(
    process.execPath,
    [script, '--port', '0', '--no-open', '--data', app.dataFolder],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [[code], output, errors] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ])
  expect(code).not.toBe(0)
  const said = `${output}${errors}`.trim()
  expect(said).toContain('is in use by another Framescope')
  expect(said).toContain(app.dataFolder)
  expect(said).not.toMatch(/^\s+at /m)
  await saveAs(screen, app, 'Still ours')
  await names(screen).toEqual([...starters, 'Still ours'])
})
