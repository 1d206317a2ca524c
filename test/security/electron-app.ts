import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright'
import { launchChromium } from '../e2e/fixtures/chromium'
import { launchStandIn, type StandIn, type StandInOptions } from '../electron-stand-in/stand-in'

/** The built app on the Electron stand-in, with what an attack needs. */
export interface AppUnderAttack extends StandIn {
  readonly window1: Page
  close(): Promise<void>
}

/** A protection taken out of the built main: the text that is it, and what stands there instead. */
export interface Weakness {
  readonly protection: string | RegExp
  readonly replacement: string
}

let browser: Promise<Browser> | null = null

export function sharedBrowser(): Promise<Browser> {
  browser ??= launchChromium()
  return browser
}

export async function closeBrowser(): Promise<void> {
  await (await browser)?.close()
  browser = null
}

/** Starts the app, as it was built or with protections taken out. */
export async function startApp(
  weaknesses: readonly Weakness[] = [],
  options: Partial<StandInOptions> = {},
): Promise<AppUnderAttack> {
  const folder = await mkdtemp(join(tmpdir(), 'framescope-attack-'))
  const appPath = weaknesses.length === 0 ? resolve('.') : await weaken(folder, weaknesses)
  const app = await launchStandIn({
    browser: await sharedBrowser(),
    args: ['--data', join(folder, 'data')],
    appPath,
    ...options,
  })
  return {
    ...app,
    window1: await app.page(),
    async close() {
      await app.quit()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Copies what was built, without the protections. Throws when one of them is not there. */
async function weaken(folder: string, weaknesses: readonly Weakness[]): Promise<string> {
  const appPath = join(folder, 'app')
  const main = join(appPath, 'out', 'main')
  await mkdir(join(appPath, 'out'), { recursive: true })
  await cp('package.json', join(appPath, 'package.json'))
  await cp('out/main', main, { recursive: true })
  for (const linked of ['node_modules', 'out/preload', 'out/renderer'])
    await symlink(resolve(linked), join(appPath, linked), 'junction')
  const files = (await readdir(main, { recursive: true })).filter((file) => file.endsWith('.js'))
  for (const { protection, replacement } of weaknesses) {
    let found = false
    for (const file of files) {
      const source = await readFile(join(main, file), 'utf8')
      const weakened = source.replace(protection, () => replacement)
      if (weakened === source) continue
      found = true
      await writeFile(join(main, file), weakened)
    }
    if (!found) throw new Error(`The built main does not hold ${String(protection)}`)
  }
  return appPath
}

/**
 * A site of the attacker's that counts who comes. It is played to the browser, so that nothing but
 * the app's own protections stands between it and the page.
 */
export function createEvilSite() {
  const visits: string[] = []
  const url = 'https://evil.example'
  return {
    url,
    visits,
    async play(context: BrowserContext): Promise<void> {
      await context.route(`${url}/**`, (route, request) => {
        const { pathname } = new URL(request.url())
        visits.push(pathname)
        const isScript = pathname.endsWith('.js')
        return route.fulfill({
          contentType: isScript ? 'text/javascript' : 'text/html',
          headers: { 'Access-Control-Allow-Origin': '*' },
          body: isScript ? 'window.owned = true' : '<h1>Evil</h1>',
        })
      })
    },
  }
}

export type EvilSite = ReturnType<typeof createEvilSite>

/** Lets what the attack set in motion happen; long enough for a page load on this machine. */
export function settle(page: Page): Promise<void> {
  return page.waitForTimeout(300)
}
