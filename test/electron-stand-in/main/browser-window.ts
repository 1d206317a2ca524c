import { EventEmitter } from 'node:events'
import type {
  BrowserWindow as ElectronWindow,
  BrowserWindowConstructorOptions,
  Rectangle,
} from 'electron'
import { double } from '../double'
import { appState, mustBeReady, preventable } from './app'
import { link } from './machine'
import { preloadParameters, readPreload } from './preload-script'
import { createWebContents, face } from './web-contents'
import { addWindow, removeWindow } from './window-list'

/** What the browser's process needs to know of a window. */
export interface WindowFacts {
  readonly id: number
  readonly width: number
  readonly height: number
  readonly backgroundColor: string
  readonly preload: string | null
  readonly preloadParameters: readonly string[]
  readonly contextIsolation: boolean
  /** Whether the page itself could call Node. */
  readonly nodeInPage: boolean
  readonly webviewTag: boolean
  /** What the app asked for in so many words, which a changed default would not change. */
  readonly asked: {
    readonly sandboxEverywhere: boolean
    readonly webPreferences: Readonly<Record<string, unknown>>
  }
}

type Members =
  | 'id'
  | 'close'
  | 'destroy'
  | 'show'
  | 'isVisible'
  | 'isDestroyed'
  | 'isMaximized'
  | 'maximize'
  | 'getBounds'
  | 'getNormalBounds'
  | 'setBackgroundColor'
  | 'loadURL'

const windows = new Map<number, WindowDouble>()
let created = 0

class WindowDouble extends EventEmitter implements Pick<ElectronWindow, Members> {
  readonly id = ++created
  readonly webContents: ElectronWindow['webContents']
  readonly #contents = createWebContents(this.id)
  #bounds: Rectangle
  #maximized = false
  #visible: boolean
  #closing = false
  #destroyed = false

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    mustBeReady('new BrowserWindow')
    this.webContents = face(this.#contents)
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options
    this.#bounds = { x, y, width, height }
    this.#visible = show
    const { preload, contextIsolation = true, webviewTag = false } = options.webPreferences ?? {}
    const sandbox = appState.sandboxed || options.webPreferences?.sandbox !== false
    const nodeInPage = options.webPreferences?.nodeIntegration === true && !sandbox
    const facts: WindowFacts = {
      id: this.id,
      width,
      height,
      backgroundColor: options.backgroundColor ?? '#fff',
      preload: preload === undefined ? null : this.#readPreload(preload),
      preloadParameters,
      contextIsolation,
      nodeInPage,
      webviewTag,
      asked: {
        sandboxEverywhere: appState.sandboxed,
        webPreferences: { ...options.webPreferences },
      },
    }
    windows.set(this.id, this)
    addWindow(this.id, this)
    void link.call('window.create', facts)
  }

  #readPreload(path: string): string | null {
    const script = readPreload(path)
    if ('source' in script) return script.source
    process.stderr.write(`Unable to load preload script: ${path}\n${script.error.message}\n`)
    setImmediate(() => this.#contents.emit('preload-error', {}, path, script.error))
    return null
  }

  loadURL(url: string): Promise<void> {
    return this.#contents.loadURL(url)
  }

  /** The page says goodbye first: what it sends then still arrives. */
  close(): void {
    if (this.#closing || preventable(this, 'close', {})) return
    this.#closing = true
    void link.call('window.close', this.id).then(() => this.destroy())
  }

  destroy(): void {
    if (this.#destroyed) return
    this.#destroyed = true
    windows.delete(this.id)
    if (!this.#closing) void link.call('window.close', this.id)
    this.#contents.destroyed()
    this.emit('closed')
    removeWindow(this.id)
  }

  show(): void {
    this.#visible = true
    this.emit('show')
  }

  isVisible(): boolean {
    return this.#visible
  }

  isDestroyed(): boolean {
    return this.#destroyed
  }

  isMaximized(): boolean {
    return this.#maximized
  }

  maximize(): void {
    this.#maximized = true
    this.emit('maximize')
  }

  getBounds(): Rectangle {
    return this.#bounds
  }

  getNormalBounds(): Rectangle {
    return this.#bounds
  }

  setBackgroundColor(color: string): void {
    void link.call('window.background', this.id, color)
  }

  moved(bounds: Rectangle): void {
    this.#bounds = bounds
    this.emit('move')
    this.emit('resize')
  }
}

const faces = new WeakMap<WindowDouble, ElectronWindow>()

function windowFace(window: WindowDouble): ElectronWindow {
  const known = faces.get(window)
  if (known !== undefined) return known
  const made = double('BrowserWindow', window) as unknown as ElectronWindow
  faces.set(window, made)
  return made
}

const statics = {
  getAllWindows: () => [...windows.values()].map(windowFace),
  getFocusedWindow: () => [...windows.values()].map(windowFace).at(-1) ?? null,
} satisfies Partial<Pick<typeof ElectronWindow, 'getAllWindows' | 'getFocusedWindow'>>

export const BrowserWindow = double(
  'BrowserWindow',
  new Proxy(Object.assign(class extends WindowDouble {}, statics), {
    construct: (target, args) =>
      windowFace(new target(args[0] as BrowserWindowConstructorOptions)) as object,
  }),
)

function find(id: number): WindowDouble {
  const window = windows.get(id)
  if (window === undefined) throw new Error(`There is no window ${id}`)
  return window
}

link.answer('window.event', (id: number, name: string) => void windows.get(id)?.emit(name, {}))
link.answer('window.closed', (id: number) => windows.get(id)?.close())
link.answer('window.move', (id: number, bounds: Rectangle) => find(id).moved(bounds))
link.answer('window.facts', (id: number) => {
  const window = find(id)
  return {
    bounds: window.getBounds(),
    maximized: window.isMaximized(),
    visible: window.isVisible(),
  }
})
