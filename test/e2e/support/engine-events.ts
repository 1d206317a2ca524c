import type { Page, WebSocket } from '@playwright/test'
import { decodeMessage } from '../../../src/shared/codec'
import type { App } from '../fixtures/app'

/** Names of the events the engine sent to the page, in order. */
export interface EngineEvents {
  readonly names: readonly string[]
}

/** Listens to what the engine tells the page from the next load on, and loads it anew. */
export async function watchEngine({ host, page }: App): Promise<EngineEvents> {
  return host === 'web' ? watchSocket(page) : watchBridge(page)
}

async function watchSocket(page: Page): Promise<EngineEvents> {
  const names: string[] = []
  page.on('websocket', (socket: WebSocket) => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return
      const message = decodeMessage(payload)
      if (message.kind === 'event') names.push(message.name)
    })
  })
  await page.reload()
  return { names }
}

async function watchBridge(page: Page): Promise<EngineEvents> {
  const names: string[] = []
  await page.exposeFunction('heardEngine', (name: string) => void names.push(name))
  await page.evaluate(() => {
    const { host, heardEngine } = window as unknown as {
      host: { on(listener: (name: string) => void): void }
      heardEngine(name: string): void
    }
    host.on((name) => heardEngine(name))
  })
  return { names }
}
