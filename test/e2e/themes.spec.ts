import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'
import { connectQuietly } from './support/quiet-connection'
import { background, isDark, watchFirstLook } from './support/theme-watch'
import { echo } from '../servers'

test('follows the system, and what was chosen instead, without a flash of the other', async ({
  app,
}) => {
  let { page } = app
  const dark = () => expect.poll(async () => isDark(await background(page)))
  const theme = (name: string) =>
    page.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name })

  await test.step('the system’s', async () => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await dark().toBe(colorScheme === 'dark')
      const look = await watchFirstLook(page)
      await page.reload()
      await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible()
      expect(isDark((await look()).background)).toBe(colorScheme === 'dark')
      expect(new Set((await look()).themes)).toEqual(new Set([null]))
    }
  })

  for (const [chosen, other] of [
    ['Dark', 'light'],
    ['Light', 'dark'],
  ] as const)
    await test.step(`${chosen} on a system that is ${other}`, async () => {
      await screenOf(page).sidebar.go('Settings')
      await theme(chosen).click()
      await expect(theme(chosen)).toBeChecked()
      await page.emulateMedia({ colorScheme: other })
      await dark().toBe(chosen === 'Dark')

      page = await app.restart()
      await page.emulateMedia({ colorScheme: other })
      const look = await watchFirstLook(page)
      await page.reload()
      await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible()
      expect(isDark((await look()).background)).toBe(chosen === 'Dark')
      expect(new Set((await look()).themes)).toEqual(new Set([chosen.toLowerCase()]))
      await dark().toBe(chosen === 'Dark')
    })

  await test.step('back to the system’s', async () => {
    const round = page.getByRole('button', { name: /^Theme: / })
    await expect(round).toHaveAccessibleName('Theme: light')
    await round.click()
    await expect(round).toHaveAccessibleName('Theme: as the system')
    await page.emulateMedia({ colorScheme: 'dark' })
    await dark().toBe(true)
    await page.emulateMedia({ colorScheme: 'light' })
    await dark().toBe(false)
  })
})

test('draws rows as high as was chosen, and remembers it', async ({ app }) => {
  const server = await echo()
  try {
    let screen = screenOf(app.page)
    await connectQuietly(screen, server.url)
    const height = () => screen.traffic.rows.first().evaluate((row) => row.clientHeight)
    for (const [density, pixels] of [
      ['Compact', 20],
      ['Comfortable', 28],
    ] as const) {
      await screen.sidebar.go('Settings')
      await app.page.getByRole('radio', { name: density }).click()
      await expect(app.page.getByRole('radio', { name: density })).toBeChecked()
      await screen.sidebar.go('Connections')
      await expect.poll(height).toBe(pixels)
    }
    await app.restart()
    screen = screenOf(app.page)
    await screen.sidebar.go('Settings')
    await expect(app.page.getByRole('radio', { name: 'Comfortable' })).toBeChecked()
  } finally {
    await server.close()
  }
})
