import type { Envelope } from '@shared/transport'

declare global {
  interface Window {
    /** What the Electron preload exposes; absent in a browser. */
    readonly host?: {
      call(name: string, input: unknown): Promise<Envelope>
      on(listener: (name: string, payload: unknown) => void): () => void
    }
  }
}
