import { flood } from '../servers'
import { expect, test } from './fixtures/servers'
import { FilterLine } from './pages/filter'
import { screenOf } from './pages/screen'
import { numbered } from './support/numbered-messages'
import { connectQuietly } from './support/quiet-connection'

const host = { tag: '@web' }

const words = ['alpha', 'beta', 'gamma', 'delta']
/** Message `n` names one word in four and has a price of ten times its number. */
const priced = (from: number, to: number) =>
  numbered(from, to, (n) => ({ name: words[n % 4], price: n * 10, note: 'two words' }))

/** `of 1000` is what the first thousand hold, `more` what the next hundred add. */
const filters = [
  { filter: 'gamma', of: 250, more: 25 },
  { filter: 'BETA or delta', of: 500, more: 50 },
  { filter: '"Two Words" -alpha', of: 750, more: 75 },
  { filter: 'not (alpha or beta) $.price < 1000', of: 50, more: 0 },
  { filter: '$.price >= 9950', of: 5, more: 100 },
  { filter: '$.name ~ "amm"', of: 250, more: 25 },
  { filter: '/"n":\\d{3}7,/', of: 0, more: 10 },
  { filter: 'type:binary', of: 2, more: 0 },
  { filter: 'dir:in type:text,binary', of: 1002, more: 100 },
  { filter: 'dir:out', of: 0, more: 0 },
  { filter: 'type:open', of: 1, more: 0 },
] as const

test('answers on rows that are there and on those that come in', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const filter = new FilterLine(app.page)
  const server = await serve(flood([...priced(0, 1_000), Uint8Array.of(1, 2), Uint8Array.of(3)]))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(1_003)

  for (const { filter: text, of } of filters) {
    await test.step(text, async () => {
      await filter.set(text)
      await screen.traffic.expectCount(of)
      await filter.expectNoProblem()
    })
  }

  await test.step('live', async () => {
    const { filter: text, of, more } = filters[4]
    await filter.set(text)
    await screen.traffic.expectCount(of)
    server.send(priced(1_000, 1_100))
    await screen.traffic.expectCount(of + more)
    await expect(screen.traffic.rows.last()).toContainText('"n":1099')
  })
  for (const { filter: text, of, more } of filters) {
    await test.step(`${text}, afterwards`, async () => {
      await filter.set(text)
      await screen.traffic.expectCount(of + more)
    })
  }

  await test.step('what matched is marked in the list and in the inspector', async () => {
    await filter.set('gamma')
    await screen.traffic.expectCount(275)
    const row = screen.traffic.rows.last()
    await expect(row.locator('mark')).toHaveText('gamma')
    await row.click()
    await expect(screen.inspector.panel.locator('.cm-sought')).toHaveText('gamma')
  })
})

test('keeps the last filter as long as the text is none', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const filter = new FilterLine(app.page)
  const server = await serve(flood(priced(0, 100)))
  await connectQuietly(screen, server.url)
  await filter.set('alpha')
  await screen.traffic.expectCount(25)

  await filter.set('alpha or (beta')
  await filter.expectProblem(/\)/)
  await expect(filter.input).toHaveAttribute('aria-invalid', 'true')
  await expect(screen.traffic.rows.first()).toContainText('alpha')
  server.send(priced(100, 200))
  await screen.traffic.expectCount(50)

  await filter.set('alpha or (beta)')
  await screen.traffic.expectCount(100)
  await filter.expectNoProblem()

  await filter.input.press('Escape')
  await expect(filter.input).toHaveValue('')
  await screen.traffic.expectCount(201)
})

test('suggests what can be written, by keyboard', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const filter = new FilterLine(app.page)
  const server = await serve(flood(['text', Uint8Array.of(0xff)]))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(3)

  await screen.traffic.grid.focus()
  await app.page.keyboard.press('/')
  await expect(filter.input).toBeFocused()
  await app.page.keyboard.type('ty')
  await expect(filter.suggestions).toBeVisible()
  await app.page.keyboard.press('ArrowDown')
  await expect(filter.chosen).toContainText('type:')
  await app.page.keyboard.press('Enter')
  await expect(filter.input).toHaveValue('type:')
  await app.page.keyboard.type('bi')
  await app.page.keyboard.press('ArrowDown')
  await expect(filter.chosen).toContainText('binary messages')
  await app.page.keyboard.press('Tab')
  await expect(filter.input).toHaveValue(/^type:binary/)
  await screen.traffic.expectCount(1)

  await test.step('Escape closes them first, and the list is an arrow away', async () => {
    await app.page.keyboard.type(' d')
    await expect(filter.suggestions).toBeVisible()
    await app.page.keyboard.press('Escape')
    await expect(filter.suggestions).toBeHidden()
    await expect(filter.input).toHaveValue('type:binary d')
    await app.page.keyboard.press('Escape')
    await expect(filter.input).toHaveValue('')
    await app.page.keyboard.press('ArrowDown')
    await expect(screen.traffic.grid).toBeFocused()
  })
})

test(
  'stops an expression that takes too long, and answers meanwhile',
  host,
  async ({ app, serve }) => {
    const screen = screenOf(app.page)
    const filter = new FilterLine(app.page)
    const server = await serve(flood([...numbered(0, 100), `${'a'.repeat(40)}!`, 'after']))
    await connectQuietly(screen, server.url)
    await screen.traffic.expectCount(103)

    await filter.set('/(a+)+$/')
    await screen.connection.disconnect()
    await filter.expectProblem(/The expression \/\(a\+\)\+\$\/ was stopped.* on row \d+/)

    await filter.set('after')
    await screen.traffic.expectCount(1)
    await filter.expectNoProblem()
  },
)

test('goes from match to match without hiding the rest', host, async ({ app, serve }) => {
  const screen = screenOf(app.page)
  const filter = new FilterLine(app.page)
  const { page } = app
  const server = await serve(flood(priced(0, 1_000)))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(1_001)

  await filter.onlyMatches.click()
  await expect(filter.onlyMatches).toHaveAttribute('aria-pressed', 'false')
  await filter.set('/"n":\\d*50,/')
  await expect(filter.state).toHaveText('10 matches')
  await screen.traffic.expectCount(1_001)

  const selected = screen.traffic.grid.getByRole('row', { selected: true })
  await screen.traffic.grid.focus()
  await page.keyboard.press('Home')
  for (const [index, number] of [50, 150, 250].entries()) {
    await page.keyboard.press('F3')
    await expect(page.getByText(`${index + 1} of 10`, { exact: true })).toBeVisible()
    await expect(selected).toContainText(`"n":${number},`)
  }
  await page.keyboard.press('Shift+F3')
  await expect(selected).toContainText('"n":150,')
  await filter.previousMatch.click()
  await filter.previousMatch.click()
  await expect(page.getByText('10 of 10', { exact: true })).toBeVisible()
  await expect(selected).toContainText('"n":950,')

  // Keys that come faster than the answers are each a step.
  await page.evaluate(() => {
    const next = { key: 'F3', code: 'F3', bubbles: true, cancelable: true }
    for (let step = 0; step < 4; step += 1)
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', next))
  })
  await expect(page.getByText('4 of 10', { exact: true })).toBeVisible()
  await expect(selected).toContainText('"n":350,')
  await page.keyboard.press('Shift+F3')
  for (let step = 0; step < 4; step += 1) await filter.previousMatch.click()
  await expect(page.getByText('9 of 10', { exact: true })).toBeVisible()
  await filter.nextMatch.click()

  server.send(priced(1_000, 1_100))
  await expect(page.getByText('10 of 11', { exact: true })).toBeVisible()
  await screen.traffic.expectCount(1_101)
  await filter.nextMatch.click()
  await expect(selected).toContainText('"n":1050,')

  await filter.onlyMatches.click()
  await screen.traffic.expectCount(11)
})
