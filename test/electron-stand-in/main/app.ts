import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { App } from 'electron'
import { double } from '../double'
import { config, link } from './machine'
import { closeAllWindows, countWindows, onAllWindowsClosed } from './window-list'

type PathName = Parameters<App['getPath']>[0]

let ready = false
let markReady: () => void = () => {}
const readiness = new Promise<void>((resolve) => (markReady = resolve))
const paths = new Map<PathName, string>([
  ['home', config.home],
  ['appData', join(config.home, 'appData')],
  ['downloads', join(config.home, 'Downloads')],
  ['temp', join(config.home, 'temp')],
  ['userData', join(config.home, 'appData', config.name)],
  ['sessionData', join(config.home, 'appData', config.name)],
])

/** Options that hold for every window from now on. */
export const appState = { sandboxed: false, quitting: false }

/** Throws as Electron does for what must happen before its `ready`. */
export function mustNotBeReady(call: string): void {
  if (ready) throw new Error(`${call} can only be called before app is ready`)
}

export function mustBeReady(call: string): void {
  if (!ready) throw new Error(`${call} cannot be used before app is ready`)
}

/** An event the app can prevent. @returns whether it did. */
export function preventable(
  emitter: EventEmitter,
  name: string,
  details: object,
  ...more: unknown[]
) {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault() {
      event.defaultPrevented = true
    },
  }
  emitter.emit(name, event, ...more)
  return event.defaultPrevented
}

type AppMembers =
  | 'enableSandbox'
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'getPath'
  | 'setPath'
  | 'getVersion'
  | 'getName'
  | 'getAppPath'
  | 'name'
  | 'isPackaged'

class AppDouble extends EventEmitter implements Pick<App, AppMembers> {
  name = config.name
  readonly isPackaged = false

  enableSandbox(): void {
    mustNotBeReady('app.enableSandbox()')
    appState.sandboxed = true
  }

  whenReady(): Promise<void> {
    return readiness
  }

  isReady(): boolean {
    return ready
  }

  /** The windows close in their own time; the last one leads on. */
  quit(): void {
    if (appState.quitting || preventable(this, 'before-quit', {})) return
    appState.quitting = true
    if (countWindows() === 0) this.#leave()
    else closeAllWindows()
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    process.exit(code)
  }

  getPath(name: PathName): string {
    const path = paths.get(name)
    if (path === undefined) throw new Error(`Failed to get '${name}' path`)
    return path
  }

  setPath(name: string, path: string): void {
    if (!paths.has(name as PathName)) throw new Error(`Failed to set path '${name}'`)
    paths.set(name as PathName, path)
  }

  getVersion(): string {
    return config.version
  }

  getName(): string {
    return this.name
  }

  getAppPath(): string {
    return config.appPath
  }

  allWindowsClosed(): void {
    if (appState.quitting) this.#leave()
    else if (this.listenerCount('window-all-closed') === 0) this.quit()
    else this.emit('window-all-closed')
  }

  #leave(): void {
    appState.quitting = false
    if (!preventable(this, 'will-quit', {})) this.exit(0)
  }
}

const members = new AppDouble()
onAllWindowsClosed(() => members.allWindowsClosed())

/** `app`, with its event emitter at hand for the other parts. */
export const appEvents: EventEmitter = members
export const app = double('app', members)

/** Electron becomes ready only once the entry module has been evaluated. */
export function appCodeLoaded(): void {
  setImmediate(() => {
    ready = true
    markReady()
    members.emit('ready')
  })
}

export function appCodeFailed(error: unknown): void {
  process.stderr.write(
    `App threw an error during load\n${String((error as Error).stack ?? error)}\n`,
  )
  process.exit(1)
}

link.answer('app.activate', () => void members.emit('activate', {}, countWindows() > 0))
link.answer('app.quit', () => app.quit())
