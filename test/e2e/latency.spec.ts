import { echo, recordingEcho, wsServer } from '../servers'
import { expect, test } from './fixtures/servers'
import { screenOf } from './pages/screen'

const times = ['last', 'min', 'median', 'p95', 'max', 'jitter'] as const

test('measures the pings that are asked for', async ({ app, serve }) => {
  const { composer, connection, latency } = screenOf(app.page)
  const { url } = await serve(echo())
  await connection.url.fill(url)
  await latency.pings.selectOption({ label: 'Off' })
  await expect(latency.region).toContainText('Keep-alive pings are off.')
  await connection.connect()
  for (const name of times) await expect(latency.figure(name)).toHaveText('–')

  await composer.ping.click()
  await expect(latency.figure('last')).toHaveText(/^\d/)
  await expect(latency.region).not.toContainText('No pings yet')
  await composer.ping.click()
  await expect(latency.figure('jitter')).toHaveText(/^\d/)
  const figures = await Promise.all(
    (['min', 'median', 'p95', 'max'] as const).map(async (name) =>
      Number(await latency.figure(name).innerText()),
    ),
  )
  expect(figures).toEqual([...figures].sort((one, other) => one - other))
  expect(figures[0]).toBeGreaterThan(0)
  await expect(latency.figure('lost')).toHaveText('0')
  await expect(latency.figure('skipped')).toHaveText('0')
})

test('pings by itself as often as it is told, and shows the rows', async ({ app, serve }) => {
  const { connection, latency, traffic } = screenOf(app.page)
  const server = await serve(recordingEcho())
  await connection.url.fill(server.url)
  await connection.change((options) => options.set(options.pingInterval, '0.1'))
  await connection.connect()
  await expect.poll(() => server.pings.length).toBeGreaterThanOrEqual(3)
  await expect(latency.figure('median')).toHaveText(/^\d/)
  await expect(traffic.row({ kind: 'ping', direction: 'Out' }).nth(2)).toBeVisible()
  await expect(traffic.row({ kind: 'pong', direction: 'In' }).nth(2)).toBeVisible()
  expect(new Set(server.pings.map(String)).size).toBe(server.pings.length)
})

test('shows the pings of a server and answers them', async ({ app, serve }) => {
  const { connection, traffic } = screenOf(app.page)
  const pongs: string[] = []
  const { url } = await serve(
    wsServer((ws) => {
      ws.on('pong', (payload) => pongs.push(payload.toString()))
      ws.ping('are you there')
    }),
  )
  await connection.url.fill(url)
  await connection.connect()
  await expect.poll(() => pongs).toEqual(['are you there'])
  await expect(traffic.row({ kind: 'ping', direction: 'In' })).toHaveCount(1)
  await expect(traffic.row({ kind: 'pong', direction: 'Out' })).toHaveCount(1)
})

test('counts a ping as lost when its time is over', { tag: '@web' }, async ({ app, serve }) => {
  const { composer, connection, latency } = screenOf(app.page)
  const { url } = await serve(wsServer(() => undefined, { autoPong: false }))
  await connection.url.fill(url)
  await connection.change(async (options) => {
    await options.set(options.pingInterval, '0')
    await options.set(options.pongTimeout, '0.2')
  })
  await connection.connect()
  await composer.ping.click()
  await expect(latency.figure('lost')).toHaveText('1')
  await composer.ping.click()
  await expect(latency.figure('lost')).toHaveText('2')
  await expect(latency.figure('skipped')).toHaveText('0')
  await expect(latency.figure('last')).toHaveText('–')
  await connection.expectState('Open')
})

test(
  'does not call a ping lost that a later pong answers',
  { tag: '@web' },
  async ({ app, serve }) => {
    const { composer, connection, latency } = screenOf(app.page)
    let count = 0
    const { url } = await serve(
      wsServer(
        (ws) => {
          ws.on('ping', (payload) => {
            count += 1
            if (count === 3) ws.pong(payload)
          })
        },
        { autoPong: false },
      ),
    )
    await connection.url.fill(url)
    await connection.change(async (options) => {
      await options.set(options.pingInterval, '0')
      await options.set(options.pongTimeout, '3600')
    })
    await connection.connect()
    for (let ping = 1; ping <= 3; ping += 1) {
      await composer.ping.click()
      await expect.poll(() => count).toBe(ping)
    }
    await expect(latency.figure('skipped')).toHaveText('2')
    await expect(latency.figure('lost')).toHaveText('0')
    await expect(latency.figure('last')).toHaveText(/^\d/)
  },
)
