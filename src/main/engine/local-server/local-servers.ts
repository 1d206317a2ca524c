import { randomUUID } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { AppError } from '@shared/errors'
import {
  defaultServerConfig,
  mostServers,
  type ServerConfig,
  type ServerProfile,
  type ServerState,
} from '@shared/model/local-server'
import type { TlsConfig } from '@shared/model/certificate'
import { checkPlan } from '@shared/model/check-plan'
import type { FrameLog } from '../frame-log/frame-log'
import { LocalServer } from './local-server'

export interface LocalServersOptions {
  /** Those to begin with. */
  readonly initial: readonly ServerProfile[]
  /** Makes the log of a server; the server disposes it. */
  readonly createLog: (title: () => string) => FrameLog
  /** Of a folder that may be served; `null` for one that may not. */
  readonly folderPath: (folderId: string) => string | null
  /** Certificate and key for a server with TLS. @throws {AppError} when there are none. */
  readonly certificateFor: (tls: TlsConfig) => Promise<SecureContextOptions>
  /** A phase is told at once, counters at most every 100 ms. */
  readonly onChanged: (state: ServerState) => void
  /** After it, no change of this server is told. */
  readonly onRemoved: (serverId: string) => void
  /** The list of clients or what it shows changed; at most every 250 ms. */
  readonly onClientsChanged: (serverId: string, total: number) => void
}

/** What of a server can be edited. */
export type ServerChange = {
  readonly [Key in 'name' | 'autostart' | 'config']?: ServerProfile[Key] | undefined
}

const copySuffix = ' copy'
const longestName = 200

/** The local servers, in the order they are listed. */
export class LocalServers {
  readonly #options: LocalServersOptions
  readonly #servers = new Map<string, LocalServer>()
  readonly #removed = new Map<string, ServerProfile>()

  constructor(options: LocalServersOptions) {
    this.#options = options
    for (const profile of options.initial) this.#open(profile)
  }

  list(): ServerState[] {
    return [...this.#servers.values()].map(({ state }) => state)
  }

  profiles(): ServerProfile[] {
    return [...this.#servers.values()].map(({ profile }) => profile)
  }

  /** @throws {AppError} NOT_FOUND */
  get(serverId: string): LocalServer {
    const server = this.#servers.get(serverId)
    if (server) return server
    throw new AppError('NOT_FOUND', 'That server does not exist any more.')
  }

  /**
   * Makes a server that is stopped. Without a config it echoes, on a port that no other server has.
   * @throws {AppError} PLAN_INVALID, INVALID_INPUT when there are too many.
   */
  create(name?: string, config?: ServerConfig): ServerState {
    this.#requireRoom(1)
    if (config) requireUsable(config)
    return this.#add({
      id: randomUUID(),
      name: name ?? this.#freeName(),
      autostart: false,
      config: config ?? { ...defaultServerConfig(), port: this.#freePort() },
    })
  }

  /**
   * Makes several servers, all of them or none.
   * @throws {AppError} PLAN_INVALID, INVALID_INPUT when there are too many.
   */
  add(servers: readonly { readonly name: string; readonly config: ServerConfig }[]): ServerState[] {
    this.#requireRoom(servers.length)
    for (const { config } of servers) requireUsable(config)
    return servers.map(({ name, config }) => this.create(name, config))
  }

  /** @throws {AppError} NOT_FOUND, PLAN_INVALID. */
  update(serverId: string, { name, autostart, config }: ServerChange): ServerState {
    const server = this.get(serverId)
    if (config) requireUsable(config)
    const { profile } = server
    server.update({
      id: profile.id,
      name: name ?? profile.name,
      autostart: autostart ?? profile.autostart,
      config: config ?? profile.config,
    })
    return server.state
  }

  /**
   * Makes a copy, named "… copy", on a port of its own.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT when there are too many.
   */
  duplicate(serverId: string): ServerState {
    const { name, config } = this.get(serverId).profile
    const copy = { ...structuredClone(config), port: this.#freePort() }
    return this.create(name.slice(0, longestName - copySuffix.length) + copySuffix, copy)
  }

  /** @throws {AppError} NOT_FOUND */
  async remove(serverId: string): Promise<void> {
    const server = this.get(serverId)
    this.#servers.delete(serverId)
    this.#removed.set(serverId, { ...server.profile, autostart: false })
    this.#options.onRemoved(serverId)
    await server.dispose()
  }

  /** @throws {AppError} NOT_FOUND when it was not removed in this run. */
  restore(serverId: string): ServerState {
    const profile = this.#removed.get(serverId)
    if (!profile) return this.get(serverId).state
    this.#removed.delete(serverId)
    return this.#add(profile)
  }

  /** Starts those that start with the app; one that cannot is told of. */
  autostart(onFailure: (name: string, error: unknown) => void): void {
    for (const server of this.#servers.values()) {
      const { name, autostart } = server.profile
      if (autostart) server.start().catch((error: unknown) => onFailure(name, error))
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server.dispose()))
  }

  #requireRoom(count: number): void {
    if (this.#servers.size + count > mostServers)
      throw new AppError('INVALID_INPUT', `There can be ${mostServers} servers. Remove some first.`)
  }

  #add(profile: ServerProfile): ServerState {
    const { state } = this.#open(profile)
    this.#options.onChanged(state)
    return state
  }

  #open(profile: ServerProfile): LocalServer {
    const { id } = profile
    const server: LocalServer = new LocalServer({
      log: this.#options.createLog(() => server.profile.name),
      profile,
      certificateFor: this.#options.certificateFor,
      folderPath: this.#options.folderPath,
      onChanged: (state) => {
        if (this.#servers.get(id) === server) this.#options.onChanged(state)
      },
      onClientsChanged: (total) => {
        if (this.#servers.get(id) === server) this.#options.onClientsChanged(id, total)
      },
    })
    this.#servers.set(id, server)
    return server
  }

  #freePort(): number {
    const taken = new Set(this.profiles().map(({ config }) => config.port))
    let { port } = defaultServerConfig()
    while (taken.has(port)) port += 1
    return port
  }

  #freeName(): string {
    const taken = new Set(this.profiles().map(({ name }) => name))
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? 'Local server' : `Local server ${number}`
      if (!taken.has(name)) return name
    }
  }
}

function requireUsable({ plan }: ServerConfig): void {
  const [problem] = checkPlan(plan)
  if (problem)
    throw new AppError('PLAN_INVALID', problem.message, {
      details: { path: problem.path, offset: problem.offset ?? null },
    })
}
