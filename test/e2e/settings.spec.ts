import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'

test('keeps every setting through a restart and through a crash', async ({ app }) => {
  const choices = [
    ['Theme', 'Dark'],
    ['Row height', 'Compact'],
    ['Time of a row', 'Since the row before'],
  ] as const
  const choice = (group: string, name: string) =>
    app.page.getByRole('radiogroup', { name: group }).getByRole('radio', { name, exact: true })
  const space = () => app.page.getByRole('combobox', { name: 'Disk space for each connection' })
  const expectAll = async () => {
    await screenOf(app.page).sidebar.go('Settings')
    for (const [group, name] of choices) await expect(choice(group, name)).toBeChecked()
    await expect(space()).toHaveValue(String(512 * 1024 * 1024))
  }

  await screenOf(app.page).sidebar.go('Settings')
  for (const [group, name] of choices) await choice(group, name).click()
  await space().selectOption({ label: '512 MiB' })
  await expectAll()
  const stored = async () => await readFile(join(app.dataFolder, 'settings.json'), 'utf8')
  await expect.poll(stored).toContain(String(512 * 1024 * 1024))
  await app.crash()
  await expectAll()
  await app.restart()
  await expectAll()
})

test('says what it is, where it runs and where its data is', async ({ app }) => {
  await screenOf(app.page).sidebar.go('Settings')
  const about = app.page.getByRole('region', { name: 'About' })
  await expect(about).toContainText(/Framescope \d+\.\d+\.\d+/)
  await expect(about).toContainText(app.host === 'web' ? 'the browser' : 'Electron')
  await expect(about).toContainText(app.dataFolder)
})

test('remembers where the borders between panes stand', async ({ app }) => {
  const border = () => app.page.getByRole('separator', { name: 'Resize the sidebar' })
  const links = () => app.page.getByRole('navigation', { name: 'Sections' })
  const width = async () => (await links().boundingBox())?.width ?? 0
  await expect(border()).toBeVisible()
  const before = await width()
  await border().focus()
  for (let press = 0; press < 3; press += 1) await app.page.keyboard.press('ArrowRight')
  await expect.poll(width).toBeGreaterThan(before)
  const after = await width()
  const stored = () => readFile(join(app.dataFolder, 'settings.json'), 'utf8').catch(() => '')
  await expect.poll(stored).toContain('"sidebar"')
  await app.restart()
  await expect(border()).toBeVisible()
  await expect.poll(width).toBeCloseTo(after, 0)
})
