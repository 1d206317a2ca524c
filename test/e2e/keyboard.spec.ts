import { echo } from '../servers'
import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'
import { expectFocusSeen, tabTo } from './support/focus'

test('does the whole main job without a mouse', async ({ app }) => {
  test.slow()
  const { page } = app
  const { keyboard } = page
  const screen = screenOf(page)
  const server = await echo()
  const seen = (when: string) => expectFocusSeen(page, when)

  try {
    await test.step('a new connection', async () => {
      await expect(screen.connection.url).toBeVisible()
      await keyboard.press('Alt+n')
      await expect(screen.connection.tabs).toHaveCount(2)
      await expect(screen.connection.url).toBeFocused()
      await seen('a new connection')
      await keyboard.type(server.url)
      await keyboard.press('Enter')
      await screen.connection.expectState('Open')
      await seen('connected')
    })

    await test.step('a message in JSON', async () => {
      await keyboard.press('Alt+m')
      await expect(screen.composer.message).toBeFocused()
      await seen('the editor')
      await tabTo(page, screen.composer.format, 'Shift+Tab')
      // A key that is let go of at once chooses nothing: the control wants to see it held.
      await keyboard.press('ArrowRight', { delay: 50 })
      await expect(screen.composer.format.getByRole('radio', { name: 'JSON' })).toBeChecked()
      await seen('the format')
      await keyboard.press('Alt+m')
      await keyboard.insertText('{"a": [1, 2]}')
      await keyboard.press('ControlOrMeta+Enter')
      await expect(
        screen.traffic.row({ direction: 'In', kind: 'text', preview: '{"a": [1, 2]}' }),
      ).toBeVisible()
      await expect(screen.composer.message).toBeFocused()
      await keyboard.press('Escape')
      await keyboard.press('Tab')
      await expect(screen.composer.message).not.toBeFocused()
      await seen('after the editor')
    })

    await test.step('the filter and the list', async () => {
      await keyboard.press('ControlOrMeta+f')
      await expect(screen.traffic.filter).toBeFocused()
      await seen('the filter')
      await keyboard.type('{"a"')
      await keyboard.press('Enter')
      await screen.traffic.expectCount(2)
      await expect(screen.traffic.grid).toBeFocused()
      await keyboard.press('Home')
      await seen('the first row')
      await expect(screen.traffic.row({ direction: 'Out' })).toHaveAttribute(
        'aria-selected',
        'true',
      )
      await keyboard.press('ArrowDown')
      await expect(screen.traffic.row({ direction: 'In' })).toHaveAttribute('aria-selected', 'true')
      await seen('the second row')
    })

    await test.step('the inspector', async () => {
      await keyboard.press('Enter')
      await expect(screen.inspector.panel).toBeFocused()
      await seen('the inspector')
      await tabTo(page, screen.inspector.tab('Pretty'), 'Shift+Tab')
      for (const tab of ['Raw', 'Hex', 'Frame'] as const) {
        await keyboard.press('ArrowRight')
        await expect(screen.inspector.tab(tab)).toHaveAttribute('aria-selected', 'true')
        await expect(screen.inspector.tab(tab)).toBeFocused()
        await seen(tab)
      }
      await expect(screen.inspector.panel).toContainText('opcode0x1text')
      await keyboard.press('Escape')
      await expect(screen.traffic.grid).toBeFocused()
      await seen('back in the list')
    })

    await test.step('no filter again, and a ping', async () => {
      await keyboard.press('/')
      await expect(screen.traffic.filter).toBeFocused()
      await keyboard.press('Escape')
      await expect(screen.traffic.filter).toHaveValue('')
      await keyboard.press('Escape')
      await expect(screen.traffic.grid).toBeFocused()
      await keyboard.press('Alt+p')
      await expect(screen.traffic.row({ direction: 'In', kind: 'pong' }).first()).toBeVisible()
      await seen('after the ping')
    })

    await test.step('a menu, left without choosing', async () => {
      await tabTo(page, page.getByRole('button', { name: 'Time display' }), 'Shift+Tab')
      await keyboard.press('Enter')
      await expect(page.getByRole('menu')).toBeVisible()
      await keyboard.press('ArrowDown')
      await seen('in the menu')
      await keyboard.press('Escape')
      await expect(page.getByRole('menu')).toBeHidden()
      await expect(page.getByRole('button', { name: 'Time display' })).toBeFocused()
    })

    await test.step('a profile is saved', async () => {
      await keyboard.press('ControlOrMeta+s')
      const dialog = page.getByRole('dialog', { name: 'Save as a profile' })
      await expect(dialog).toBeVisible()
      await tabTo(page, dialog.getByRole('textbox', { name: 'Name' }))
      await keyboard.press('ControlOrMeta+a')
      await keyboard.type('By hand')
      await keyboard.press('Enter')
      await expect(dialog).toBeHidden()
      await expect(screen.sidebar.profile('By hand')).toBeVisible()
      await seen('after the dialog')
    })

    await test.step('disconnected with a code', async () => {
      await keyboard.press('ControlOrMeta+k')
      await keyboard.type('disconnect with')
      await keyboard.press('Enter')
      await expect(screen.connection.closeDialog.dialog).toBeVisible()
      await tabTo(page, screen.connection.closeDialog.reason)
      await keyboard.type('that is all')
      await keyboard.press('Enter')
      await screen.connection.expectState('Closed')
      await expect(screen.connection.closeDialog.dialog).toBeHidden()
      await seen('after the close dialog')
    })

    await test.step('the profile is opened again', async () => {
      await keyboard.press('Alt+w')
      await expect(screen.connection.tabs).toHaveCount(1)
      await tabTo(page, screen.sidebar.profile('By hand'))
      await keyboard.press('Enter')
      await screen.connection.expectState('Open')
      await expect(screen.connection.url).toHaveValue(server.url)
      await seen('after opening a profile')
      await keyboard.press('ControlOrMeta+Shift+Enter')
      await screen.connection.expectState('Closed')
    })

    await test.step('the local server', async () => {
      await keyboard.press('Alt+s')
      await expect(screen.server.start).toBeVisible()
      await tabTo(page, screen.server.port)
      await keyboard.press('ControlOrMeta+a')
      await keyboard.type('0')
      await keyboard.press('Enter')
      await screen.server.expectState('Running')
      await keyboard.press('ControlOrMeta+Shift+Enter')
      await screen.server.expectState('Stopped')
    })

    await test.step('the palette', async () => {
      await keyboard.press('Alt+c')
      await tabTo(page, page.getByRole('link', { name: 'Settings' }))
      await keyboard.press('ControlOrMeta+k')
      const query = page.getByRole('combobox', { name: 'Search commands and profiles' })
      await expect(query).toBeFocused()
      await seen('the palette')
      await keyboard.type('change the theme')
      await keyboard.press('Enter')
      await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible()
      await expect(page.getByRole('link', { name: 'Settings' })).toBeFocused()
      await keyboard.press('ControlOrMeta+k')
      await keyboard.press('Escape')
      await expect(query).toBeHidden()
      await expect(page.getByRole('link', { name: 'Settings' })).toBeFocused()
    })

    await test.step('the list of shortcuts', async () => {
      await keyboard.press('?')
      const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
      await expect(dialog).toBeVisible()
      for (const title of ['Send the message', 'Filter traffic', 'Save profile', 'Move a border'])
        await expect(dialog).toContainText(title)
      await keyboard.press('Escape')
      await expect(dialog).toBeHidden()
      await seen('after the list of shortcuts')
    })
  } finally {
    await server.close()
  }
})

test('keeps the keyboard somewhere when what had it goes away', async ({ app }) => {
  const { page } = app
  const screen = screenOf(page)
  const place = (when: string) => expectFocusSeen(page, when)

  await screen.connection.newTab()
  await page.keyboard.press('Alt+w')
  await expect(screen.connection.tabs).toHaveCount(1)
  await place('after its tab was closed')

  await screen.sidebar.go('Local server')
  await screen.server.port.fill('0')
  await page.keyboard.press('Enter')
  await screen.server.expectState('Running')
  await place('after the server was started from the port')
  await screen.server.stop.focus()
  await page.keyboard.press('Enter')
  await screen.server.expectState('Stopped')
  await place('after the server was stopped')

  await screen.sidebar.profile('Local echo').focus()
  await page.keyboard.press('Delete')
  await expect(screen.sidebar.profile('Local echo')).toBeHidden()
  await tabTo(page, screen.notifications.getByRole('button', { name: 'Undo' }))
  await page.keyboard.press('Enter')
  await expect(screen.sidebar.profile('Local echo')).toBeVisible()
  await place('after Undo')
})
