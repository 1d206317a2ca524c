import { flood } from '../servers'
import { expect, test } from './fixtures/servers'
import { CapturesPage } from './pages/captures'
import { screenOf } from './pages/screen'
import { TrafficTools } from './pages/traffic-tools'
import { numbered } from './support/numbered-messages'
import { connectQuietly } from './support/quiet-connection'

const host = { tag: '@web' }

test('keeps bookmarks and notes with the capture', async ({ app, serve }) => {
  const { keyboard } = app.page
  const server = await serve(flood(numbered(0, 300)))
  let screen = screenOf(app.page)
  let tools = new TrafficTools(app.page)
  const selected = () => screen.traffic.grid.getByRole('row', { selected: true })
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(301)

  await test.step('by keyboard on the row one is on', async () => {
    await screen.traffic.row({ preview: '"n":299' }).click()
    await keyboard.press('b')
    await expect(selected()).toContainText('Bookmarked')
    await keyboard.press('Home')
    await keyboard.press('ArrowDown')
    await expect(selected()).toContainText('"n":0')
    await tools.note('where it begins')
    await expect(selected()).toContainText('Note: where it begins')
    await expect(screen.inspector.region.getByRole('textbox', { name: 'Note' })).toHaveValue(
      'where it begins',
    )
    await screen.traffic.row({ preview: '"n":5}' }).click()
    await keyboard.press('b')
    await expect(selected()).toContainText('Bookmarked')
  })

  await test.step('from one to the next, going round', async () => {
    for (const [key, number] of [
      ['F2', 299],
      ['F2', 0],
      ['F2', 5],
      ['Shift+F2', 0],
      ['Shift+F2', 299],
    ] as const) {
      await keyboard.press(key)
      await expect(selected()).toContainText(`"n":${number}}`)
    }
  })

  await test.step('only those, and from their list', async () => {
    await tools.bookmarks.click()
    await expect(tools.bookmarkedRows).toHaveCount(3)
    await expect(tools.bookmarkedRows.first()).toContainText('where it begins')
    await tools.onlyBookmarks.click()
    await screen.traffic.expectCount(3)
    await tools.onlyBookmarks.click()
    await screen.traffic.expectCount(301)
    await tools.bookmarkedRows.last().click()
    await expect(selected()).toContainText('"n":299}')
    await keyboard.press('b')
    await expect(selected()).not.toContainText('Bookmarked')
  })

  await new CapturesPage(app.page).save('Marked')
  await expect(screen.notifications).toContainText('Capture “Marked” saved')

  await test.step('after a restart', async () => {
    await app.restart()
    screen = screenOf(app.page)
    tools = new TrafficTools(app.page)
    const captures = new CapturesPage(app.page)
    await captures.go()
    await captures.open('Marked')
    await screen.traffic.expectCount(301)
    await screen.traffic.grid.focus()
    await app.page.keyboard.press('F2')
    await expect(selected()).toContainText('Note: where it begins')
    await app.page.keyboard.press('F2')
    await expect(selected()).toContainText('"n":5}')
    await expect(selected()).toContainText('Bookmarked')
    await tools.bookmarks.click()
    await expect(tools.bookmarkedRows).toHaveCount(2)
  })
})

test('adds up what is selected, and goes to times and gaps', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const tools = new TrafficTools(app.page)
  const { keyboard } = app.page
  const selected = screen.traffic.grid.getByRole('row', { selected: true })
  const burst = (from: number) => numbered(from, from + 100, () => ({ pad: '..........' }))
  const server = await serve(flood(burst(100)))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(101)
  await app.page.waitForTimeout(1_000)
  server.send(burst(200))
  await screen.traffic.expectCount(201)

  await test.step('statistics of a range', async () => {
    await screen.traffic.grid.focus()
    await keyboard.press('Home')
    await keyboard.press('ArrowDown')
    await keyboard.press('Shift+End')
    const bytes = burst(100).join('').length * 2
    await expect(tools.statistics).toContainText('200 selected')
    await expect(tools.statistics).toContainText(`In 200, ${(bytes / 1000).toFixed(1)} kB`)
    await expect(tools.statistics).toContainText('Out 0, 0 B')
    await expect(tools.statistics).toContainText(/period 1\.\d+ s/)
    await expect(tools.statistics).toContainText(/rate 1\d\d rows\/s/)
    await expect(tools.longestGap).toHaveText(/^1\.\d+ s$/)
    await tools.longestGap.click()
    await expect(screen.traffic.row({ preview: '"n":200,' })).toBeVisible()
  })

  await test.step('a time', async () => {
    await screen.traffic.grid.focus()
    await keyboard.press('Home')
    await tools.goToTime('noon')
    await expect(tools.timeDialog).toContainText('“noon” is not a time')
    await tools.goToTime('+1h')
    await expect(tools.timeDialog).toContainText('is after the last row')
    await tools.goToTime('+950ms')
    await expect(tools.timeDialog).toBeHidden()
    await expect(selected).toContainText('"n":200,')
  })

  await test.step('a period, by keyboard', async () => {
    const { periodStart } = tools
    const number = async (name: string) => Number(await periodStart.getAttribute(name))
    await periodStart.focus()
    const half = ((await number('aria-valuemin')) + (await number('aria-valuemax'))) / 2
    for (let step = 0; step < 60 && (await number('aria-valuenow')) < half; step += 1)
      await keyboard.press('PageUp')
    await keyboard.press('Enter')
    await screen.traffic.expectCount(100)
    await expect(screen.traffic.rows.first()).toContainText('"n":200,')
    await tools.showAllTimes.click()
    await screen.traffic.expectCount(201)
  })
})

test('has the columns one wants, also after a restart', async ({ app, serve }) => {
  const server = await serve(flood(numbered(0, 3)))
  let screen = screenOf(app.page)
  let tools = new TrafficTools(app.page)
  await connectQuietly(screen, server.url)
  await expect(tools.headers).toHaveText(['Time', 'Delta', 'Direction', 'Type', 'Size', 'Preview'])

  await tools.columns.click()
  await tools.column('Delta').click()
  await tools.column('Wire size').click()
  await expect(tools.headers).toHaveText([
    'Time',
    'Direction',
    'Type',
    'Size',
    'Wire size',
    'Preview',
  ])
  await tools.column('Wire size').press('Alt+ArrowUp')
  await tools.column('Wire size').press('Alt+ArrowUp')
  await app.page.keyboard.press('Escape')
  // The menu gives the keyboard back when it has gone.
  await expect(tools.columns).toBeFocused()
  const headers = ['Time', 'Direction', 'Wire size', 'Type', 'Size', 'Preview']
  await expect(tools.headers).toHaveText(headers)
  const edge = tools.columnEdge('Wire size')
  await edge.press('ArrowRight')
  await expect(edge).toHaveAttribute('aria-valuenow', '74')
  await expect(screen.traffic.row({ preview: '"n":1}' })).toContainText('9 B')

  await app.restart()
  screen = screenOf(app.page)
  tools = new TrafficTools(app.page)
  await connectQuietly(screen, server.url)
  await expect(tools.headers).toHaveText(headers)
  await expect(tools.columnEdge('Wire size')).toHaveAttribute('aria-valuenow', '74')
  await tools.columns.click()
  await app.page.getByRole('menuitem', { name: 'Reset columns' }).click()
  await expect(tools.headers).toHaveText(['Time', 'Delta', 'Direction', 'Type', 'Size', 'Preview'])
})
