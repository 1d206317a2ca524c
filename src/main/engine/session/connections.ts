import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/errors'
import {
  defaultConfig,
  emptyDraft,
  type Connection as ConnectionModel,
  type ConnectionConfig,
  type Draft,
} from '@shared/model/connection'
import type { LatencyStats } from '@shared/model/latency'
import type { FrameLog } from '../frame-log/frame-log'
import { createTicker, type Ticker } from '../ticker'
import { Connection, type ConnectionChange, type Dial } from './connection'

/** One tab as a restart brings it back. */
export interface ConnectionSnapshot {
  readonly id: string
  readonly name: string
  readonly profileId: string | null
  readonly config: ConnectionConfig
  readonly draft: Draft
}

/** All tabs in their order, as plain data. */
export interface ConnectionsSnapshot {
  readonly connections: readonly ConnectionSnapshot[]
}

export interface ConnectionsOptions {
  readonly dial: Dial
  /** Makes the log of a new tab; the tab disposes it. */
  readonly createLog: (title: () => string) => FrameLog
  /** The tabs to begin with; they come back closed. */
  readonly initial?: ConnectionsSnapshot
  /** A state is told at once, counters at most every 100 ms. */
  readonly onChanged: (connection: ConnectionModel) => void
  /** After it, no change of this connection is told. */
  readonly onRemoved: (connectionId: string) => void
  /** At most every 100 ms for each connection. */
  readonly onLatencyChanged: (connectionId: string, stats: LatencyStats) => void
  /** What {@link Connections.snapshot} returns changed. */
  readonly onSnapshotChanged: () => void
}

/** Milliseconds between two reports of counters or latency. */
const reportInterval = 100

/** Milliseconds that peers have to answer a close when the app ends. */
const disposePatience = 1000

interface Tab {
  readonly connection: Connection
  readonly changed: Ticker
  readonly latency: Ticker
}

/** The open tabs, in the order they were opened. */
export class Connections {
  readonly #options: ConnectionsOptions
  readonly #tabs = new Map<string, Tab>()
  /** Tabs that are closed and whose peers have not answered yet. */
  readonly #leaving = new Set<Connection>()
  #disposed = false

  constructor(options: ConnectionsOptions) {
    this.#options = options
    for (const kept of options.initial?.connections ?? []) this.#open(kept)
  }

  list(): ConnectionModel[] {
    return [...this.#tabs.values()].map(({ connection }) => connection.model)
  }

  /** @throws {AppError} NOT_FOUND */
  get(connectionId: string): Connection {
    return this.#tab(connectionId).connection
  }

  /** Opens a tab without connecting it. Without a name it is named after the host of its URL. */
  create(
    from: {
      readonly name?: string | undefined
      readonly profileId?: string | null | undefined
      readonly config?: ConnectionConfig | undefined
    } = {},
  ): ConnectionModel {
    const config = from.config ?? defaultConfig()
    const connection = this.#open({
      id: randomUUID(),
      name: from.name?.trim() || defaultName(config.url),
      profileId: from.profileId ?? null,
      config,
      draft: emptyDraft(),
    })
    this.#options.onSnapshotChanged()
    this.#options.onChanged(connection.model)
    return connection.model
  }

  /**
   * Changes a tab. A tab that is named after its host is renamed with it.
   * @throws {AppError} NOT_FOUND
   */
  update(connectionId: string, change: ConnectionChange): ConnectionModel {
    const { connection } = this.#tab(connectionId)
    const { name, config } = connection.model
    const url = change.config?.url ?? config.url
    const follows = change.name === undefined && name === defaultName(config.url)
    const named =
      change.name?.trim() || (follows || change.name !== undefined ? defaultName(url) : name)
    connection.update({ ...change, name: named })
    return connection.model
  }

  /**
   * Closes a tab at once; an open connection is closed with 1000 behind it, and its log is let go.
   * @throws {AppError} NOT_FOUND
   */
  remove(connectionId: string): void {
    const tab = this.#tab(connectionId)
    this.#tabs.delete(connectionId)
    tab.changed.stop()
    tab.latency.stop()
    this.#options.onRemoved(connectionId)
    this.#options.onSnapshotChanged()
    void this.#letGo(tab.connection)
  }

  /** What a restart should bring back. */
  snapshot(): ConnectionsSnapshot {
    return {
      connections: [...this.#tabs.values()].map(({ connection }) => {
        const { id, name, profileId, config } = connection.model
        return { id, name, profileId, config, draft: connection.draft }
      }),
    }
  }

  /**
   * Closes every open connection with 1001, destroys those that have not answered within a second,
   * and lets go of the logs. The tabs stay in the snapshot.
   */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    const tabs = [...this.#tabs.values()]
    for (const { changed, latency } of tabs) {
      changed.stop()
      latency.stop()
    }
    await Promise.all([
      ...tabs.map(({ connection }) => connection.leave(1001, disposePatience)),
      ...[...this.#leaving].map((connection) => connection.leave(1000, disposePatience)),
    ])
    await Promise.all(tabs.map(({ connection }) => connection.dispose()))
  }

  async #letGo(connection: Connection): Promise<void> {
    this.#leaving.add(connection)
    await connection.leave(1000, connection.model.config.closeTimeout)
    this.#leaving.delete(connection)
    await connection.dispose()
  }

  #tab(connectionId: string): Tab {
    const tab = this.#tabs.get(connectionId)
    if (tab) return tab
    throw new AppError('NOT_FOUND', 'This connection is no longer open in a tab.', {
      details: { connectionId },
    })
  }

  #open(kept: ConnectionSnapshot): Connection {
    const { dial, createLog, onChanged, onLatencyChanged, onSnapshotChanged } = this.#options
    const changed = createTicker(reportInterval, () => onChanged(connection.model))
    const latency = createTicker(reportInterval, () =>
      onLatencyChanged(kept.id, connection.latency),
    )
    const connection: Connection = new Connection({
      ...kept,
      log: createLog(() => connection.model.name),
      dial,
      listener: {
        onState() {
          changed.touch()
          changed.flush()
        },
        onActivity: () => changed.touch(),
        onLatency: () => latency.touch(),
        onSnapshotChanged,
      },
    })
    this.#tabs.set(kept.id, { connection, changed, latency })
    return connection
  }
}

/** The host of a URL as it was typed, with its port; a fixed name when there is none to be seen. */
export function defaultName(url: string): string {
  const afterScheme = url.trim().replace(/^[a-z][a-z\d+.-]*:\/\//i, '')
  const host = /^(?:[^/?#]*@)?([^/?#\s]+)/.exec(afterScheme)?.[1]
  return host?.slice(0, 200) ?? 'New connection'
}
