/*
 * Draws build/icon.png from build/icon.svg with Chromium, for when the mark changes.
 * electron-builder makes the formats of each system from it.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { chromium } from 'playwright'

const size = 1024
const source = new URL('../build/icon.svg', import.meta.url)
const target = new URL('../build/icon.png', import.meta.url)

const executablePath = process.env.PLAYWRIGHT_CHROMIUM
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
})
const page = await browser.newPage({ viewport: { width: size, height: size } })
const svg = (await readFile(source)).toString('base64')
await page.setContent(
  `<body style="margin:0"><img width="${size}" height="${size}" src="data:image/svg+xml;base64,${svg}">`,
  { waitUntil: 'load' },
)
await writeFile(target, await page.screenshot({ omitBackground: true }))
await browser.close()
process.stdout.write(`build/icon.png is drawn, ${size} x ${size}\n`)
