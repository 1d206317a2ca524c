import { expect, test } from './fixtures/app'
import { screenOf, type Screen } from './pages/screen'
import { connectPage, type OutsidePage } from './support/outside-page'

const heard = (page: OutsidePage) => expect.poll(() => page.heard())

async function addFault(screen: Screen, name: string) {
  await screen.server.plan.getByRole('button', { name: 'Add fault' }).click()
  await screen.server.plan.page().getByRole('menuitem', { name, exact: true }).click()
}

test('builds a server of two routes, breaks it, and finds it again', async ({ app, chromium }) => {
  const browser = await chromium()
  const screen = screenOf(app.page)
  const { plan } = screen.server
  const menuitem = (name: string) => app.page.getByRole('menuitem', { name, exact: true })
  await screen.sidebar.go('Local server')
  await app.page.getByRole('button', { name: 'New server' }).click()
  await screen.server.rename('Lab')
  await screen.server.routes.click()

  await test.step('from empty', async () => {
    await plan.getByRole('button', { name: 'Remove route 1, *' }).click()
    await plan.getByRole('button', { name: 'Add route' }).click()
    await plan.getByRole('textbox', { name: 'Path' }).fill('/chat')
    await plan.getByRole('button', { name: 'Add behaviour' }).click()
    await menuitem('Broadcast').click()
    await plan.getByRole('button', { name: 'Add route' }).click()
    await plan.getByRole('textbox', { name: 'Path' }).fill('/feed/:topic')
    await plan.getByRole('button', { name: 'Greeting none' }).click()
    const greeting = plan.getByRole('region', { name: 'Greeting' }).getByRole('textbox')
    await greeting.fill('topic {{param.nothing}}')
    await expect(plan).toContainText('has no parameter “nothing”')
    await greeting.fill('topic {{param.topic}}')
    await expect(screen.server.routes).toHaveText('Routes 2')
    await expect(screen.server.preset.locator('option:checked')).toHaveText('Custom')
  })

  const url = await screen.server.startAnywhere()
  const base = url.replace(/^(ws:\/\/[^/]+).*$/, '$1')
  const feed = await connectPage(browser, `${base}/feed/news`)
  await heard(feed).toEqual(['open', 'topic news'])
  await feed.close()
  const nowhere = await connectPage(browser, `${base}/nowhere`)
  await heard(nowhere).toEqual(['closed 1006, not clean'])
  await nowhere.close()

  const chat = await connectPage(browser, `${base}/chat`)
  await heard(chat).toEqual(['open'])
  await chat.send('one')
  await heard(chat).toEqual(['open', 'one'])

  await test.step('with three faults, switched while a page is connected', async () => {
    await plan.getByRole('list', { name: 'Routes' }).getByText('/chat').click()
    await addFault(screen, 'Duplicate')
    const details = (name: string) => plan.getByRole('group', { name: `Details of fault ${name}` })
    await details('1, Duplicate').getByLabel('Probability').fill('100')
    await addFault(screen, 'Split into fragments')
    // The row says that the server does what is on screen.
    const holds = (faults: string) =>
      expect(screen.traffic.rows.last()).toContainText(`/chat broadcast, ${faults};`)
    await holds('2 faults')
    await chat.send('two')
    await heard(chat).toEqual(['open', 'one', 'two', 'two'])
    await plan.getByRole('switch', { name: 'Enable fault 1, Duplicate' }).click()
    await holds('1 fault')
    await chat.send('three')
    await heard(chat).toEqual(['open', 'one', 'two', 'two', 'three'])
    await expect(screen.traffic.grid).toContainText('Fault: Split into fragments struck')

    await addFault(screen, 'Masked frame')
    await details('3, Masked frame').getByLabel('Moment').selectOption('Before each message sent')
    await holds('2 faults')
    await chat.send('four')
    await heard(chat).toEqual(['open', 'one', 'two', 'two', 'three', 'closed 1006, not clean'])
    await expect(screen.traffic.grid).toContainText('Fault: Masked frame struck')
  })
  await chat.close()

  await test.step('after a restart', async () => {
    const again = screenOf(await app.restart())
    await again.sidebar.go('Local server')
    await again.server.tab('Lab').click()
    await expect(again.server.routes).toHaveText('Routes 2')
    await again.server.routes.click()
    const routes = again.server.plan.getByRole('list', { name: 'Routes' })
    await expect(routes).toContainText('/feed/:topic')
    await expect(routes).toContainText('2 faults')
  })
})

test('serves wss with a certificate of its own CA, and shows how to connect', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  await app.page.getByRole('button', { name: /^Options/ }).click()
  await app.page.getByRole('combobox', { name: 'Encryption' }).selectOption('generated')
  await app.page.getByRole('button', { name: 'Trust the test CA…' }).click()
  const trust = app.page.getByRole('dialog', { name: 'Trust the test CA' })
  await expect(trust).toContainText('CN=Framescope test CA')
  await trust.getByLabel('System or program').selectOption({ index: 1 })
  await app.page.keyboard.press('Escape')
  await expect(trust).toBeHidden()

  const url = await screen.server.startAnywhere()
  expect(url).toMatch(/^wss:/)
  await app.page.getByRole('button', { name: 'Snippets…' }).click()
  const snippets = app.page.getByRole('dialog', { name: 'Connect to this server' })
  await expect(snippets).toContainText(`new WebSocket("${url}/")`)
  await app.page.keyboard.press('Escape')
  await app.page.getByRole('button', { name: 'Connect to it' }).click()
  await screen.connection.expectState('Open')
  await screen.composer.sendText('over TLS')
  await expect(screen.traffic.row({ direction: 'In', preview: 'over TLS' })).toBeVisible()
})
