import type { EventName, EventPayload } from '@shared/contract'
import type { Dispatch } from '@shared/dispatch'
import type { Settings } from '@shared/model/settings'
import type { Host } from './host'
import type { Logger } from './logging/logger'

/** An event on its way to one client, or to all (`clientId` null). */
export interface BackendEvent<Name extends EventName = EventName> {
  readonly clientId: string | null
  readonly name: Name
  readonly payload: EventPayload<Name>
}

/** The engine with everything around it; both hosts build exactly this. */
export interface Backend {
  readonly dispatch: Dispatch
  /** For what a host must know before the first paint. */
  readonly settings: () => Settings
  onEvent(listener: (event: BackendEvent) => void): () => void
  /** A window or page is gone: lets go of its views and files. */
  clientGone(clientId: string): void
  /** A native menu item was chosen; the interface hears `menu.chosen`. */
  menuChosen(command: string): void
  /** Closes every peer with 1001, writes what is pending and frees the data folder. */
  dispose(): Promise<void>
}

export interface BackendOptions {
  readonly host: Host
  /** Where profiles, settings and captures live. */
  readonly dataFolder: string
  readonly version: string
  readonly log: Logger
}
