import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright'
import type { Rectangle } from 'electron'
import { configVariable, type StandInConfig } from './config'
import { createLink } from './link'
import type { WindowFacts } from './main/browser-window'
import type { PermissionAnswers } from './main/session'
import type { FrameFacts } from './main/web-contents'
import { WindowPage } from './page/window-page'
import { applyPermissions } from './page/permissions'

export interface StandInOptions {
  /** A Chromium; each run gets a context of its own in it. */
  readonly browser: Browser
  /** Arguments for the app, such as `--data DIR`. */
  readonly args?: readonly string[]
  /** The folder that holds `out/`; the repository's own without it. */
  readonly appPath?: string
  readonly systemDark?: boolean
  readonly workAreas?: readonly Rectangle[]
  readonly keyring?: StandInConfig['keyring']
  readonly context?: BrowserContextOptions
  /** Gets at the context before it has a page. */
  readonly prepare?: (context: BrowserContext) => Promise<void>
}

/** How the app's process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** The built app running on the Electron stand-in. */
export interface StandIn {
  readonly pid: number
  /** The page of the latest window, loaded. */
  page(): Promise<Page>
  /** What the page is made of underneath. */
  window(): Promise<WindowPage>
  /** Answers the next save dialogs: a path, or `null` for cancel. */
  saveAs(path: string | null): void
  /** What the next dialog for a folder is answered with; `null` cancels it, as does no answer. */
  chooseFolder(path: string | null): void
  /** What save dialogs suggested, in order. */
  readonly suggested: readonly string[]
  readonly errorBoxes: readonly { readonly title: string; readonly content: string }[]
  /** URLs handed to the system's browser. */
  readonly openedExternally: readonly string[]
  chooseMenuItem(id: string): Promise<void>
  readMenu(): Promise<readonly MenuEntry[]>
  permission(name: string): Promise<PermissionAnswers>
  /** A message as a renderer that was taken over could send it. */
  forge(sender: FrameFacts | null, channel: string, ...args: unknown[]): Promise<unknown>
  /** Asks the handler of a scheme as Chromium would, with an address it did not normalise. */
  request(url: string): Promise<{ status: number; body: string }>
  moveWindow(bounds: Rectangle): Promise<void>
  windowFacts(): Promise<{ bounds: Rectangle; maximized: boolean; visible: boolean }>
  activate(): Promise<void>
  /** Ends the renderer of the window. @returns the page that has taken its place. */
  crashRenderer(): Promise<Page>
  /** As the user quits. */
  quit(): Promise<Exit>
  kill(signal: NodeJS.Signals): Promise<Exit>
  /** As the launcher ends it: by closing the channel between the two. */
  letGo(): Promise<Exit>
  readonly exited: Promise<Exit>
  /** What the app's process has written to stderr. */
  stderr(): string
}

export interface MenuEntry {
  readonly id?: string
  readonly label?: string
  readonly role?: string
  readonly checked?: boolean
  readonly accelerator?: string
  readonly submenu: readonly MenuEntry[]
}

const repository = fileURLToPath(new URL('../../', import.meta.url))
const boot = fileURLToPath(new URL('./boot.ts', import.meta.url))
const wholeScreen = { x: 0, y: 0, width: 1920, height: 1080 }

/** Starts the built app; what the app shows is reached through `page()`. */
export async function launchStandIn(options: StandInOptions): Promise<StandIn> {
  const home = await mkdtemp(join(tmpdir(), 'framescope-stand-in-'))
  const context = await options.browser.newContext({
    colorScheme: options.systemDark === true ? 'dark' : 'light',
    ...options.context,
  })
  const browserSession = await options.browser.newBrowserCDPSession()
  await options.prepare?.(context)
  const child = fork(boot, ['', ...(options.args ?? [])].slice(1), {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: { ...process.env, [configVariable]: JSON.stringify(await createConfig(options, home)) },
  })
  let written = ''
  child.stderr?.on('data', (chunk: Buffer) => (written += chunk.toString()))
  child.stdout?.resume()
  // Not `close`: Node does not emit it once the channel has been closed from here.
  const exited = once(child, 'exit').then(async ([code, signal]): Promise<Exit> => {
    if (child.stderr !== null && !child.stderr.readableEnded) await once(child.stderr, 'end')
    return { code: code as number | null, signal: signal as NodeJS.Signals | null }
  })

  const ended = exited.then(async (exit) => {
    await context.close()
    await browserSession.detach()
    await rm(home, { recursive: true, force: true })
    return exit
  })

  const link = createLink(child)
  const windows = new Map<number, WindowPage>()
  const saveAnswers: (string | null)[] = []
  const folderAnswers: (string | null)[] = []
  const suggested: string[] = []
  const errorBoxes: { title: string; content: string }[] = []
  const openedExternally: string[] = []
  const crashed = new Set<number>()
  let creating: Promise<unknown> = Promise.resolve()

  link.answer('window.create', (facts: WindowFacts) => {
    const window = new WindowPage(context, link, facts)
    windows.set(facts.id, window)
    creating = window.open()
  })
  link.answer('window.load', async (id: number, url: string) => {
    await creating
    await applyPermissions(browserSession, context, link, url)
    await windows.get(id)?.load(url)
  })
  link.answer('window.reload', (id: number) => {
    const wasCrashed = crashed.delete(id)
    return windows.get(id)?.reload(wasCrashed)
  })
  link.answer('window.send', (id: number, channel: string, args: unknown[]) =>
    windows.get(id)?.deliver({ kind: 'event', channel, args }),
  )
  link.answer('window.close', async (id: number) => {
    const window = windows.get(id)
    windows.delete(id)
    await window?.close()
  })
  link.answer('window.background', () => {})
  link.answer('theme.changed', async (dark: boolean) => {
    await creating
    for (const { page } of windows.values())
      await page?.emulateMedia({ colorScheme: dark ? 'dark' : 'light' })
  })
  link.answer('dialog.save', (suggestion: string) => {
    suggested.push(suggestion)
    return saveAnswers.shift() ?? null
  })
  link.answer('dialog.open', () => folderAnswers.shift() ?? null)
  link.answer('dialog.error', (title: string, content: string) => {
    errorBoxes.push({ title, content })
  })
  link.answer('shell.open', (url: string) => void openedExternally.push(url))

  const failed = ended.then(({ code, signal }): never => {
    throw new Error(`The app ended with ${String(code ?? signal)}:\n${written}`)
  })
  failed.catch(() => {})

  const latest = async (): Promise<WindowPage> => {
    while (windows.size === 0) await Promise.race([pause(), failed])
    const window = [...windows.values()].at(-1)
    if (window === undefined) throw new Error('The app has no window')
    return window
  }
  const page = async (): Promise<Page> => {
    const window = await latest()
    while (window.page === null || window.page.url() === 'about:blank')
      await Promise.race([pause(), failed])
    await window.page.waitForLoadState()
    return window.page
  }
  const latestId = async () => (await latest()).facts.id

  return {
    pid: child.pid ?? 0,
    page,
    window: latest,
    saveAs: (path) => void saveAnswers.push(path),
    chooseFolder: (path) => void folderAnswers.push(path),
    suggested,
    errorBoxes,
    openedExternally,
    chooseMenuItem: async (id) => void (await link.call('menu.click', id)),
    readMenu: async () => (await link.call('menu.read')) as MenuEntry[],
    permission: async (name) =>
      (await link.call('session.permission', name, 'app://bundle')) as PermissionAnswers,
    forge: async (sender, channel, ...args) =>
      link.call('ipc.invoke', await latestId(), sender, channel, args),
    async request(url) {
      const answer = await link.call('protocol.request', { url, method: 'GET', headers: {} })
      const { status, body } = answer as { status: number; body: Uint8Array }
      return { status, body: Buffer.from(body).toString() }
    },
    moveWindow: async (bounds) => void (await link.call('window.move', await latestId(), bounds)),
    windowFacts: async () =>
      (await link.call('window.facts', await latestId())) as Awaited<
        ReturnType<StandIn['windowFacts']>
      >,
    activate: async () => void (await link.call('app.activate')),
    async crashRenderer() {
      const window = await latest()
      const before = window.page
      crashed.add(window.facts.id)
      await window.crash()
      while (window.page === before) await Promise.race([pause(), failed])
      return page()
    },
    async quit() {
      void link.call('app.quit')
      return ended
    },
    async kill(signal) {
      child.kill(signal)
      return ended
    },
    async letGo() {
      child.disconnect()
      return ended
    },
    exited: ended,
    stderr: () => written,
  }
}

async function createConfig(options: StandInOptions, home: string): Promise<StandInConfig> {
  const appPath = resolve(options.appPath ?? repository)
  const manifest = JSON.parse(await readFile(join(appPath, 'package.json'), 'utf8')) as {
    main: string
    version: string
    productName: string
  }
  return {
    main: join(appPath, manifest.main),
    appPath,
    version: manifest.version,
    name: manifest.productName,
    home,
    systemDark: options.systemDark ?? false,
    workAreas: options.workAreas ?? [wholeScreen],
    keyring: options.keyring ?? 'gnome_libsecret',
  }
}

function pause(): Promise<void> {
  return new Promise((done) => void setTimeout(done, 20))
}
