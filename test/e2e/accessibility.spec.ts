import type { Page } from '@playwright/test'
import { echo, refuse401, type TestServer } from '../servers'
import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'
import { expectAccessible } from './support/axe'
import { connectClient } from './support/outside-client'

let servers: TestServer[] = []
async function serve(starting: Promise<TestServer>): Promise<TestServer> {
  const server = await starting
  servers.push(server)
  return server
}

test.afterEach(async () => {
  for (const server of servers) await server.close()
  servers = []
})

type Role = Parameters<Page['getByRole']>[0]

/** The names people, documentation and tests share; each must be there once for its role. */
type Names = readonly (readonly [role: Role, ...names: string[]])[]

const everywhere: Names = [
  ['link', 'Connections', 'Local server', 'Settings'],
  ['list', 'Profiles'],
]
const trafficNames: Names = [
  ['grid', 'Traffic'],
  ['columnheader', 'Time', 'Direction', 'Type', 'Size', 'Preview'],
  ['textbox', 'Filter', 'Message'],
  ['button', 'Pause', 'Clear', 'Export', 'Send'],
  ['radiogroup', 'Format'],
  ['radio', 'Text', 'JSON', 'Hex', 'Base64', 'File'],
  ['region', 'Inspector'],
]
const connectionNames: Names = [
  ...everywhere,
  ...trafficNames,
  ['textbox', 'URL'],
  ['status', 'Connection state'],
  ['button', 'Ping', 'Save profile'],
  ['region', 'Latency'],
]
const inspectorTabs: Names = [['tab', 'Pretty', 'Raw', 'Hex', 'Frame']]

async function expectNames(page: Page, names: Names): Promise<void> {
  for (const [role, ...each] of names)
    for (const name of each)
      await expect(page.getByRole(role, { name, exact: true }), `${role} ${name}`).toHaveCount(1)
}

test('has nothing to object to before anything is connected', async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { page } = app
  await expect(screen.connection.url).toBeVisible()
  await expectNames(page, [...connectionNames, ['button', 'Connect']])
  await expectAccessible(page, 'the first run')

  await screen.connection.optionsButton.click()
  await screen.connection.options.addHeader('Authorization', 'Bearer x', { secret: true })
  await expectAccessible(page, 'connection options')
  await screen.connection.options.close()

  await page.keyboard.press('ControlOrMeta+k')
  await expect(page.getByRole('listbox', { name: 'Commands' })).toBeVisible()
  await expectAccessible(page, 'the palette')
  await page.keyboard.press('Escape')

  await screen.sidebar.go('Settings')
  await expectNames(page, everywhere)
  await expectAccessible(page, 'settings')

  await page.getByRole('link', { name: 'Settings' }).focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expectAccessible(page, 'the list of shortcuts')
})

test('has nothing to object to on a connection', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { page } = app
  const server = await serve(echo())
  await screen.connection.connectTo(server.url)
  await expectNames(page, [...connectionNames, ['button', 'Disconnect']])
  await screen.composer.sendText('{"n":1,"text":"hello","yes":true,"none":null}')
  await screen.composer.ping.click()
  await screen.traffic.row({ kind: 'pong' }).first().waitFor()
  await screen.traffic.row({ direction: 'In', preview: 'hello' }).click()
  await expectNames(page, inspectorTabs)
  for (const tab of ['Pretty', 'Raw', 'Hex', 'Frame'] as const) {
    await screen.inspector.choose(tab)
    await expectAccessible(page, `connected, ${tab}`)
  }
})

test(
  'has nothing to object to when paused, closing and refused',
  { tag: '@web' },
  async ({ app }) => {
    test.slow()
    const screen = screenOf(app.page)
    const { page } = app
    const server = await serve(echo())
    await screen.connection.connectTo(server.url)
    await screen.composer.sendText('hello')
    await screen.traffic.row({ direction: 'In', preview: 'hello' }).click()
    await screen.traffic.pause.click()
    await expectNames(page, [['button', 'Resume']])
    await expectAccessible(page, 'paused')
    await screen.traffic.resume.click()

    await screen.connection.chooseToDisconnect('Disconnect with a code…')
    await expect(screen.connection.closeDialog.dialog).toBeVisible()
    await expectAccessible(page, 'the close dialog')
    await page.keyboard.press('Escape')

    const refusing = await serve(refuse401())
    await screen.connection.open(refusing.url)
    await screen.connection.connectButton.click()
    await expect(screen.connection.problem).toContainText('401 Unauthorized')
    await expectAccessible(page, 'a refusal')
  },
)

test('has nothing to object to on the local server', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { page } = app
  await screen.sidebar.go('Local server')
  await expectNames(page, [
    ...everywhere,
    ['combobox', 'Preset'],
    ['spinbutton', 'Port'],
    ['button', 'Start server'],
    ['status', 'Server state'],
  ])
  await expectAccessible(page, 'a server that never ran')
  const url = await screen.server.startAnywhere()
  const clients = [await connectClient(url), await connectClient(`${url}/a/longer/path?x=1`)]
  try {
    clients[0]?.socket.send('hello')
    await screen.traffic.row({ kind: 'text', direction: 'In' }).first().click()
    await expect(screen.server.clients.getByRole('row')).toHaveCount(3)
    await expectNames(page, [
      ...everywhere,
      ...trafficNames,
      ...inspectorTabs,
      ['button', 'Stop server'],
      ['table', 'Clients'],
    ])
    await expectAccessible(page, 'a server with clients')
  } finally {
    for (const { socket } of clients) socket.terminate()
  }
})

test('has nothing to object to in what a server does', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { page } = app
  await screen.sidebar.go('Local server')
  await screen.server.routes.click()
  const { plan } = screen.server
  await plan.getByRole('button', { name: 'Add behaviour' }).click()
  await page.getByRole('menuitem', { name: 'Script', exact: true }).click()
  await plan.getByRole('button', { name: 'Add fault' }).click()
  await page.getByRole('menuitem', { name: 'Close with a code', exact: true }).click()
  await expectAccessible(page, 'a route with a script and a fault')
  await plan.getByRole('button', { name: /^HTTP requests/ }).click()
  await plan.getByRole('button', { name: 'Add HTTP answer' }).click()
  await expectAccessible(page, 'an answer to plain requests')
  await page.getByRole('button', { name: /^Options/ }).click()
  await page.getByRole('combobox', { name: 'Encryption' }).selectOption('generated')
  await expectAccessible(page, 'options of a server')
  await page.getByRole('button', { name: 'Trust the test CA…' }).click()
  await expect(page.getByRole('dialog')).toContainText('CN=Framescope test CA')
  await expectAccessible(page, 'how to trust the test CA')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Snippets…' }).click()
  await expectAccessible(page, 'snippets')
})

test('names what can be done with a profile', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.profile('Local echo').focus()
  await expectNames(app.page, [['button', 'Save profile', 'Duplicate', 'Delete']])
  await expectAccessible(app.page, 'a selected profile')
})

test('moves nothing for people who asked for less motion', { tag: '@web' }, async ({ app }) => {
  await app.page.emulateMedia({ reducedMotion: 'reduce' })
  await app.page.keyboard.press('ControlOrMeta+k')
  await expect(app.page.getByRole('listbox', { name: 'Commands' })).toBeVisible()
  const moving = await app.page.evaluate(() =>
    Array.from(document.querySelectorAll('*'))
      .filter((element) => {
        const { animationName, transitionDuration } = getComputedStyle(element)
        const durations = transitionDuration.split(',').map(parseFloat)
        return animationName !== 'none' || durations.some((duration) => duration > 0)
      })
      .map((element) => element.outerHTML.slice(0, 100)),
  )
  expect(moving).toEqual([])
})

test('keeps focus and selection visible in forced colours', { tag: '@web' }, async ({ app }) => {
  const screen = screenOf(app.page)
  const server = await serve(echo())
  await screen.connection.connectTo(server.url)
  await screen.composer.sendText('one')
  await screen.traffic.row({ direction: 'In', preview: 'one' }).click()
  await app.page.emulateMedia({ forcedColors: 'active' })

  const look = (selected: boolean) =>
    screen.traffic.grid.evaluate((grid, wanted) => {
      const row = grid.querySelector(`[aria-rowindex][aria-selected="${wanted}"]`)
      if (!row) return ''
      const { backgroundColor, outline, borderColor, color } = getComputedStyle(row)
      return [backgroundColor, outline, borderColor, color].join(' / ')
    }, selected)
  expect(await look(true)).not.toBe('')
  expect(await look(true)).not.toBe(await look(false))

  const colours = await screen.traffic.grid.evaluate((grid) => {
    const row = grid.querySelector('[aria-rowindex][aria-selected="true"]')
    return [row, ...(row?.querySelectorAll('*') ?? [])].map(
      (element) => element && getComputedStyle(element).color,
    )
  })
  expect(new Set(colours).size, 'colours of what is in a selected row').toBe(1)

  const chosen = (checked: boolean) =>
    screen.composer.format
      .getByRole('radio', { checked })
      .first()
      .evaluate((element) => {
        const { backgroundColor, outline, borderColor, color } = getComputedStyle(element)
        return [backgroundColor, outline, borderColor, color].join(' / ')
      })
  expect(await chosen(true)).not.toBe(await chosen(false))

  await screen.traffic.filter.focus()
  await app.page.keyboard.press('Tab')
  const outline = await app.page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement as Element)
    return { outlineStyle, width: parseFloat(outlineWidth) }
  })
  expect(outline.outlineStyle).not.toBe('none')
  expect(outline.width).toBeGreaterThanOrEqual(2)
})

test('can all be reached with text of twice its size', { tag: '@web' }, async ({ app }) => {
  const screen = screenOf(app.page)
  const server = await serve(echo())
  await screen.connection.connectTo(server.url)
  await screen.composer.sendText('one')
  await expect(screen.traffic.row({ direction: 'In', preview: 'one' })).toBeVisible()
  // What 200 % leaves of a window of 1280 by 800.
  await app.page.setViewportSize({ width: 640, height: 400 })

  await expect(screen.traffic.row({ direction: 'In', preview: 'one' })).toBeInViewport()
  const overlapping = await screen.connection.bar.evaluate((bar) => {
    const facts = [...bar.querySelectorAll('.fact')].map((fact) => fact.getBoundingClientRect())
    return facts.filter((one, index) =>
      facts.some(
        (other, at) =>
          at > index && one.left < other.right && other.left < one.right && one.top === other.top,
      ),
    ).length
  })
  expect(overlapping).toBe(0)
  await screen.connection.disconnect()
})
