import { expect, test } from './fixtures/app'

test('opens without an error and keeps its address clean', async ({ app }) => {
  await expect(app.page).toHaveTitle(/Framescope/)
  await expect(app.page.getByRole('link', { name: 'Local server' })).toBeVisible()
  expect(app.page.url()).not.toContain('token')
})

test('ends with 0 when it is asked to', async ({ app }) => {
  expect(await app.quit()).toBe(0)
})

test('goes on after a reload of its page', async ({ app }) => {
  await app.page.reload()
  await expect(app.page.getByRole('link', { name: 'Local server' })).toBeVisible()
})

test('sends the page with the chosen theme, so that no other one flashes', async ({ app }) => {
  await app.page.getByRole('button', { name: /^Theme: / }).click()
  const theme = await app.page.locator('html').getAttribute('data-theme')
  const page = await app.restart()
  const html = await page.evaluate(async () => (await fetch(location.pathname)).text())
  if (theme === null) expect(html).not.toContain('data-theme')
  else expect(html).toContain(`data-theme="${theme}"`)
})
