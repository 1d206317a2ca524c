import type { Socket } from 'node:net'
import { scripted } from '../servers'
import { expect, test } from './fixtures/servers'
import { ExportDialog } from './pages/export-dialog'
import { screenOf } from './pages/screen'
import { expectRightRows, placesInSight } from './support/numbered-messages'
import { usedHeap } from './support/page-heap'
import { connectQuietly } from './support/quiet-connection'

const few = 10_000
const many = 2_000_000
/** The handshake is the first row. */
const rowsBefore = 1
const mebibyte = 1024 * 1024
/** Each number has that many digits, so that every message is as long as any other. */
const digits = 7

/** Text frames of numbered messages, from `from` up to, not including, `to`. */
function numberedFrames(from: number, to: number): Buffer {
  const one = Buffer.from(`\u0001.{"n":${'0'.repeat(digits)}}`)
  one[0] = 0x81
  one[1] = one.length - 2
  const frames = Buffer.alloc(one.length * (to - from), one)
  for (let number = from; number < to; number += 1) {
    let at = (number - from + 1) * one.length - 2
    for (let rest = number; rest > 0; rest = Math.floor(rest / 10), at -= 1)
      frames[at] = 0x30 + (rest % 10)
  }
  return frames
}

test('holds two million rows as it holds ten thousand', { tag: '@web' }, async ({ app, serve }) => {
  test.setTimeout(150_000)
  const screen = screenOf(app.page)
  const { grid, filter } = screen.traffic
  const sockets: Socket[] = []
  const server = await serve(
    scripted(numberedFrames(0, few), { then: (socket) => void sockets.push(socket) }),
  )
  const right = () =>
    expectRightRows(grid, (place) => (place > rowsBefore ? place - rowsBefore - 1 : null))
  await connectQuietly(screen, server.url)
  await screen.traffic.expectCount(few + rowsBefore)
  const heapBefore = await usedHeap(app.page)

  for (const socket of sockets) socket.write(numberedFrames(few, many))
  await expect(grid).toHaveAttribute('aria-rowcount', String(many + rowsBefore), {
    timeout: 100_000,
  })
  await right()
  expect((await placesInSight(grid)).last).toBe(many + rowsBefore)

  await test.step('the middle', async () => {
    await grid.evaluate((element) => {
      element.scrollTop = (element.scrollHeight - element.clientHeight) / 2
    })
    const off = async () => Math.abs((await placesInSight(grid)).first - many / 2)
    await expect.poll(off).toBeLessThan(many / 1_000)
    await right()
  })

  await test.step('the first and the last row', async () => {
    await grid.focus()
    await app.page.keyboard.press('Home')
    await expect.poll(async () => (await placesInSight(grid)).first).toBe(1)
    await right()
    await app.page.keyboard.press('End')
    await expect(screen.inspector.panel).toContainText(`${many - 1}`)
    await right()
  })

  await test.step('a filter', async () => {
    await filter.fill('99999}')
    await screen.traffic.expectCount(many / 100_000)
    await filter.fill('')
    await screen.traffic.expectCount(many + rowsBefore)
  })

  await test.step('an export that is called off', async () => {
    const exportDialog = new ExportDialog(app.page)
    const downloads: unknown[] = []
    app.page.on('download', (download) => downloads.push(download))
    await screen.traffic.export.click()
    await exportDialog.format.selectOption({ label: 'HAR, extended' })
    await exportDialog.confirm.click()
    await expect(exportDialog.progress).toHaveAttribute('aria-valuenow', /^[1-9]/)
    await expect(exportDialog.dialog).toContainText(/[\d,]+ of 2,000,001 rows, [\d.]+ [kM]B/)
    await exportDialog.cancel.click()
    await expect(exportDialog.progress).toBeHidden()
    await expect(exportDialog.confirm).toBeEnabled()
    await exportDialog.cancel.click()
    await expect(exportDialog.dialog).toBeHidden()
    expect(downloads).toEqual([])
  })

  await test.step('the page holds a window onto them', async () => {
    expect(await grid.getByRole('row').count()).toBeLessThan(150)
    const heap = (await usedHeap(app.page)) - heapBefore
    expect(heap / mebibyte, 'more MiB than with 10,000 rows').toBeLessThan(20)
  })
})
