import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { launchStandIn, type StandIn, type StandInOptions } from '../electron-stand-in/stand-in'
import { expect, test as base } from './fixtures/app'
import { screenOf } from './pages/screen'

/**
 * What only a desktop host does, and what only the Electron stand-in can provoke: a renderer that
 * dies, a display that is gone, a launcher that lets go.
 */
const test = base.extend<{ start: (options?: Partial<StandInOptions>) => Promise<StandIn> }>({
  start: async ({ chromium }, use, testInfo) => {
    const running: StandIn[] = []
    const data = testInfo.outputPath('data')
    await use(async (options = {}) => {
      const app = await launchStandIn({
        browser: await chromium(),
        args: ['--data', data],
        ...options,
      })
      running.push(app)
      return app
    })
    for (const app of running) await app.kill('SIGKILL')
  },
})

test.beforeEach(({ host }) => {
  test.skip(host !== 'stand-in', 'Provoked on the Electron stand-in')
})

const urlBox = { name: 'URL', exact: true } as const

test('survives a renderer that dies, with its tabs', async ({ start }) => {
  const app = await start()
  const page = await app.page()
  await page.getByRole('textbox', urlBox).fill('ws://127.0.0.1:1/kept')
  await expect.poll(() => connectionUrls(app)).toContain('ws://127.0.0.1:1/kept')

  const next = await app.crashRenderer()

  await expect(next.getByRole('textbox', urlBox)).toHaveValue('ws://127.0.0.1:1/kept')
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`ends with 0 on ${signal}`, async ({ start }) => {
    const app = await start()
    await app.page()

    expect(await app.kill(signal)).toEqual({ code: 0, signal: null })
  })

test('ends with 0 when its launcher lets go of it', async ({ start }) => {
  const app = await start()
  await app.page()

  expect(await app.letGo()).toEqual({ code: 0, signal: null })
})

test('tells a second launch on the same data folder why it cannot start', async ({ start }) => {
  const first = await start()
  await first.page()
  const second = await start()

  expect(await second.exited).toEqual({ code: 1, signal: null })
  expect(second.errorBoxes).toHaveLength(1)
  expect(second.errorBoxes[0]?.title).toBe('Framescope cannot start')
  expect(second.errorBoxes[0]?.content).not.toMatch(/^\s+at /m)
})

test('opens its window where it stood, unless that display is gone', async ({ start }) => {
  const bounds = { x: 2100, y: 40, width: 1000, height: 700 }
  const workAreas = [
    { x: 0, y: 0, width: 1920, height: 1080 },
    { x: 1920, y: 0, width: 1920, height: 1080 },
  ]
  const first = await start({ workAreas })
  await first.page()
  await first.moveWindow(bounds)
  await first.quit()

  const second = await start({ workAreas })
  await second.page()
  expect((await second.windowFacts()).bounds).toEqual(bounds)
  await second.quit()

  const third = await start({ workAreas: workAreas.slice(0, 1) })
  await third.page()
  expect((await third.windowFacts()).bounds).toMatchObject({ width: 1280, height: 800 })
})

test('shows its window once there is something to see, in the colour of the theme', async ({
  start,
}) => {
  const app = await start({ systemDark: true })
  await app.page()

  await expect.poll(async () => (await app.windowFacts()).visible).toBe(true)
  expect((await app.window()).facts.backgroundColor).toBe('#0e1014')
})

test('does what its native menu says', async ({ start }) => {
  const app = await start()
  const page = await app.page()
  await expect(page.getByRole('textbox', urlBox)).toBeVisible()
  const before = await connectionUrls(app)

  await app.chooseMenuItem('connection.new')
  await expect.poll(async () => (await connectionUrls(app)).length).toBe(before.length + 1)

  await app.chooseMenuItem('theme.dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  const checked = (await app.readMenu())
    .flatMap((menu) => menu.submenu)
    .flatMap((item) => item.submenu)
    .filter((item) => item.checked === true)
  expect(checked.map(({ label }) => label)).toEqual(['Dark'])
})

test('exports into the file that was chosen, and into none when cancelled', async ({
  start,
}, testInfo) => {
  const app = await start()
  const page = await app.page()
  const folder = testInfo.outputPath('exports')
  await mkdir(folder, { recursive: true })
  const target = join(folder, 'traffic.jsonl')
  const { exportDialog, traffic } = screenOf(page)

  app.saveAs(null)
  await traffic.export.click()
  await exportDialog.confirm.click()
  await expect.poll(() => app.suggested.length).toBe(1)
  await expect(readFile(target)).rejects.toThrow('ENOENT')

  await test.step('what was chosen is still there to be saved elsewhere', async () => {
    await expect(exportDialog.dialog).toBeVisible()
    app.saveAs(target)
    await exportDialog.confirm.click()
    await expect(exportDialog.dialog).toBeHidden()
  })
  await expect.poll(() => readFile(target, 'utf8').catch(() => null)).not.toBeNull()
  expect(app.suggested[0]).toMatch(/Downloads[\\/][^\\/]+\.jsonl$/)
})

test('keeps secrets with the keyring, and says so where there is none', async ({ start }) => {
  for (const [keyring, persist] of [
    ['gnome_libsecret', true],
    ['basic_text', false],
    ['none', false],
  ] as const) {
    const app = await start({ keyring })
    const { capabilities } = await appInfo(app)
    expect(capabilities.secretsPersist, keyring).toBe(persist)
    expect(capabilities.secretsNote === '', keyring).toBe(persist)
    await app.quit()
  }
})

interface Info {
  readonly capabilities: { readonly secretsPersist: boolean; readonly secretsNote: string }
}

async function appInfo(app: StandIn): Promise<Info> {
  return (await ask(app, 'app.info')) as Info
}

async function connectionUrls(app: StandIn): Promise<string[]> {
  const list = (await ask(app, 'connections.list')) as { config: { url: string } }[]
  return list.map(({ config }) => config.url)
}

/** Asks the engine as the page does. */
async function ask(app: StandIn, name: string): Promise<unknown> {
  const page = await app.page()
  return page.evaluate(async (procedure) => {
    const { host } = window as unknown as {
      host: { call: (name: string, input: object) => Promise<{ value: unknown }> }
    }
    return (await host.call(procedure, {})).value
  }, name)
}
