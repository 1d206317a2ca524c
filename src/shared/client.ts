import type { EventName, EventPayload, Input, Output, ProcedureName } from './contract'
import { AppError } from './errors'
import type { Transport } from './transport'

/** The engine as the interface sees it: typed calls and typed events over any transport. */
export interface Client {
  /** @throws {AppError} with the engine's code and message. */
  call<Name extends ProcedureName>(name: Name, input: Input<Name>): Promise<Output<Name>>
  /** Returns the function that stops listening. */
  on<Name extends EventName>(
    name: Name,
    listener: (payload: EventPayload<Name>) => void,
  ): () => void
  onConnectedChange(listener: (connected: boolean) => void): () => void
}

export function createClient(transport: Transport): Client {
  const listeners = new Map<string, Set<(payload: never) => void>>()
  transport.on((name, payload) => {
    for (const listener of listeners.get(name) ?? []) listener(payload as never)
  })
  return {
    async call(name, input) {
      const envelope = await transport.call(name, input)
      if (envelope.ok) return envelope.value as Output<typeof name>
      throw AppError.from(envelope.error)
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (payload: never) => void)
      return () => set.delete(listener as (payload: never) => void)
    },
    onConnectedChange: (listener) => transport.onConnectedChange(listener),
  }
}
