import { echo, type TestServer } from '../servers'
import { expect, test } from './fixtures/app'
import { screenOf, type Screen } from './pages/screen'
import { expectAccessible } from './support/axe'
import { connectQuietly } from './support/quiet-connection'

let server: TestServer | null = null

test.afterEach(async () => {
  await server?.close()
  server = null
})

/** Connects, sends these and waits for their echoes. */
async function talk(screen: Screen, ...messages: readonly string[]): Promise<void> {
  server = await echo()
  await connectQuietly(screen, server.url)
  for (const message of messages) {
    await screen.composer.sendText(message)
    await screen.traffic.row({ direction: 'In', preview: message }).waitFor()
  }
}

test('has nothing to object to around the list', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { exportDialog, traffic } = screen
  const { page } = app
  const { keyboard } = page
  await talk(screen, '{"price":1}', '{"price":2}')
  const all = await traffic.count()

  await test.step('the filter', async () => {
    await page.getByRole('button', { name: 'Filter syntax' }).click()
    await expect(page.getByRole('heading', { name: 'Combined' })).toBeVisible()
    await expectAccessible(page, 'the help on filters')
    await keyboard.press('Escape')

    await traffic.filter.fill('')
    await traffic.filter.pressSequentially('type:')
    await keyboard.press('ControlOrMeta+Space')
    await expect(page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible()
    await keyboard.press('ArrowDown')
    await expectAccessible(page, 'suggestions')

    await traffic.filter.fill('price and (')
    await expect(traffic.filter).toHaveAttribute('aria-invalid', 'true')
    await keyboard.press('End')
    await expectAccessible(page, 'a filter that cannot be read')

    await traffic.filter.fill('price')
    await page.getByRole('button', { name: 'Show only matches' }).click()
    await expect(page.getByRole('button', { name: 'Next match' })).toBeEnabled()
    await expectAccessible(page, 'a search that hides nothing')
    await page.getByRole('button', { name: 'Show only matches' }).click()
    await traffic.expectCount(all - 1)
    await traffic.filter.fill('')
    await traffic.expectCount(all)
  })

  await test.step('selected rows and their sum', async () => {
    await traffic.row({ preview: '{"price":1}' }).first().click()
    await keyboard.press('Shift+ArrowDown')
    await keyboard.press('Shift+ArrowDown')
    const sum = page.getByRole('group', { name: 'Selected rows' })
    await expect(sum.getByRole('button', { name: 'Copy statistics' })).toBeVisible()
    await expectAccessible(page, 'selected rows')
  })

  await test.step('bookmarks and notes', async () => {
    await keyboard.press('Escape')
    await keyboard.press('n')
    const dialog = page.getByRole('dialog', { name: 'Note' })
    await dialog.getByRole('textbox', { name: 'Note on the row' }).fill('the one in question')
    await expectAccessible(page, 'a note being written')
    await keyboard.press('Enter')
    await expect(dialog).toBeHidden()
    await page.getByRole('button', { name: 'Bookmarks', exact: true }).click()
    await expect(page.getByRole('list', { name: 'Bookmarked rows' })).toContainText('in question')
    await expectAccessible(page, 'bookmarks')
    await keyboard.press('Escape')
  })

  await test.step('the columns', async () => {
    await page.getByRole('button', { name: 'Columns', exact: true }).click()
    await expect(page.getByRole('menuitemcheckbox', { name: 'Wire size' })).toBeVisible()
    await expectAccessible(page, 'the choice of columns', { menu: true })
    await keyboard.press('Escape')
  })

  await test.step('the timeline and its period', async () => {
    const start = page.getByRole('slider', { name: 'Start of the period' })
    await start.focus()
    await keyboard.press('ArrowRight')
    await expectAccessible(page, 'a period that is brushed')
    await keyboard.press('Enter')
    await expect(page.getByRole('button', { name: 'Show all times' })).toBeVisible()
    await expectAccessible(page, 'a period that is zoomed into')
    await page.getByRole('button', { name: 'Show all times' }).click()
  })

  await test.step('the export', async () => {
    await traffic.export.click()
    await expect(exportDialog.dialog).toBeVisible()
    await expectAccessible(page, 'an export')
    await exportDialog.dialog.getByRole('textbox', { name: 'More headers' }).fill('no header')
    await exportDialog.dialog.getByRole('textbox', { name: 'JSON messages' }).fill('no path')
    await expect(exportDialog.confirm).toBeDisabled()
    await expectAccessible(page, 'an export that hides nothing that is there')
  })
})

test('has nothing to object to when decoding and comparing', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { inspector, traffic } = screen
  const { page } = app
  const encoded = Buffer.from('{"price":1,"of":"tea"}').toString('base64')
  await talk(screen, encoded, '{"price":1}', '{"price":2}')
  const all = await traffic.count()
  // The rest fits into a small window.
  await page
    .getByRole('group', { name: 'Directions shown' })
    .getByRole('button', { name: 'Out' })
    .click()
  await traffic.expectCount(all - 3)

  await traffic.row({ direction: 'In', preview: encoded }).click()
  await inspector.choose('Pretty')
  await inspector.region.getByRole('button', { name: 'Decode with' }).click()
  await page.getByRole('menuitem', { name: 'Base64', exact: true }).click()
  await expect(inspector.panel).toContainText('"tea"')
  await expectAccessible(page, 'a decoded payload')
  await inspector.region.getByRole('button', { name: 'Add a step' }).click()
  await page.getByRole('menuitem', { name: 'gzip', exact: true }).click()
  await expect(inspector.region.getByRole('alert')).toBeVisible()
  await expectAccessible(page, 'a decoder that failed')
  await inspector.region.getByRole('button', { name: 'None', exact: true }).click()

  await traffic.row({ direction: 'In', preview: '{"price":1}' }).click()
  await traffic.grid.focus()
  await page.keyboard.press('c')
  await inspector.choose('Compare')
  await expectAccessible(page, 'a row to be compared')
  await traffic.row({ direction: 'In', preview: '{"price":2}' }).click()
  await expect(inspector.panel.getByRole('radiogroup', { name: 'Compare by' })).toBeVisible()
  for (const way of ['Structure', 'Text', 'Bytes']) {
    await inspector.panel.getByRole('radio', { name: way, exact: true }).click()
    await expectAccessible(page, `compared by ${way}`)
  }
})

test('has nothing to object to among captures', { tag: '@web' }, async ({ app }) => {
  test.slow()
  const screen = screenOf(app.page)
  const { page } = app
  const { keyboard } = page

  await keyboard.press('ControlOrMeta+k')
  await keyboard.type('import a capture')
  await keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Import a capture' })).toBeVisible()
  await expectAccessible(page, 'an import')
  await keyboard.press('Escape')
  await expect(page.getByRole('heading', { name: 'No captures' })).toBeVisible()
  await expectAccessible(page, 'no captures')

  await screen.sidebar.go('Connections')
  await talk(screen, '{"price":1}')
  await keyboard.press('ControlOrMeta+Shift+s')
  const naming = page.getByRole('dialog', { name: 'Save capture' })
  await naming.getByRole('textbox', { name: 'Name' }).fill('First capture')
  await expectAccessible(page, 'a capture being named')
  await keyboard.press('Enter')
  await expect(screen.notifications).toContainText('“First capture” saved')

  await screen.sidebar.go('Captures')
  const list = page.getByRole('table', { name: 'Captures' })
  await expect(list).toContainText('First capture')
  await expectAccessible(page, 'a list of captures')
  await list.getByRole('button', { name: 'Open First capture' }).click()
  await expect(page.getByRole('region', { name: 'Capture', exact: true })).toContainText(
    'Read only',
  )
  await screen.traffic.row({ direction: 'In', preview: 'price' }).click()
  await expectAccessible(page, 'an open capture')
})
