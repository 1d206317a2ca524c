// The pictures in the README, taken from the running app: `npm run screenshots`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright'
import { WebSocketServer } from 'ws'
import { ensureBuild } from './lib/ensure-build.mjs'
import { ensureChromium } from './lib/ensure-chromium.mjs'

const size = { width: 1440, height: 900 }
const folder = join(import.meta.dirname, '..', 'docs', 'images')

await ensureBuild()
await mkdir(folder, { recursive: true })
const feed = await startFeed()
const data = await mkdtemp(join(tmpdir(), 'framescope-pictures-'))
const app = spawn(
  process.execPath,
  [join(import.meta.dirname, '..', 'out/main/web.js'), '--port', '0', '--no-open', '--data', data],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
const browser = await chromium.launch({
  executablePath: await ensureChromium(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})

try {
  const page = await browser.newPage({ viewport: size, colorScheme: 'dark' })
  await page.goto(await readyUrl(app))
  await pictureConnection(page)
  await pictureServer(page)
} finally {
  await browser.close()
  app.kill('SIGINT')
  feed.close()
  await new Promise((resolve) => app.once('exit', resolve))
  await rm(data, { recursive: true, force: true })
}

async function pictureConnection(page) {
  await page.getByRole('textbox', { name: 'URL' }).fill(`ws://127.0.0.1:${feed.port}/v2?depth=20`)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByRole('radio', { name: 'JSON' }).click()
  await page.getByRole('textbox', { name: 'Message' }).click()
  await page.keyboard.insertText(
    '{\n  "op": "subscribe",\n  "channels": ["book.BTC", "trade.BTC"]\n}',
  )
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  for (let count = 0; count < 40; count++) {
    await page.getByRole('button', { name: 'Ping', exact: true }).click()
    await page.waitForTimeout(60)
  }
  await page.getByRole('row').filter({ hasText: 'snapshot.BTC' }).last().click()
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(folder, 'connection-dark.png') })
  await page.emulateMedia({ colorScheme: 'light' })
  await page.waitForTimeout(200)
  await page.screenshot({ path: join(folder, 'connection-light.png') })
  await page.emulateMedia({ colorScheme: 'dark' })
}

async function pictureServer(page) {
  await page.getByRole('link', { name: 'Local server' }).click()
  await page.getByRole('combobox', { name: 'Preset' }).selectOption({ label: 'Broadcast (to all)' })
  await page.getByRole('button', { name: 'Start server' }).click()
  await page.getByRole('status', { name: 'Server state' }).filter({ hasText: 'Running' }).waitFor()
  const peers = ['ada', 'grace', 'joan'].map(
    (name) => new WebSocket(`ws://127.0.0.1:8765/chat?name=${name}`, 'chat.v1'),
  )
  await Promise.all(peers.map((peer) => new Promise((resolve) => (peer.onopen = resolve))))
  for (const [index, text] of ['Hello, all', 'Hi Ada', 'Which build is on staging?'].entries()) {
    peers[index % peers.length].send(JSON.stringify({ from: index, text }))
    await page.waitForTimeout(120)
  }
  await page.getByRole('row').filter({ hasText: 'staging' }).last().click()
  await page.getByRole('button', { name: /^Routes/ }).click()
  await page.waitForTimeout(400)
  await page.screenshot({ path: join(folder, 'server-dark.png') })
  for (const peer of peers) peer.close()
}

function readyUrl(child) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('Framescope is ready at ')) resolve(line.slice(23))
    })
    child.once('exit', () => reject(new Error('The app ended before it was ready.')))
  })
}

/** An order book that never ends, so that there is something to look at. */
async function startFeed() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  let sequence = 884_119
  server.on('connection', (socket) => {
    const level = (price) => [price.toFixed(1), (Math.random() * 2).toFixed(3)]
    const timers = [
      setInterval(() => {
        const price = 67_210 + Math.round(Math.random() * 8)
        socket.send(
          JSON.stringify(
            sequence++ % 11 === 0
              ? {
                  ch: 'snapshot.BTC',
                  seq: sequence,
                  ts: new Date().toISOString(),
                  bids: [level(price), level(price - 0.5), level(price - 1)],
                  asks: [level(price + 1), level(price + 1.5)],
                  depth: 20,
                  final: true,
                }
              : { ch: 'book.BTC', seq: sequence, bids: [level(price)], asks: [level(price + 1)] },
          ),
        )
      }, 40),
      setInterval(() => socket.send(Buffer.from('1f8b0800000000000003ad91cb6ac33010', 'hex')), 430),
      setInterval(() => socket.ping(String(sequence)), 900),
    ]
    socket.on('error', () => {})
    socket.on('close', () => timers.forEach(clearInterval))
  })
  await once(server, 'listening')
  return { close: () => server.close(), port: server.address().port }
}
