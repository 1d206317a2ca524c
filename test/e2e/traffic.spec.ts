import type { Locator, Page } from '@playwright/test'
import { echo, flood, wsServer, type FloodServer } from '../servers'
import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'
import { readClipboard } from './support/clipboard'
import { watchEngine } from './support/engine-events'
import { exportRows, parseRows } from './support/exported-rows'
import {
  expectRightRows,
  numbered,
  placesInSight,
  type NumberedRow,
} from './support/numbered-messages'
import { usedHeap } from './support/page-heap'
import { connectQuietly } from './support/quiet-connection'

const many = 100_000
/** The handshake is the first row. */
const rowsBefore = 1
const mebibyte = 1024 * 1024

/** The message at a place of the unfiltered list. */
const numberAt = (place: number) => (place > rowsBefore ? place - rowsBefore - 1 : null)

const servers: FloodServer[] = []
async function serve(messages: readonly (string | Uint8Array)[]): Promise<FloodServer> {
  const server = await flood(messages)
  servers.push(server)
  return server
}

test.afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

test('shows the right rows of 100,000 wherever one scrolls', { tag: '@web' }, async ({ app }) => {
  const events = await watchEngine(app)
  const screen = screenOf(app.page)
  const { grid } = screen.traffic
  const server = await serve(numbered(0, 10_000))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(10_000 + rowsBefore)
  const heapBefore = await usedHeap(app.page)

  const eventsBefore = events.names.length
  const started = Date.now()
  server.send(numbered(10_000, many))
  await screen.traffic.expectCount(many + rowsBefore)
  const elapsed = Date.now() - started
  const grew = events.names.slice(eventsBefore).filter((name) => name === 'frames.grew')
  expect(grew.length).toBeGreaterThan(0)
  expect(grew.length, `in ${elapsed} ms`).toBeLessThanOrEqual(elapsed / 50 + 2)

  const inSight = () => placesInSight(grid)
  const right = () => expectRightRows(grid, numberAt)

  await test.step('the tail is in sight', async () => {
    await right()
    expect((await inSight()).last).toBe(many + rowsBefore)
  })

  await test.step('the wheel', async () => {
    await grid.hover()
    await app.page.mouse.wheel(0, -2_400)
    await expect.poll(async () => (await inSight()).last).toBe(many + rowsBefore - 100)
    await right()
    await app.page.mouse.wheel(0, -240_000)
    await expect.poll(async () => (await inSight()).last).toBe(many + rowsBefore - 10_100)
    await right()
  })

  await test.step('the scroll bar', async () => {
    for (const part of [0.5, 0.123, 0.77, 0.0001]) {
      // A hand that missed the thumb, or let go of it too early, takes it again.
      await expect(async () => {
        await dragScrollBar(app.page, grid, part)
        const off = async () => Math.abs((await inSight()).first / many - part)
        await expect.poll(off, { timeout: 2_000 }).toBeLessThan(0.02)
      }).toPass({ timeout: 20_000 })
      await right()
    }
  })

  await test.step('Home, End and Page keys', async () => {
    await grid.focus()
    await app.page.keyboard.press('End')
    await expect.poll(async () => (await inSight()).last).toBe(many + rowsBefore)
    await right()
    await app.page.keyboard.press('Home')
    await expect.poll(async () => (await inSight()).first).toBe(1)
    await right()
    const page = (await inSight()).last
    for (let pages = 0; pages < 5; pages += 1) await app.page.keyboard.press('PageDown')
    await expect.poll(async () => (await inSight()).last).toBeGreaterThan(4 * page)
    await right()
    const last = (await inSight()).last
    await app.page.keyboard.press('PageUp')
    await app.page.keyboard.press('PageUp')
    await expect.poll(async () => (await inSight()).last).toBeLessThan(last)
    await right()
    await app.page.keyboard.press('End')
    await expect(screen.inspector.panel).toContainText(String(many - 1))
  })

  await test.step('the page holds a window onto the log and not the log', async () => {
    expect(await grid.getByRole('row').count()).toBeLessThan(150)
    const heap = (await usedHeap(app.page)) - heapBefore
    expect(heap / mebibyte, 'more MiB than with 10,000 rows').toBeLessThan(20)
  })
})

/** Drags the thumb until this part of the way is above it. */
async function dragScrollBar(page: Page, grid: Locator, part: number): Promise<void> {
  const box = await grid.boundingBox()
  if (!box) throw new Error('The list is not on screen')
  const { bar, thumb } = await grid.evaluate((element) => ({
    bar: (element as HTMLElement).offsetWidth - element.clientWidth,
    thumb: element.scrollTop / (element.scrollHeight - element.clientHeight),
  }))
  // Some systems draw the bar over the rows and only while one scrolls.
  if (bar === 0)
    return grid.evaluate((element, share) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) * share
    }, part)
  const x = box.x + box.width - bar / 2
  // The middle of the thumb, which moves between the two arrows.
  const ends = bar + 6
  const y = (share: number) => box.y + ends + share * (box.height - 2 * ends)
  await page.mouse.move(x, y(thumb))
  await page.mouse.down()
  await page.mouse.move(x, y((thumb + part) / 2), { steps: 4 })
  await page.mouse.move(x, y(part), { steps: 4 })
  // Chromium forgets the last move when the button is let go in the same frame.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)))
  await page.mouse.up()
}

test('follows the tail until one scrolls up, and jumps back', { tag: '@web' }, async ({ app }) => {
  const screen = screenOf(app.page)
  const { grid, tail } = screen.traffic
  const server = await serve(numbered(0, 1_000))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(1_000 + rowsBefore)
  const inSight = () => placesInSight(grid)

  server.send(numbered(1_000, 1_500))
  await screen.traffic.expectCount(1_500 + rowsBefore)
  await expect.poll(async () => (await inSight()).last).toBe(1_500 + rowsBefore)
  await expectRightRows(grid, numberAt)

  await grid.hover()
  await app.page.mouse.wheel(0, -600)
  await expect.poll(async () => (await inSight()).last).toBe(1_475 + rowsBefore)
  const there = await inSight()
  server.send(numbered(1_500, 2_734))
  await screen.traffic.expectCount(2_734 + rowsBefore)
  await expect(tail).toHaveText(/1,234 new/)
  expect(await inSight()).toEqual(there)
  await expectRightRows(grid, numberAt)

  await tail.click()
  await expect.poll(async () => (await inSight()).last).toBe(2_734 + rowsBefore)
  await expect(tail).toBeHidden()
  server.send(numbered(2_734, 2_740))
  await expect.poll(async () => (await inSight()).last).toBe(2_740 + rowsBefore)
  await expectRightRows(grid, numberAt)

  await test.step('scrolled to the end by hand it follows again', async () => {
    await app.page.mouse.wheel(0, -600)
    await expect.poll(async () => (await inSight()).last).toBeLessThan(2_740)
    await app.page.mouse.wheel(0, 6_000)
    await expect.poll(async () => (await inSight()).last).toBe(2_740 + rowsBefore)
    server.send(numbered(2_740, 2_760))
    await expect.poll(async () => (await inSight()).last).toBe(2_760 + rowsBefore)
  })
})

test('freezes the view on Pause while recording goes on', async ({ app }) => {
  const screen = screenOf(app.page)
  const { grid, pause, resume, tail } = screen.traffic
  const server = await serve(numbered(0, 300))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(300 + rowsBefore)

  await pause.click()
  const frozen = await placesInSight(grid)
  server.send(numbered(300, 5_300))
  await expect(app.page.getByText('Paused, 5,000 new')).toBeVisible()
  await screen.traffic.expectCount(300 + rowsBefore)
  expect(await placesInSight(grid)).toEqual(frozen)
  await expectRightRows(grid, numberAt)

  await screen.traffic.filter.fill('{"n":29')
  await screen.traffic.expectCount(11)
  await screen.traffic.filter.fill('')
  await screen.traffic.expectCount(300 + rowsBefore)

  await resume.click()
  await screen.traffic.expectCount(5_300 + rowsBefore)
  await expect.poll(async () => (await placesInSight(grid)).last).toBe(5_300 + rowsBefore)
  await expect(tail).toBeHidden()
  await expectRightRows(grid, numberAt)
})

test('filters 100,000 messages by text, direction and type, and keeps on filtering', async ({
  app,
}) => {
  const screen = screenOf(app.page)
  const { grid, filter } = screen.traffic
  const needle = (n: number) => (n % 12_500 === 77 ? { found: 'Needle' } : {})
  const binary = Array.from({ length: 40 }, (_, n) => Uint8Array.of(n, 1, 2, 3))
  const server = await serve([...numbered(0, many, needle), ...binary])
  await connectQuietly(screen, server.url)
  const all = many + binary.length + rowsBefore
  await screen.traffic.expectCount(all)
  const count = (text: string) => expect(filter.locator('..')).toContainText(text)

  await test.step('8 of 100,000', async () => {
    await filter.fill('needle')
    await screen.traffic.expectCount(8)
    await count('8 of 100,041')
    await expectRightRows(grid, (place) => (place - 1) * 12_500 + 77)
    await expect(grid.locator('mark')).toHaveText(Array.from({ length: 8 }, () => 'Needle'))
  })

  await test.step('new messages are filtered as they come', async () => {
    server.send([...numbered(many, many + 500), ...numbered(112_577, 112_578, needle)])
    await screen.traffic.expectCount(9)
    await count('9 of 100,542')
    server.send([JSON.stringify({ n: 125_077, found: 'a NEEDLE in capitals' })])
    await screen.traffic.expectCount(10)
    await expect(screen.traffic.row({ preview: 'a NEEDLE in capitals' })).toBeVisible()
  })

  await test.step('nothing matches', async () => {
    await filter.fill('"not in there"')
    await screen.traffic.expectCount(0)
    await expect(app.page.getByRole('heading', { name: 'Nothing matches' })).toBeVisible()
    await app.page.getByRole('button', { name: 'Show everything' }).click()
    await screen.traffic.expectCount(all + 502)
    await expect(filter).toHaveValue('')
  })

  await test.step('types', async () => {
    const types = await openTypes(app.page)
    for (const kind of ['Text', 'Open']) await types.uncheck(kind)
    await screen.traffic.expectCount(40)
    await types.uncheck('Binary')
    await screen.traffic.expectCount(0)
    await types.showAll()
    await screen.traffic.expectCount(all + 502)
    await types.close()
  })

  await test.step('directions', async () => {
    await screen.composer.sendText('one that goes out')
    await screen.traffic.expectCount(all + 503)
    const shown = app.page.getByRole('group', { name: 'Directions shown' })
    await shown.getByRole('button', { name: 'In' }).click()
    await screen.traffic.expectCount(2)
    await expect(screen.traffic.row({ direction: 'Out', preview: 'goes out' })).toBeVisible()
    await shown.getByRole('button', { name: 'Out' }).click()
    await screen.traffic.expectCount(1)
    await shown.getByRole('button', { name: 'In' }).click()
    await shown.getByRole('button', { name: 'Out' }).click()
    await screen.traffic.expectCount(all + 503)
  })

  await test.step('Clear hides everything up to now, and Undo brings it back', async () => {
    await screen.traffic.clear.click()
    await screen.traffic.expectCount(0)
    await expect(app.page.getByRole('heading', { name: 'Cleared' })).toBeVisible()
    server.send(numbered(0, 3))
    await screen.traffic.expectCount(3)
    await expectTexts(grid, [0, 1, 2])
    await screen.notifications.getByRole('button', { name: 'Undo' }).click()
    await screen.traffic.expectCount(all + 506)
    await screen.traffic.clear.click()
    await screen.traffic.expectCount(0)
    await grid.focus()
    await app.page.keyboard.press('ControlOrMeta+z')
    await screen.traffic.expectCount(all + 506)
  })
})

async function expectTexts(grid: Locator, numbers: readonly number[]): Promise<void> {
  const rows: NumberedRow[] = numbers.map((number, index) => ({ place: index + 1, number }))
  await expect(async () => {
    for (const { place, number } of rows)
      await expect(grid.locator(`[aria-rowindex="${place}"]`)).toContainText(`"n":${number}`)
  }).toPass()
}

async function openTypes(page: Page) {
  await page.getByRole('button', { name: /^Types/ }).click()
  const menu = page.getByRole('menu')
  return {
    async uncheck(kind: string) {
      const item = menu.getByRole('menuitemcheckbox', { name: kind, exact: true })
      await item.click()
      await expect(item).not.toBeChecked()
    },
    showAll: () => menu.getByRole('menuitem', { name: 'Show all types' }).click(),
    async close() {
      await page.keyboard.press('Escape')
      await expect(menu).toBeHidden()
    },
  }
}

test('selects several rows, copies them and exports them', async ({ app }, testInfo) => {
  const screen = screenOf(app.page)
  const { grid } = screen.traffic
  const server = await serve(numbered(0, 2_000))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(2_000 + rowsBefore)
  await expectRightRows(grid, numberAt)
  const row = (n: number) => grid.locator(`[aria-rowindex="${n + rowsBefore + 1}"]`)
  const selected = grid.locator('[aria-selected="true"]')
  const numbers = (lines: ReturnType<typeof parseRows>) =>
    lines.map(({ text }) => (JSON.parse(text ?? '{}') as { n: number }).n)
  const copied = async () => {
    await app.page.keyboard.press('ControlOrMeta+c')
    await expect(screen.notifications).toContainText(/Copied [\d,]+ rows?/)
    const text = await readClipboard(app.page)
    const dismiss = screen.notifications.getByRole('button', { name: 'Dismiss notification' })
    while ((await dismiss.count()) > 0) await dismiss.first().click()
    await grid.focus()
    return parseRows(text)
  }

  await test.step('one row, and a range by Shift', async () => {
    await row(1_990).click()
    await expect(selected).toHaveCount(1)
    await row(1_994).click({ modifiers: ['Shift'] })
    await expect(selected).toHaveCount(5)
    expect(numbers(await copied())).toEqual([1990, 1991, 1992, 1993, 1994])
  })

  await test.step('single rows by Ctrl', async () => {
    await row(1_992).click({ modifiers: ['ControlOrMeta'] })
    await row(1_997).click({ modifiers: ['ControlOrMeta'] })
    await expect(selected).toHaveCount(5)
    expect(numbers(await copied())).toEqual([1990, 1991, 1993, 1994, 1997])
    const file = await exportRows(app, testInfo, 'selection.jsonl')
    expect(numbers(file)).toEqual([1990, 1991, 1993, 1994, 1997])
  })

  await test.step('a range by Shift and the arrows', async () => {
    await row(1_990).click()
    for (let press = 0; press < 3; press += 1) await app.page.keyboard.press('Shift+ArrowUp')
    await expect(selected).toHaveCount(4)
    expect(numbers(await copied())).toEqual([1987, 1988, 1989, 1990])
    await app.page.keyboard.press('Escape')
    await expect(selected).toHaveCount(1)
  })

  await test.step('everything by Ctrl+A', async () => {
    await app.page.keyboard.press('ControlOrMeta+a')
    const lines = await copied()
    expect(lines).toHaveLength(2_000 + rowsBefore)
    expect(lines[0]).toMatchObject({ id: 0, type: 'open', direction: 'none' })
    expect(numbers(lines.slice(rowsBefore))).toEqual(Array.from({ length: 2_000 }, (_, n) => n))
  })

  await test.step('Export writes the filtered view', async () => {
    await screen.traffic.filter.fill('{"n":12')
    await screen.traffic.expectCount(111)
    const file = await exportRows(app, testInfo, 'view.jsonl')
    const expected = Array.from({ length: 2_000 }, (_, n) => n).filter((n) => /^12/.test(`${n}`))
    expect(numbers(file)).toEqual(expected)
    const { time, timestamp, ...rest } = file[0] ?? {}
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
    expect(Math.floor(timestamp ?? 0)).toBe(Date.parse(time ?? ''))
    expect(rest).toEqual({
      id: 13,
      session: 1,
      direction: 'in',
      type: 'text',
      size: 8,
      wireSize: 10,
      fragments: 1,
      compressed: false,
      fate: null,
      header: '8108',
      text: '{"n":12}',
    })
  })
})

test('shows times as local time, since the first row and since the row before', async ({ app }) => {
  const screen = screenOf(app.page)
  const server = await echo()
  try {
    await connectQuietly(screen, server.url)
    await screen.composer.sendText('one')
    await screen.traffic.expectCount(3)
    const times = () =>
      screen.traffic.grid.evaluate((grid) =>
        Array.from(
          grid.querySelectorAll('[aria-rowindex] [role="gridcell"]:first-child'),
          (cell) => cell.textContent ?? '',
        ),
      )
    const show = async (name: string) => {
      await app.page.getByRole('button', { name: 'Time display' }).click()
      await app.page.getByRole('menuitemradio', { name }).click()
      await expect(app.page.getByRole('menu')).toBeHidden()
    }
    for (const time of await times()) expect(time).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
    await show('Since the first row')
    await expect.poll(async () => (await times())[0]).toBe('00:00.000')
    for (const time of await times()) expect(time).toMatch(/^\d\d:\d\d\.\d{3}$/)
    await show('Since the row before')
    await expect.poll(async () => (await times())[0]).toBe('')
    for (const time of (await times()).slice(1)) expect(time).toMatch(/^\+[\d.]+ (µs|ms|s)$/)
    const page = await app.restart()
    await page.getByRole('button', { name: 'Time display' }).click()
    await expect(page.getByRole('menuitemradio', { name: 'Since the row before' })).toBeChecked()
  } finally {
    await server.close()
  }
})

test('says how many rows were evicted and keeps the others in their places', async ({ app }) => {
  const screen = screenOf(app.page)
  const { grid } = screen.traffic
  await screen.sidebar.go('Settings')
  const space = app.page.getByRole('combobox', { name: 'Disk space for each connection' })
  await space.selectOption({ label: '64 MiB' })
  await screen.sidebar.go('Connections')
  const total = 1_200
  const server = await serve(numbered(0, total, () => ({ filling: 'x'.repeat(100_000) })))
  await connectQuietly(screen, server.url)

  const evictedText = app.page.getByText(/[\d,]+ evicted$/)
  await expect(evictedText).toBeVisible()
  await expect(async () => {
    const words = (await evictedText.textContent()) ?? ''
    const evicted = Number(/([\d,]+) evicted/.exec(words)?.[1]?.replaceAll(',', ''))
    expect(evicted).toBeGreaterThan(400)
    expect(await screen.traffic.count()).toBe(total + rowsBefore - evicted)
    await grid.focus()
    await app.page.keyboard.press('End')
    expect((await placesInSight(grid)).last).toBe(total + rowsBefore - evicted)
  }).toPass()
  const gone = total + rowsBefore - (await screen.traffic.count())
  const numberNow = (place: number) => place + gone - rowsBefore - 1
  await expectRightRows(grid, numberNow)
  await app.page.keyboard.press('Home')
  await expectRightRows(grid, numberNow)
  await expect(screen.inspector.panel).toContainText(`"n": ${numberNow(1)}`)

  await test.step('rows in sight stay where they are while older ones go', async () => {
    await grid.hover()
    await app.page.mouse.wheel(0, 24 * 400)
    await expect.poll(async () => (await placesInSight(grid)).first).toBeGreaterThan(300)
    await expectRightRows(grid, numberNow)
    const numbersInSight = async () => {
      const { first, last } = await placesInSight(grid)
      const now = total + more + rowsBefore - (await screen.traffic.count())
      return [first, last].map((place) => place + now)
    }
    let more = 0
    const before = await numbersInSight()
    more = 200
    server.send(numbered(total, total + more, () => ({ filling: 'x'.repeat(100_000) })))
    await expect(grid.locator('[aria-rowindex="1"]')).toHaveCount(0)
    await expect(screen.traffic.tail).toContainText('200 new')
    await expect.poll(numbersInSight).toEqual(before)
  })
})

test('shows control and bidirectional characters escaped, and no markup', async ({ app }) => {
  const screen = screenOf(app.page)
  const texts = [
    'a\u0000b\u001b[31m',
    'ab\u202egnp.exe',
    '<b onclick=x>&amp;</b>',
    'l1\r\nl2\u200b',
  ]
  const server = await serve(texts)
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(texts.length + rowsBefore)
  const shown = ['a\\u{0}b\\u{1b}[31m', 'ab\\u{202e}gnp.exe', texts[2], 'l1\\r\\nl2\\u{200b}']
  for (const preview of shown)
    await expect(screen.traffic.row({ preview: preview ?? '' })).toBeVisible()

  await screen.traffic.row({ preview: 'gnp.exe' }).click()
  for (const tab of ['Pretty', 'Raw'] as const) {
    await screen.inspector.choose(tab)
    await expect(screen.inspector.panel).toContainText('ab\\u{202e}gnp.exe')
  }
  await screen.traffic.row({ preview: 'l1' }).click()
  await expect(screen.inspector.panel).toContainText('l2\\u{200b}')

  const rude = await wsServer((ws) => ws.close(4001, 'bye\u202e\u0007'))
  try {
    await screen.connection.open(rude.url)
    await screen.connection.connectButton.click()
    await expect(screen.connection.bar).toContainText('“bye\\u{202e}\\u{7}”')
  } finally {
    await rude.close()
  }
})
