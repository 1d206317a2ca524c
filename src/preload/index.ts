import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Envelope } from '@shared/transport'

type Listener = (name: string, payload: unknown) => void

/** All that the page can reach of this process: ask the engine, and hear its events. */
contextBridge.exposeInMainWorld('host', {
  call(name: string, input: unknown): Promise<Envelope> {
    return ipcRenderer.invoke('rpc', name, input)
  },
  /** Returns the function that stops listening. */
  on(listener: Listener): () => void {
    const forward = (_event: IpcRendererEvent, name: string, payload: unknown) =>
      listener(name, payload)
    ipcRenderer.on('event', forward)
    return () => void ipcRenderer.off('event', forward)
  },
})
