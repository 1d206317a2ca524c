import type { DataOpcode } from '@shared/model/connection'

/** One client as a behaviour sees it. Nothing here throws; a client that is closing hears nothing. */
export interface BehaviourClient {
  /** Its session number in the server's log. */
  readonly id: number
  /** Parameters of the route's path. */
  readonly parameters: Readonly<Record<string, string>>
  /** The payload never changes afterwards and may go to several clients: it can be kept, not written. */
  send(opcode: DataOpcode, payload: Uint8Array): void
  /** At most 125 bytes (RFC 6455 section 5.5). */
  ping(payload: Uint8Array): void
  close(code: number, reason: string): void
  terminate(): void
}

/** The route a behaviour runs on. */
export interface RouteHost {
  readonly clients: () => Iterable<BehaviourClient>
  /** Writes a row about a client, such as about a rule that was switched off. */
  readonly note: (clientId: number, text: string) => void
}

/** What a behaviour has to know besides its own configuration. */
export interface BehaviourOptions {
  /** Names of the parameters of the route's path, for templates. */
  readonly parameters: readonly string[]
}

/** A behaviour at work; what it does not listen to is left out. */
export interface RunningBehaviour {
  /** @param isNew `false` for a client that was open before, on another route or before an edit. */
  opened?(client: BehaviourClient, isNew?: boolean): void
  /** The payload is valid only during the call. */
  received?(client: BehaviourClient, opcode: DataOpcode, payload: Uint8Array): void
  /** Nothing of the client is kept; what it was still to be sent is given up. */
  gone?(client: BehaviourClient): void
  /** Ends timers and threads. Nothing is called afterwards. */
  stop?(): void
}
