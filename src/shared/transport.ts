import type { ErrorEnvelope } from './errors'

/** Every call is answered with one of these; a call never rejects with the engine's own error. */
export type Envelope =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: ErrorEnvelope }

/** The two verbs between the interface and the engine, whatever carries them. */
export interface Transport {
  /** Asks the engine. Rejects only when the transport itself is gone. */
  call(name: string, input: unknown): Promise<Envelope>
  /** Hears every event the engine sends to this client. Returns the function that stops it. */
  on(listener: (name: string, payload: unknown) => void): () => void
  /** Hears that the engine is out of reach (`false`) or back (`true`). Returns the stop function. */
  onConnectedChange(listener: (connected: boolean) => void): () => void
}
