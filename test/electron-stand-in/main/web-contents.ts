import { EventEmitter } from 'node:events'
import type { WebContents, WebFrameMain } from 'electron'
import { double } from '../double'
import { appEvents, preventable } from './app'
import { invoke } from './ipc-main'
import { link } from './machine'
import { schemeProblem } from './protocol'

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0]

/** A frame as the browser's process describes it. */
export interface FrameFacts {
  readonly url: string
  readonly isMainFrame: boolean
}

/** Events of the renderer that the app can prevent. */
export type Preventable =
  'will-navigate' | 'will-frame-navigate' | 'will-redirect' | 'will-attach-webview'

type Members =
  | 'id'
  | 'mainFrame'
  | 'send'
  | 'reload'
  | 'isDestroyed'
  | 'isCrashed'
  | 'getURL'
  | 'setWindowOpenHandler'
  | 'loadURL'

class WebContentsDouble extends EventEmitter implements Pick<WebContents, Members> {
  readonly id: number
  mainFrame = frame({ url: 'about:blank', isMainFrame: true })
  #state: 'alive' | 'crashed' | 'destroyed' = 'alive'
  #openHandler: OpenHandler = () => ({ action: 'allow' })

  constructor(id: number) {
    super()
    this.id = id
  }

  async loadURL(url: string): Promise<void> {
    const problem = schemeProblem(url)
    if (problem !== null) throw new Error(problem)
    await link.call('window.load', this.id, url)
  }

  send(channel: string, ...args: unknown[]): void {
    if (this.#state === 'destroyed') throw new TypeError('Object has been destroyed')
    // structuredClone refuses what Electron could not send.
    if (this.#state === 'alive')
      void link.call('window.send', this.id, channel, structuredClone(args))
  }

  reload(): void {
    this.#state = 'alive'
    void link.call('window.reload', this.id)
  }

  isDestroyed(): boolean {
    return this.#state === 'destroyed'
  }

  isCrashed(): boolean {
    return this.#state === 'crashed'
  }

  getURL(): string {
    return this.mainFrame.url
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler
  }

  mayOpen(url: string): boolean {
    const details = { url, frameName: '', features: '', disposition: 'new-window' as const }
    return (
      this.#openHandler({ ...details, referrer: { url: '', policy: 'default' } }).action === 'allow'
    )
  }

  crashed(): void {
    this.#state = 'crashed'
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 139 })
  }

  destroyed(): void {
    this.#state = 'destroyed'
    this.emit('destroyed')
  }
}

const all = new Map<number, WebContentsDouble>()

/** The proxies that the app holds, so that it meets the same object every time. */
const faces = new WeakMap<WebContentsDouble, WebContents>()

export function createWebContents(id: number): WebContentsDouble {
  const contents = new WebContentsDouble(id)
  all.set(id, contents)
  const face = double('webContents', contents) as unknown as WebContents
  faces.set(contents, face)
  appEvents.emit('web-contents-created', {}, face)
  return contents
}

export function face(contents: WebContentsDouble): WebContents {
  return faces.get(contents) as WebContents
}

function frame({ url, isMainFrame }: FrameFacts): WebFrameMain {
  const parent = isMainFrame ? null : frame({ url, isMainFrame: true })
  return double('webFrameMain', { url, parent }) as WebFrameMain
}

function find(id: number): WebContentsDouble {
  const contents = all.get(id)
  if (contents === undefined) throw new Error(`There is no window ${id}`)
  return contents
}

link.answer(
  'ipc.invoke',
  (id: number, sender: FrameFacts | null, channel: string, args: unknown[]) => {
    const contents = find(id)
    const senderFrame = sender === null ? null : frame(sender)
    return invoke(
      { sender: face(contents), senderFrame, frameId: 1, processId: id, type: 'frame' },
      channel,
      args,
    )
  },
)

link.answer('contents.preventable', (id: number, name: Preventable, details: object) =>
  preventable(find(id), name, details),
)

link.answer('contents.navigating', (id: number, url: string) => {
  const contents = find(id)
  contents.emit('did-start-navigation', { url, isMainFrame: true, isSameDocument: false })
  contents.mainFrame = frame({ url, isMainFrame: true })
})

link.answer('contents.mayOpen', (id: number, url: string) => find(id).mayOpen(url))
link.answer('contents.crashed', (id: number) => find(id).crashed())
link.answer('contents.event', (id: number, name: string) => void find(id).emit(name, {}))
