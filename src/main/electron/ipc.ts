import { ipcMain, type WebContents } from 'electron'
import type { Envelope } from '@shared/transport'
import { AppError } from '@shared/errors'
import type { Backend, BackendEvent } from '../backend'
import { isTrustedSender } from './sender'

/** Carries calls and events between windows and the engine. */
export interface Ipc {
  /** From now on this window's page may call and hears events. */
  attach(contents: WebContents): void
}

/** Two channels and no more: `rpc` for calls, `event` for what the engine tells by itself. */
export function connectIpc(backend: Backend, own: string): Ipc {
  const clients = new Map<WebContents, string>()
  const windows = new Set<WebContents>()
  let pages = 0

  ipcMain.handle('rpc', (event, name: unknown, input: unknown): Envelope | Promise<Envelope> => {
    const clientId = clients.get(event.sender)
    if (clientId === undefined || !isTrustedSender(event, windows, own)) return forbidden()
    return backend.dispatch({ clientId }, name, input)
  })

  backend.onEvent(({ clientId, name, payload }: BackendEvent) => {
    for (const [contents, id] of clients) {
      const addressed = clientId === null || clientId === id
      if (addressed && !contents.isDestroyed() && !contents.isCrashed())
        contents.send('event', name, payload)
    }
  })

  /** Every load of the page is a client of its own: views and files of the one before are let go. */
  function newClient(contents: WebContents): void {
    forget(contents)
    pages += 1
    clients.set(contents, `page-${pages}`)
  }

  function forget(contents: WebContents): void {
    const clientId = clients.get(contents)
    if (clientId === undefined) return
    clients.delete(contents)
    backend.clientGone(clientId)
  }

  return {
    attach(contents) {
      windows.add(contents)
      newClient(contents)
      contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
        if (isMainFrame && !isSameDocument) newClient(contents)
      })
      contents.on('render-process-gone', () => forget(contents))
      contents.on('destroyed', () => {
        forget(contents)
        windows.delete(contents)
      })
    },
  }
}

function forbidden(): Envelope {
  const error = new AppError('FORBIDDEN', 'Only the page of Framescope may call the engine.')
  return { ok: false, error: error.toEnvelope() }
}
