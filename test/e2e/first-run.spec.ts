import { expect, test } from './fixtures/app'
import { screenOf } from './pages/screen'

/** Where the starters and the local server meet. */
const starterPort = 8765

test('brings a newcomer from nothing to an echo', async ({ app }) => {
  const { composer, connection, inspector, latency, server, sidebar, traffic } = screenOf(app.page)

  await test.step('shows where to begin', async () => {
    await expect(connection.url).toBeVisible()
    expect(await sidebar.profileNames()).toContain('Local echo')
    await expect(traffic.grid).toHaveAttribute('aria-rowcount', '0')
    await expect(app.page.getByText('Nothing has happened yet')).toBeVisible()
    await expect(app.page.getByText('No row selected')).toBeVisible()
    await expect(latency.region).toContainText('No pings yet')
    await connection.expectState('Closed')
  })

  await test.step('says that nothing answers, and offers the remedy', async () => {
    await sidebar.profile('Local echo').dblclick()
    await expect(connection.problem).toContainText(
      `127.0.0.1 refused the connection on port ${starterPort}.`,
    )
    await expect(connection.problem).toContainText('Check that the server is running')
    await expect(traffic.row({ kind: 'error' })).toHaveCount(1)
  })

  await test.step('opens with one more click', async () => {
    await connection.startServerAndConnect.click()
    await connection.expectState('Open')
    await expect(connection.problem).toBeHidden()
  })

  await test.step('shows a message and its echo', async () => {
    await composer.sendText('hello, echo')
    await expect(
      traffic.row({ kind: 'text', direction: 'Out', preview: 'hello, echo' }),
    ).toHaveCount(1)
    const echo = traffic.row({ kind: 'text', direction: 'In', preview: 'hello, echo' })
    await echo.click()
    await expect(inspector.panel).toContainText('hello, echo')
  })

  await test.step('has the server beside it', async () => {
    await sidebar.go('Local server')
    await server.expectState('Running')
    await expect(server.client(1)).toContainText('127.0.0.1')
    await server.stop.click()
    await server.expectState('Stopped')
    await sidebar.go('Connections')
    await connection.expectState('Closed')
    await expect(connection.ending).toContainText('1001')
  })
})

test('keeps what was typed into the first tab', async ({ app }) => {
  const { connection } = screenOf(app.page)
  await connection.url.fill('ws://127.0.0.1:1/typed')
  // The engine names the tab by the address it was told.
  await expect(app.page.getByRole('tab', { name: '127.0.0.1:1' })).toBeVisible()
  const page = await app.restart()
  await expect(screenOf(page).connection.url).toHaveValue('ws://127.0.0.1:1/typed')
})
