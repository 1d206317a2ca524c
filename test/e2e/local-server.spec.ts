import { once } from 'node:events'
import { WebSocket as OutsideSocket } from 'ws'
import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'
import { connectClient, type OutsideClient } from './support/outside-client'
import { outsideSite } from './support/outside-page'
import { wsServer } from '../servers'

const clients: OutsideClient[] = []
async function connect(url: string, protocols?: string[]): Promise<OutsideClient> {
  const client = await connectClient(url, protocols)
  clients.push(client)
  return client
}

test.afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.terminate()
})

const received = (client: OutsideClient) => expect.poll(() => client.received.join(' '))

test('echoes, broadcasts and relays, and changes over while clients stay', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const url = await screen.server.startAnywhere()
  const one = await connect(url)
  const other = await connect(url)

  one.socket.send('e1')
  await received(one).toBe('e1')
  one.socket.send(Buffer.from('e2'), { binary: true })
  await received(one).toBe('e1 e2')
  expect(other.received).toEqual([])

  await screen.server.preset.selectOption('Broadcast (to all)')
  await expect(screen.server.bar).toContainText('Every message goes to all clients')
  one.socket.send('b1')
  await received(one).toBe('e1 e2 b1')
  await received(other).toBe('b1')

  await screen.server.preset.selectOption('Relay (to all but the sender)')
  await expect(screen.server.bar).toContainText('Every message goes to all other clients')
  one.socket.send('r1')
  await received(other).toBe('b1 r1')
  other.socket.send('r2')
  await received(one).toBe('e1 e2 b1 r2')

  await screen.server.preset.selectOption('Echo')
  await expect(screen.server.bar).toContainText('goes back to the client that sent it')
  other.socket.send('e3')
  await received(other).toBe('b1 r1 e3')
  expect(one.received).not.toContain('e3')
})

test('pushes the time on two paths of one port, and to a page of another site', async ({
  app,
  chromium,
}) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  await screen.server.preset.selectOption('Two endpoints, one port')
  await expect(screen.server.bar).toContainText('any other path are destroyed')
  const first = await screen.server.startAnywhere()
  await expect(screen.server.urls.getByRole('listitem')).toHaveText([/\/chat$/, /\/chat2$/])
  const one = await connect(first)
  const two = await connect(first.replace(/chat$/, 'chat2'))
  const elsewhere = new OutsideSocket(first.replace(/chat$/, 'other'))
  expect(String(await once(elsewhere, 'error'))).toContain('socket hang up')

  const site = await outsideSite()
  const context = await (await chromium()).newContext()
  try {
    const page = await context.newPage()
    await page.goto(site.url)
    const pushed = await page.evaluate(
      (address) =>
        new Promise<string>((heard) => {
          const socket = new WebSocket(address)
          socket.addEventListener('message', ({ data }: MessageEvent<string>) => heard(data))
        }),
      first,
    )
    expect(pushed).toMatch(/^message from server-1 at : \d{4}-/)
  } finally {
    await context.close()
    await site.close()
  }
  await expect.poll(() => one.received[0]).toMatch(/^message from server-1 at : /)
  await expect.poll(() => two.received[0]).toMatch(/^message from server-2 at : /)

  await screen.server.preset.selectOption('HTTP + WebSocket')
  await expect(screen.server.urls.getByRole('listitem')).toHaveText([/\/chat$/])
  const answer = await fetch(first.replace(/^ws/, 'http').replace(/chat$/, ''))
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('hello world')

  await screen.server.preset.selectOption('Ticker')
  const anywhere = await connect(first.replace(/chat$/, 'any'))
  await expect
    .poll(() => anywhere.received[0], { timeout: 8000 })
    .toMatch(/^message from server at : /)
})

test('serves a page of another site with a WebSocket of its own', async ({ app, chromium }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const url = await screen.server.startAnywhere()
  const site = await outsideSite()
  const context = await (await chromium()).newContext()
  try {
    const page = await context.newPage()
    await page.goto(site.url)
    const answer = await page.evaluate(async (address) => {
      const socket = new WebSocket(`${address}/from-a-page?x=1`)
      await new Promise((opened) => socket.addEventListener('open', opened))
      const message = new Promise<string>((heard) =>
        socket.addEventListener('message', ({ data }: MessageEvent<string>) => heard(data)),
      )
      socket.send('hello from a page')
      return message
    }, url)
    expect(answer).toBe('hello from a page')
    await expect(screen.server.client(1)).toContainText('/from-a-page?x=1')
    await expect(
      screen.traffic.row({ kind: 'text', direction: 'In', preview: 'hello from a page' }),
    ).toBeVisible()
  } finally {
    await context.close()
    await site.close()
  }
})

test('shows its clients, sends to them and closes them one by one', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const url = await screen.server.startAnywhere()
  const one = await connect(`${url}/feed?room=7`)
  const two = await connect(url)
  const three = await connect(url)
  const rowOf = ({ address }: OutsideClient) => screen.server.client(address)

  await test.step('facts', async () => {
    await expect(screen.server.clients.getByRole('row')).toHaveCount(4)
    await expect(rowOf(one)).toContainText('/feed?room=7')
    one.socket.send('12345')
    await expect(rowOf(one).getByRole('cell').filter({ hasText: '5 B' })).toHaveCount(2)
    await expect(app.page.getByRole('link', { name: 'Local server' })).toContainText('3 clients')
  })

  await test.step('a message to one and to all', async () => {
    await app.page.getByRole('button', { name: `Send to ${two.address}` }).click()
    await expect(screen.composer.region).toContainText(`To ${two.address}`)
    await screen.composer.sendText('only two')
    await received(two).toBe('only two')
    expect(three.received).toEqual([])
    await app.page.getByRole('button', { name: 'To all instead' }).click()
    await expect(screen.composer.region).toContainText('To all 3 clients')
    await screen.composer.sendText('everybody')
    await received(one).toBe('12345 everybody')
    await received(two).toBe('only two everybody')
    await received(three).toBe('everybody')
  })

  await test.step('the traffic of one client', async () => {
    await rowOf(one).getByRole('button', { name: one.address, exact: true }).click()
    // Its handshake, its message, the echo and the message to all.
    await screen.traffic.expectCount(4)
    await app.page.getByRole('button', { name: 'Show all traffic' }).click()
    // The start, three handshakes, one message in, its echo, one to one client and one to three.
    await screen.traffic.expectCount(10)
  })

  await test.step('a close frame with a code and a reason', async () => {
    await app.page.getByRole('button', { name: `Disconnect ${two.address}…` }).click()
    await screen.connection.closeDialog.chooseOwnCode('4002')
    await screen.connection.closeDialog.reason.fill('enough of you')
    await screen.connection.closeDialog.send.click()
    expect(await two.closed).toEqual({ code: 4002, reason: 'enough of you' })
    await expect(screen.server.clients.getByRole('row')).toHaveCount(3)
    await expect(screen.traffic.row({ kind: 'close', preview: '4002' }).first()).toBeVisible()
  })

  await test.step('without a closing handshake', async () => {
    await app.page.getByRole('button', { name: `Terminate ${three.address}` }).click()
    expect((await three.closed).code).toBe(1006)
  })

  await test.step('all of them when it stops', async () => {
    await screen.server.stop.click()
    expect((await one.closed).code).toBe(1001)
    await screen.server.expectState('Stopped')
    await expect(app.page.getByText('The server is stopped.')).toBeVisible()
  })
})

test('offers another port when one is taken', async ({ app }) => {
  const screen = screenOf(app.page)
  const taken = await wsServer(() => undefined)
  try {
    await screen.sidebar.go('Local server')
    await screen.server.port.fill(String(taken.port))
    await screen.server.start.click()
    await expect(screen.server.failure).toContainText(`${taken.port}`)
    await screen.server.expectState('Stopped')
    const other = screen.server.failure.getByRole('button', { name: /^Use port \d+$/ })
    const port = Number(/\d+/.exec(await other.innerText())?.[0])
    await other.click()
    await screen.server.expectState('Running')
    await expect(screen.server.failure).toBeHidden()
    await expect(screen.server.urls).toContainText(`:${port}`)
    const client = await connect(`ws://127.0.0.1:${port}`)
    client.socket.send('here')
    await received(client).toBe('here')

    await test.step('a port of one’s own choice, which stays chosen', async () => {
      await screen.server.stop.click()
      await screen.server.expectState('Stopped')
      await screen.server.start.click()
      await screen.server.expectState('Running')
      await expect(screen.server.urls).toContainText(`:${port}`)
    })
  } finally {
    await taken.close()
  }
})

test('says for how long it can be reached from other machines', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  await screen.server.allInterfaces.click()
  await expect(screen.server.bar).toContainText('will be able to connect')
  await screen.server.startAnywhere()
  await expect(screen.server.bar).toContainText('Any machine that reaches this one can connect.')
  await screen.sidebar.go('Connections')
  await expect(app.page.getByText('Reachable from other machines')).toBeVisible()
  await screen.sidebar.go('Local server')
  await screen.server.stop.click()
  await screen.server.expectState('Stopped')
  await expect(app.page.getByText('Reachable from other machines')).toBeHidden()
})

test('runs two servers at once, each with clients and traffic of its own', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  await screen.server.rename('Chat')
  const chat = await screen.server.startAnywhere()
  await screen.server.newServer.click()
  await expect(screen.server.tabs).toHaveCount(2)
  await screen.server.rename('Feed')
  await screen.server.expectState('Stopped')
  await screen.server.preset.selectOption('Broadcast (to all)')
  const feed = await screen.server.startAnywhere()
  expect(feed).not.toBe(chat)
  const inChat = await connect(chat)
  const inFeed = await connect(feed)
  const besideIt = await connect(feed)
  inChat.socket.send('to the chat')
  inFeed.socket.send('to the feed')
  await received(inChat).toBe('to the chat')
  await received(besideIt).toBe('to the feed')

  await expect(app.page.getByRole('link', { name: 'Local server' })).toContainText('3 clients')
  await expect(screen.server.clients.getByRole('row')).toHaveCount(3)
  await expect(screen.traffic.row({ kind: 'text', preview: 'to the feed' })).toHaveCount(3)
  await screen.server.tab('Chat').click()
  await expect(screen.server.clients.getByRole('row')).toHaveCount(2)
  await expect(screen.traffic.row({ kind: 'text', preview: 'to the chat' })).toHaveCount(2)
  await expect(screen.traffic.row({ kind: 'text', preview: 'to the feed' })).toHaveCount(0)

  await screen.server.stop.click()
  await screen.server.expectState('Stopped')
  await expect(screen.server.tab('Feed')).toHaveAccessibleName(/^Feed, Running, port \d+$/)
  inFeed.socket.send('still here')
  await received(besideIt).toBe('to the feed still here')
})

test('renames, duplicates, removes and brings back a server, and keeps them', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  await screen.server.rename('Chat')
  await screen.server.preset.selectOption('Relay (to all but the sender)')
  await screen.server.choose('Duplicate')
  await expect(screen.server.tab('Chat copy')).toHaveAttribute('aria-selected', 'true')
  await expect(screen.server.preset).toHaveValue('relay')

  await test.step('removes one that runs without asking', async () => {
    const url = await screen.server.startAnywhere()
    const client = await connect(url)
    await screen.server.tab('Chat copy').focus()
    await app.page.keyboard.press('Delete')
    await expect(screen.server.tabs).toHaveCount(1)
    expect((await client.closed).code).toBe(1001)
    await expect(screen.server.tab('Chat')).toBeFocused()
  })

  await test.step('brings it back, stopped', async () => {
    await screen.notifications.getByRole('button', { name: 'Undo' }).click()
    await expect(screen.server.tab('Chat copy')).toHaveAttribute('aria-selected', 'true')
    await screen.server.expectState('Stopped')
  })

  await test.step('by the menu of a tab', async () => {
    await screen.server.tab('Chat').click({ button: 'right' })
    await app.page.getByRole('menuitemcheckbox', { name: 'Start with the app' }).click()
    await expect(app.page.getByRole('button', { name: 'Options autostart' })).toBeVisible()
    await screen.server.port.fill('0')
    await screen.server.start.click()
    await screen.server.expectState('Running')
  })

  await test.step('after a restart', async () => {
    const again = screenOf(await app.restart())
    await again.sidebar.go('Local server')
    await expect(again.server.tabs).toHaveCount(2)
    await expect(again.server.tab('Chat copy')).toHaveAccessibleName(/Stopped/)
    await again.server.tab('Chat').click()
    await again.server.expectState('Running')
    await expect(again.server.preset).toHaveValue('relay')
  })
})

test('takes over a port while it runs once it is restarted', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const first = await screen.server.startAnywhere()
  const free = await wsServer(() => undefined)
  await free.close()
  await expect(screen.server.restart).toBeHidden()
  await screen.server.port.fill(String(free.port))
  await expect(screen.server.bar).toContainText('Takes effect when the server starts again.')
  await expect(screen.server.urls).toContainText(first)
  await screen.server.restart.click()
  await expect(screen.server.urls).toContainText(`:${free.port}`)
  await expect(screen.server.restart).toBeHidden()
  const client = await connect(`ws://127.0.0.1:${free.port}`)
  client.socket.send('here')
  await received(client).toBe('here')
})

test('calls an edited preset custom, and gives it back', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const url = await screen.server.startAnywhere()
  await screen.server.routes.click()
  await screen.server.plan.getByRole('button', { name: 'Add route' }).click()
  await expect(screen.server.preset.locator('option:checked')).toHaveText('Custom')
  await expect(screen.server.routes).toHaveText('Routes 2')
  await screen.server.preset.selectOption('Echo')
  await expect(screen.server.routes).toHaveText('Routes 1')
  await expect(screen.server.preset.locator('option')).not.toContainText(['Custom'])
  await screen.notifications.getByRole('button', { name: 'Undo' }).click()
  await expect(screen.server.preset.locator('option:checked')).toHaveText('Custom')
  await expect(screen.server.routes).toHaveText('Routes 2')
  const client = await connect(url)
  client.socket.send('still an echo')
  await received(client).toBe('still an echo')
})

test('acts on several clients at once', async ({ app }) => {
  const screen = screenOf(app.page)
  await screen.sidebar.go('Local server')
  const url = await screen.server.startAnywhere()
  const [one, two, three] = [await connect(url), await connect(url), await connect(url)]
  await expect(screen.server.clients.getByRole('row')).toHaveCount(4)

  await test.step('selected by mouse and keyboard', async () => {
    await screen.server.client(1).getByText('#1').click()
    await app.page.keyboard.press('Shift+ArrowDown')
    await expect(screen.server.selectedClients).toContainText('2 selected')
    await expect(screen.composer.region).toContainText('To 2 selected clients')
    await screen.composer.sendText('both of you')
    await received(one).toBe('both of you')
    await received(two).toBe('both of you')
    expect(three.received).toEqual([])
  })

  await test.step('the handshake of one', async () => {
    await screen.server.client(3).getByText('#3').click({ button: 'right' })
    await app.page.getByRole('menuitem', { name: 'Show handshake' }).click()
    await expect(screen.inspector.region).toContainText('101 Switching Protocols')
    await expect(screen.traffic.grid.locator('[aria-selected=true]')).toContainText('#3')
  })

  await test.step('faults of their own', async () => {
    await screen.server.client(3).getByText('#3').click()
    await screen.server.selectedClients.getByRole('button', { name: 'Faults…' }).click()
    const dialog = app.page.getByRole('dialog', { name: `Faults of ${three.address}` })
    await dialog.getByRole('button', { name: 'Add fault' }).click()
    await app.page.getByRole('menuitem', { name: /^Delay/ }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await expect(screen.server.client(3)).toContainText('1 fault')
    await expect(screen.server.client(1)).not.toContainText('fault')
  })

  await test.step('closed together', async () => {
    await screen.server.client(1).getByText('#1').click()
    await screen.server
      .client(2)
      .getByText('#2')
      .click({ modifiers: ['ControlOrMeta'] })
    await screen.server.selectedClients.getByRole('button', { name: 'Disconnect…' }).click()
    await expect(app.page.getByRole('dialog', { name: 'Disconnect 2 clients' })).toBeVisible()
    await screen.connection.closeDialog.send.click()
    expect((await one.closed).code).toBe(1000)
    expect((await two.closed).code).toBe(1000)
    await expect(screen.server.clients.getByRole('row')).toHaveCount(2)
    await expect(screen.server.selectedClients).toBeHidden()
  })
})
