import type { SecureContextOptions } from 'node:tls'
import { AppError } from '@shared/errors'
import type { DataOpcode } from '@shared/model/connection'
import type {
  ServerClient,
  ServerConfig,
  ServerProfile,
  ServerState,
} from '@shared/model/local-server'
import type { TlsConfig } from '@shared/model/certificate'
import type { Fault } from '@shared/model/server-fault'
import { planInWords } from '@shared/model/plan-words'
import { createTurns } from '@shared/turns'
import type { FrameLog } from '../frame-log/frame-log'
import { checkClose } from '../session/close-check'
import { noCounters } from '../session/counters'
import { appendEvent } from '../session/event-row'
import { formatPeer } from '../session/peer-address'
import { ReadingPause } from '../session/reading-pause'
import { createTicker } from '../ticker'
import type { ServerClient as ServerClientOf } from './server-client'
import { ServerClients } from './server-clients'
import { serverUrls } from './server-urls'
import { UpgradeServer } from './upgrade-server'

export interface LocalServerOptions {
  /** Of the server and all its clients; disposed with it. */
  readonly log: FrameLog
  readonly profile: ServerProfile
  /** Of a folder that may be served; `null` for one that may not. Without it none may. */
  readonly folderPath?: (folderId: string) => string | null
  /** Certificate and key for a server with TLS. @throws {AppError} when there are none. */
  readonly certificateFor?: (tls: TlsConfig) => Promise<SecureContextOptions>
  /** A phase is told at once, counters at most every 100 ms. */
  readonly onChanged: (state: ServerState) => void
  /** The list of clients or what it shows changed; at most every 250 ms. */
  readonly onClientsChanged: (total: number) => void
}

/** Milliseconds between two reports of counters, and of the list of clients. */
const stateInterval = 100
const clientsInterval = 250

/** Milliseconds that clients have to answer a close when the server stops. */
const stopPatience = 1000

/** The session number of rows that are about the server itself, not about one of its clients. */
const serverItself = 0

/** What exists only while the server runs. */
interface Run {
  readonly server: UpgradeServer
  readonly clients: ServerClients
}

/** A WebSocket server in this process, for clients that need one to talk to. */
export class LocalServer {
  readonly log: FrameLog
  readonly #options: LocalServerOptions
  readonly #readingPause: ReadingPause
  readonly #changed = createTicker(stateInterval, () => this.#options.onChanged(this.state))
  readonly #clientsChanged = createTicker(clientsInterval, () =>
    this.#options.onClientsChanged(this.#run?.clients.size ?? 0),
  )
  #profile: ServerProfile
  /** What it listens on while it runs. */
  #listening: ServerConfig | null = null
  #phase: ServerState['phase'] = 'stopped'
  #since: number | null = null
  #port: number | null = null
  #urls: readonly string[] = []
  #run: Run | null = null
  /** Of the last run once it is over. */
  #counters = noCounters()
  /** Starts and stops happen one after the other. */
  readonly #inTurn = createTurns()

  constructor(options: LocalServerOptions) {
    this.#options = options
    this.log = options.log
    this.#readingPause = new ReadingPause(options.log, () => serverItself)
    this.#profile = options.profile
  }

  /** Counters are those of the run under way, else of the last one, clients that are gone included. */
  get state(): ServerState {
    const { config } = this.#profile
    return {
      ...this.#profile,
      phase: this.#phase,
      port: this.#port,
      urls: this.#urls.flatMap((url) =>
        config.plan.routes.map(({ path }) => url + examplePath(path)),
      ),
      restartNeeded: this.#listening !== null && !listensAlike(this.#listening, config),
      since: this.#since,
      logId: this.log.id,
      clients: this.#run?.clients.size ?? 0,
      counters: this.#run?.clients.counters ?? this.#counters,
    }
  }

  get profile(): ServerProfile {
    return this.#profile
  }

  /**
   * Starts to listen. A server that runs is stopped first, unless it listens just like this.
   * @throws {AppError} PORT_IN_USE with `details.nextFree`, LISTEN_FAILED; it is then stopped.
   */
  start(): Promise<ServerState> {
    return this.#inTurn(async () => {
      if (this.#run && !this.state.restartNeeded) return this.state
      await this.#stop()
      await this.#start(this.#profile.config)
      return this.state
    })
  }

  /**
   * Closes all clients with 1001, destroys those that have not answered within a second, and frees
   * the port. Does nothing when it does not run.
   */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#stop())
  }

  /** Takes over what was edited: the plan at once, its clients stay; all else from the next start on. */
  update(profile: ServerProfile): void {
    const before = this.#profile.config.plan
    this.#profile = profile
    const { plan } = profile.config
    if (this.#run && JSON.stringify(plan) !== JSON.stringify(before)) {
      this.#run.clients.planChanged(plan)
      this.#note(`Plan changed. ${planInWords(plan)}`)
    }
    this.#tellNow()
  }

  /** Some of the clients, in the order they came. */
  clients(offset: number, limit: number): { total: number; clients: ServerClient[] } {
    const clients = this.#run?.clients
    return { total: clients?.size ?? 0, clients: clients?.list(offset, limit) ?? [] }
  }

  /**
   * Sends a message to the clients named, or to all; those that are not open are passed over.
   * @returns how many it was sent to.
   * @throws {AppError} SERVER_STOPPED, PAYLOAD_INVALID, SEND_FAILED.
   */
  async send(
    clientIds: readonly number[] | null,
    opcode: DataOpcode,
    payload: Uint8Array,
  ): Promise<number> {
    return this.#running().clients.send(clientIds, opcode, payload)
  }

  /**
   * Starts the closing handshake with clients; those that are gone are passed over.
   * @param code what goes into the close frame; without one, 1000.
   * @throws {AppError} SERVER_STOPPED, NOT_FOUND when all are gone, CLOSE_CODE_INVALID,
   * CLOSE_REASON_TOO_LONG.
   */
  disconnectClients(clientIds: readonly number[], code = 1000, reason = ''): void {
    checkClose(code, reason)
    for (const client of this.#present(clientIds)) client.close(code, reason)
  }

  /**
   * Destroys the sockets of clients without a closing handshake.
   * @throws {AppError} SERVER_STOPPED, NOT_FOUND when all are gone.
   */
  terminateClients(clientIds: readonly number[]): void {
    for (const client of this.#present(clientIds)) client.terminate()
  }

  /** @throws {AppError} SERVER_STOPPED, NOT_FOUND. */
  clientFaults(clientId: number): Fault[] {
    return [...this.#running().clients.get(clientId).ownFaults]
  }

  /**
   * Gives clients faults of their own, in place of those they had.
   * @throws {AppError} SERVER_STOPPED, NOT_FOUND when all are gone.
   */
  setClientFaults(clientIds: readonly number[], faults: readonly Fault[]): void {
    for (const client of this.#present(clientIds)) client.ownFaults = faults
    this.#clientsChanged.touch()
  }

  /** Stops for good and lets go of the log. */
  async dispose(): Promise<void> {
    await this.stop()
    this.#changed.stop()
    this.#clientsChanged.stop()
    this.#readingPause.stop()
    await this.log.dispose()
  }

  async #start(config: ServerConfig): Promise<void> {
    this.#enter('starting')
    const clients = new ServerClients({
      log: this.log,
      plan: config.plan,
      hasRead: (milliseconds) => !this.#readingPause.wasOnWithin(milliseconds),
      onCountChanged: () => this.#touch(),
      onActivity: () => this.#touch(),
    })
    let server: UpgradeServer
    try {
      server = this.#serverFor(clients, config, await this.#certificateFor(config.tls))
      const { allInterfaces } = config
      const { port, ipv6 } = await server.listen(config.port, allInterfaces)
      this.#port = port
      this.#urls = serverUrls(port, { allInterfaces, ipv6, tls: config.tls.mode !== 'off' })
    } catch (error) {
      await clients.close(0)
      this.#enter('stopped')
      throw error
    }
    this.#run = { server, clients }
    this.#listening = config
    // It may have been edited while it started.
    const { plan } = this.#profile.config
    if (plan !== config.plan) clients.planChanged(plan)
    this.#note(`Server started at ${this.#urls[0]}. ${planInWords(plan)}`)
    this.#enter('running')
  }

  #serverFor(
    clients: ServerClients,
    { origins }: ServerConfig,
    tls: SecureContextOptions | null,
  ): UpgradeServer {
    return new UpgradeServer({
      plan: () => this.#profile.config.plan,
      origins,
      tls,
      folderPath: (folderId) => this.#options.folderPath?.(folderId) ?? null,
      route: (routeId) => clients.route(routeId),
      onPeer: (ws, tap, request, route) => clients.add(ws, tap, request, route),
      onTurnedAway: (tap, because) => this.#note(`Turned away ${peerOf(tap)}: ${because}`),
      onFault: (tap, text) => this.#note(`${text} (${peerOf(tap)})`),
      onTlsFailure: (socket, error) =>
        this.#note(`TLS handshake with ${peerOf(socket)} failed: ${error.message}`),
      onFailure: (error) => void this.#failed(error),
    })
  }

  async #certificateFor(tls: TlsConfig): Promise<SecureContextOptions | null> {
    return tls.mode === 'off' ? null : ((await this.#options.certificateFor?.(tls)) ?? null)
  }

  async #stop(): Promise<void> {
    const run = this.#run
    if (!run) return
    this.#enter('stopping')
    run.server.stopListening()
    await run.clients.close(stopPatience)
    await run.server.destroy()
    this.#counters = run.clients.counters
    this.#run = null
    this.#listening = null
    this.#port = null
    this.#urls = []
    this.#note('Server stopped')
    this.#enter('stopped')
  }

  async #failed(error: Error): Promise<void> {
    appendEvent(this.log, serverItself, 'error', `The server failed: ${error.message}`)
    await this.stop()
  }

  #present(clientIds: readonly number[]): ServerClientOf[] {
    const { clients } = this.#running()
    const present = clients.among(clientIds)
    if (present.length === 0) clients.get(clientIds[0] ?? 0)
    return present
  }

  #running(): Run {
    if (this.#run && this.#phase === 'running') return this.#run
    throw new AppError('SERVER_STOPPED', 'The local server is not running. Start it first.')
  }

  #enter(phase: ServerState['phase']): void {
    this.#phase = phase
    this.#since = Date.now()
    this.#tellNow()
  }

  #tellNow(): void {
    this.#touch()
    this.#changed.flush()
  }

  #touch(): void {
    this.#changed.touch()
    this.#clientsChanged.touch()
  }

  #note(text: string): void {
    appendEvent(this.log, serverItself, 'note', text)
  }
}

/** Whether a server that runs with one need not start again for the other. */
function listensAlike(one: ServerConfig, other: ServerConfig): boolean {
  const told = ({ port, allInterfaces, origins, tls }: ServerConfig) =>
    JSON.stringify([port, allInterfaces, origins, tls])
  return told(one) === told(other)
}

/** A path that a pattern fits, to be tried out. */
function examplePath(pattern: string): string {
  return pattern === '*' ? '' : pattern.replace(/\/\*$/, '/').replace(/:(\w+)/g, '$1')
}

const peerOf = (socket: {
  readonly remoteAddress?: string | undefined
  readonly remotePort?: number | undefined
}) => formatPeer(socket.remoteAddress, socket.remotePort)
