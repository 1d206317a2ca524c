import type { Codec } from './codec'

export interface PageScopeOptions {
  /** Name of the function that carries texts out of the page; taken away before any page script. */
  readonly binding: string
  /** Where the function that takes texts in waits to be fetched. */
  readonly receiver: string
  readonly contextIsolation: boolean
  readonly nodeInPage: boolean
  readonly webviewTag: boolean
}

/** What goes out of the page. */
export type PageMessage =
  | { readonly kind: 'hello' }
  | { readonly kind: 'webview'; readonly src: string }
  | {
      readonly kind: 'invoke'
      readonly id: number
      readonly channel: string
      readonly args: unknown[]
    }

/** What comes into the page. */
export type PageDelivery =
  | { readonly kind: 'reply'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | { readonly kind: 'event'; readonly channel: string; readonly args: unknown[] }

/**
 * What Electron sets up in a renderer before the page's first script: the preload in a scope of its
 * own, and the context bridge. Its source is put into the page, so it uses nothing from outside.
 */
export function pageScope(
  options: PageScopeOptions,
  codec: Codec,
  preload: ((...parameters: unknown[]) => void) | null,
): void {
  const page = globalThis as unknown as Record<string, unknown>
  const post = page[options.binding] as (text: string) => void
  delete page[options.binding]
  if (globalThis.top !== globalThis.self) return

  const send = (message: PageMessage) => post(codec.encode(message))
  const pending = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >()
  type IpcListener = (event: object, ...args: unknown[]) => void
  const listeners = new Map<string, Set<IpcListener>>()
  let calls = 0

  Object.defineProperty(page, options.receiver, {
    configurable: true,
    value: (text: string) => {
      const delivery = codec.decode(text) as PageDelivery
      if (delivery.kind === 'event') {
        const event = { sender: ipcRenderer, ports: [] }
        for (const listener of [...(listeners.get(delivery.channel) ?? [])])
          listener(event, ...delivery.args)
        return
      }
      const call = pending.get(delivery.id)
      pending.delete(delivery.id)
      if (delivery.kind === 'reply') call?.resolve(delivery.value)
      else call?.reject(new Error(delivery.message))
    },
  })

  const only = <Members extends object>(name: string, members: Members): Members =>
    new Proxy(members, {
      get: (target, key) => {
        if (typeof key === 'symbol' || key in target || key === 'then')
          return Reflect.get(target, key) as unknown
        throw new Error(`The Electron stand-in does not implement ${name}.${key}`)
      },
    })

  const cloneOrRefuse = (value: unknown): unknown => {
    try {
      return structuredClone(value)
    } catch {
      throw new TypeError('An object could not be cloned.')
    }
  }

  const ipcRenderer = only('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]): Promise<unknown> => {
      const id = ++calls
      const clone = cloneOrRefuse(args) as unknown[]
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve, reject })
        send({ kind: 'invoke', id, channel, args: clone })
      })
    },
    on: (channel: string, listener: IpcListener) => {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return ipcRenderer
    },
    off: (channel: string, listener: IpcListener) => {
      listeners.get(channel)?.delete(listener)
      return ipcRenderer
    },
  })

  /** What the context bridge makes of a value on its way to the other side. */
  const cross = (value: unknown, depth = 0): unknown => {
    if (depth > 1000) throw new TypeError('The value is nested too deep for the context bridge.')
    if (typeof value === 'symbol') return undefined
    if (typeof value === 'function') {
      const inner = value as (...args: unknown[]) => unknown
      return (...args: unknown[]) => cross(inner(...args.map((item) => cross(item))))
    }
    if (typeof value !== 'object' || value === null) return value
    if (value instanceof Promise)
      return new Promise((resolve, reject) => {
        value.then(
          (result) => resolve(cross(result)),
          (error: unknown) => reject(cross(error) as Error),
        )
      })
    if (value instanceof Error) return new Error(value.message)
    if (value instanceof Blob || value instanceof Element) return value
    return crossObject(value, depth)
  }

  const crossObject = (value: object, depth: number): unknown => {
    const prototype: unknown = Object.getPrototypeOf(value)
    const plain = Array.isArray(value) || prototype === Object.prototype || prototype === null
    try {
      return structuredClone(value)
    } catch {
      // Only plain objects are taken apart; what remains is a function inside, or a Proxy.
      if (!plain) throw new TypeError('An object could not be cloned.')
    }
    const crossed = Array.isArray(value)
      ? value.map((item) => cross(item, depth + 1))
      : Object.fromEntries(
          Object.entries(value).map(([key, item]) => [key, cross(item, depth + 1)]),
        )
    if (!holdsFunction(crossed)) throw new TypeError('An object could not be cloned.')
    return crossed
  }

  const holdsFunction = (value: unknown): boolean =>
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && Object.values(value).some(holdsFunction))

  const freeze = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
    for (const item of Object.values(value)) freeze(item)
    return Object.freeze(value)
  }

  const contextBridge = only('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (!options.contextIsolation)
        throw new Error('contextBridge API can only be used when contextIsolation is enabled')
      if (key in page)
        throw new Error('Cannot bind an API on top of an existing property on the window object')
      Object.defineProperty(page, key, { value: freeze(cross(api)), enumerable: true })
    },
  })

  const modules: Record<string, () => object> = {
    electron: () =>
      only('electron', { contextBridge, ipcRenderer, webFrame: only('webFrame', {}) }),
    events: () => only('events', {}),
    timers: () => only('timers', { setTimeout, setInterval, clearTimeout, clearInterval }),
    url: () => only('url', { URL, URLSearchParams }),
  }
  const require = (name: string) => {
    const found = modules[name.replace(/^node:/, '')]
    if (found === undefined) throw new Error(`module not found: ${name}`)
    return found()
  }

  /** The preload sees the page's window, but what it writes there stays in its own world. */
  const written = new Map<string | symbol, unknown>()
  const own = options.contextIsolation
    ? new Proxy(globalThis, {
        get: (target, key) => {
          if (written.has(key)) return written.get(key)
          const value: unknown = Reflect.get(target, key)
          if (typeof value !== 'function' || Object.hasOwn(value, 'prototype')) return value
          return value.bind(target) as unknown
        },
        set: (_target, key, value) => Boolean(written.set(key, value)),
      })
    : globalThis

  if (options.nodeInPage) page['require'] = (name: string) => ({ 'stand-in module': name })
  if (options.webviewTag)
    new MutationObserver((records) => {
      for (const node of records.flatMap((record) => [...record.addedNodes]))
        if (node instanceof HTMLElement && node.localName === 'webview')
          send({ kind: 'webview', src: node.getAttribute('src') ?? '' })
    }).observe(document, { childList: true, subtree: true })

  send({ kind: 'hello' })
  const module = { exports: {} }
  const process = only('process', { type: 'renderer', sandboxed: true, versions: {}, env: {} })
  preload?.(
    module.exports,
    require,
    module,
    process,
    undefined,
    own,
    setTimeout.bind(globalThis),
    clearTimeout.bind(globalThis),
    own,
    own,
    own,
  )
}
