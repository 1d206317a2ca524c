import { randomBytes } from 'node:crypto'
import type { BrowserContext, CDPSession, Page, Request, Route } from 'playwright'
import type { Link } from '../link'
import type { WindowFacts } from '../main/browser-window'
import type { SchemeResponse } from '../main/protocol'
import { isMapped, toApp, toBrowser } from '../origins'
import { createCodec } from './codec'
import { pageScope, type PageDelivery, type PageMessage } from './page-scope'

const codec = createCodec()

/** The Chromium page behind one BrowserWindow. */
export class WindowPage {
  readonly facts: WindowFacts
  /** Calls that came from the preload script, by channel. */
  readonly invoked: string[] = []
  page: Page | null = null
  readonly #context: BrowserContext
  readonly #link: Link
  #url = 'about:blank'
  #session: CDPSession | null = null
  #receiver: string | null = null
  #waiting: PageDelivery[] = []
  /** Loads the app asked for itself; the page may not prevent those. */
  #ordered = false

  constructor(context: BrowserContext, link: Link, facts: WindowFacts) {
    this.#context = context
    this.#link = link
    this.facts = facts
  }

  /** Opens the page, or another one in place of one that crashed. */
  async open(): Promise<Page> {
    const page = await this.#context.newPage()
    await page.setViewportSize({ width: this.facts.width, height: this.facts.height })
    await this.#setScope(page)
    await page.route('**/*', (route, request) => this.#route(page, route, request))
    page.on('popup', (popup) => void this.#popup(popup))
    page.on('crash', () => void this.#link.call('contents.crashed', this.facts.id))
    page.on('close', () => {
      if (this.page === page) void this.#link.call('window.closed', this.facts.id)
    })
    page.on('load', () => {
      void this.#link.call('contents.event', this.facts.id, 'did-finish-load')
      void this.#link.call('window.event', this.facts.id, 'ready-to-show')
    })
    this.page = page
    return page
  }

  async load(url: string): Promise<void> {
    this.#url = toBrowser(url)
    await this.#order(async () => {
      await this.page?.goto(this.#url)
    })
  }

  /** A page that crashed cannot be used again in Chromium's tools, so another takes its place. */
  async reload(crashed: boolean): Promise<void> {
    if (!crashed) return this.#order(async () => void (await this.page?.reload()))
    const old = this.page
    await this.open()
    await old?.close()
    await this.#order(async () => void (await this.page?.goto(this.#url)))
  }

  /** Ends the renderer process, which then answers nothing any more, this call included. */
  async crash(): Promise<void> {
    void this.#session?.send('Page.crash').catch(() => {})
    await this.page?.waitForEvent('crash')
  }

  /** Closes the page as Electron closes a window: its handlers run, and may still call. */
  async close(): Promise<void> {
    const page = this.page
    if (page === null || page.isClosed()) return
    const closed = page.waitForEvent('close')
    await page.close({ runBeforeUnload: true })
    await closed
    this.page = null
  }

  deliver(delivery: PageDelivery): void {
    if (this.#receiver === null) {
      this.#waiting.push(delivery)
      return
    }
    void this.#session
      ?.send('Runtime.callFunctionOn', {
        objectId: this.#receiver,
        functionDeclaration: 'function (text) { this(text) }',
        arguments: [{ value: codec.encode(delivery) }],
      })
      // The page has gone on to another document, and with it who asked.
      .catch(() => {})
  }

  async #order(load: () => Promise<void>): Promise<void> {
    this.#ordered = true
    await load()
  }

  async #setScope(page: Page): Promise<void> {
    const { contextIsolation, nodeInPage, webviewTag, preload, preloadParameters } = this.facts
    const binding = `b${randomBytes(16).toString('hex')}`
    const receiver = `r${randomBytes(16).toString('hex')}`
    const options = { binding, receiver, contextIsolation, nodeInPage, webviewTag }
    const parameters = [...preloadParameters, 'window', 'globalThis', 'self'].join(', ')
    const script = preload === null ? 'null' : `function (${parameters}) {${preload}\n}`
    const session = await this.#context.newCDPSession(page)
    this.#session = session
    this.#receiver = null
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === binding)
        void this.#heard(
          session,
          receiver,
          executionContextId,
          codec.decode(payload) as PageMessage,
        )
    })
    await session.send('Runtime.enable')
    await session.send('Runtime.addBinding', { name: binding })
    await session.send('Page.enable')
    await session.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${String(pageScope)})(${JSON.stringify(options)}, (${String(createCodec)})(), ${script})`,
    })
  }

  async #heard(
    session: CDPSession,
    receiver: string,
    contextId: number,
    message: PageMessage,
  ): Promise<void> {
    if (message.kind === 'hello') {
      this.#receiver = null
      const expression = `(() => { const take = globalThis.${receiver}; delete globalThis.${receiver}; return take })()`
      // The page may be gone, or on another document, before it is asked; then nobody waits for answers.
      const evaluated = await session
        .send('Runtime.evaluate', { expression, contextId })
        .catch(() => null)
      if (evaluated === null) return
      this.#receiver = evaluated.result.objectId ?? null
      for (const delivery of this.#waiting.splice(0)) this.deliver(delivery)
    } else if (message.kind === 'invoke') {
      await this.#invoke(message.id, message.channel, message.args)
    } else {
      const prevented = await this.#ask('will-attach-webview', { params: { src: message.src } })
      if (!prevented) this.attachedWebviews.push(message.src)
    }
  }

  /** Webviews that nothing prevented. */
  readonly attachedWebviews: string[] = []

  async #invoke(id: number, channel: string, args: unknown[]): Promise<void> {
    this.invoked.push(channel)
    const sender = { url: toApp(this.page?.url() ?? 'about:blank'), isMainFrame: true }
    try {
      const value = await this.#link.call('ipc.invoke', this.facts.id, sender, channel, args)
      this.deliver({ kind: 'reply', id, value })
    } catch (error) {
      this.deliver({ kind: 'failure', id, message: (error as Error).message })
    }
  }

  async #ask(name: string, details: object): Promise<boolean> {
    return (await this.#link.call('contents.preventable', this.facts.id, name, details)) === true
  }

  async #route(page: Page, route: Route, request: Request): Promise<void> {
    const url = toApp(request.url())
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame() === page.mainFrame()
      const ordered = isMainFrame && this.#ordered
      if (isMainFrame) this.#ordered = false
      if (!ordered && (await this.#isPrevented(request, url, isMainFrame)))
        return route.abort('aborted')
      if (isMainFrame) {
        this.#receiver = null
        this.#waiting = []
        await this.#link.call('contents.navigating', this.facts.id, url)
      }
    }
    // Other sites are the network's business, or that of a test that plays one.
    if (!isMapped(request.url())) return route.fallback()
    await this.#serve(route, request, url)
  }

  async #isPrevented(request: Request, url: string, isMainFrame: boolean): Promise<boolean> {
    const details = { url, isMainFrame, isSameDocument: false }
    if (request.redirectedFrom() !== null) return this.#ask('will-redirect', details)
    if (await this.#ask('will-frame-navigate', details)) return true
    return isMainFrame && (await this.#ask('will-navigate', details))
  }

  async #serve(route: Route, request: Request, url: string): Promise<void> {
    try {
      const { status, headers, body } = (await this.#link.call('protocol.request', {
        url,
        method: request.method(),
        headers: request.headers(),
      })) as SchemeResponse
      await route.fulfill({ status, headers, body: Buffer.from(body) })
    } catch {
      // As Chromium shows a handler that threw, or a page that is gone by now.
      await route.abort('failed').catch(() => {})
    }
  }

  async #popup(popup: Page): Promise<void> {
    await popup.close()
    const url = toApp(popup.url())
    const allowed = await this.#link.call('contents.mayOpen', this.facts.id, url)
    if (allowed === true) this.openedWindows.push(url)
  }

  /** Windows the page opened and nothing denied. */
  readonly openedWindows: string[] = []
}
