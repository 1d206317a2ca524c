import { AppError } from '@shared/errors'
import type { DataOpcode } from '@shared/model/connection'
import {
  defaultServerConfig,
  type Preset,
  type ServerClient,
  type ServerConfig,
  type ServerState,
} from '@shared/model/local-server'
import { createTurns } from '@shared/turns'
import type { FrameLog } from '../frame-log/frame-log'
import { checkClose } from '../session/close-check'
import { noCounters } from '../session/counters'
import { appendEvent } from '../session/event-row'
import { formatPeer } from '../session/peer-address'
import { ReadingPause } from '../session/reading-pause'
import { createTicker } from '../ticker'
import { serverPlans, type ServerPlan } from './presets'
import { ServerClients } from './server-clients'
import { serverUrls } from './server-urls'
import { UpgradeServer } from './upgrade-server'

export interface LocalServerOptions {
  /** Of the server and all its clients; disposed with it. */
  readonly log: FrameLog
  /** What it is shown with before its first start. */
  readonly config?: ServerConfig
  /** A phase is told at once, counters at most every 100 ms. */
  readonly onChanged: (state: ServerState) => void
  /** The list of clients or what it shows changed; at most every 250 ms. */
  readonly onClientsChanged: (total: number) => void
  /** Milliseconds between two messages that an endpoint pushes; 5,000 when left out. */
  readonly pushInterval?: number
}

/** Milliseconds between two reports of counters, and of the list of clients. */
const stateInterval = 100
const clientsInterval = 250

/** Milliseconds between two messages that an endpoint pushes to a client. */
const defaultPushInterval = 5000

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
  #config: ServerConfig
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
    this.#config = options.config ?? defaultServerConfig()
  }

  /** Counters are those of the run under way, else of the last one, clients that are gone included. */
  get state(): ServerState {
    return {
      phase: this.#phase,
      config: this.#config,
      port: this.#port,
      urls: this.#urls.flatMap((url) => this.#plan.endpoints.map(({ path }) => url + (path ?? ''))),
      since: this.#since,
      logId: this.log.id,
      clients: this.#run?.clients.size ?? 0,
      counters: this.#run?.clients.counters ?? this.#counters,
    }
  }

  /**
   * Starts to listen. A server that runs is stopped first, unless it runs just like this.
   * @throws {AppError} PORT_IN_USE with `details.nextFree`, LISTEN_FAILED; it is then stopped.
   */
  start(config: ServerConfig): Promise<ServerState> {
    return this.#inTurn(async () => {
      if (this.#run && isSame(this.#config, config)) return this.state
      await this.#stop()
      await this.#start(config)
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

  /** Changes what happens to messages from now on; clients stay connected. */
  setPreset(preset: Preset): ServerState {
    if (preset === this.#config.preset) return this.state
    this.#config = { ...this.#config, preset }
    this.#run?.clients.planChanged()
    if (this.#run) this.#note(`Preset changed. ${this.#plan.words}`)
    this.#tellNow()
    return this.state
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
   * Starts the closing handshake with one client.
   * @param code what goes into the close frame; without one, 1000.
   * @throws {AppError} SERVER_STOPPED, NOT_FOUND, CLOSE_CODE_INVALID, CLOSE_REASON_TOO_LONG.
   */
  disconnectClient(clientId: number, code = 1000, reason = ''): void {
    checkClose(code, reason)
    this.#running().clients.get(clientId).session.close(code, reason)
  }

  /**
   * Destroys the socket of one client without a closing handshake.
   * @throws {AppError} SERVER_STOPPED, NOT_FOUND.
   */
  terminateClient(clientId: number): void {
    this.#running().clients.get(clientId).session.terminate()
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
    this.#config = config
    this.#enter('starting')
    const clients = new ServerClients({
      log: this.log,
      plan: () => this.#plan,
      pushInterval: this.#options.pushInterval ?? defaultPushInterval,
      keepAlive: config.keepAlive,
      hasRead: () => !this.#readingPause.wasOnWithin(config.keepAlive),
      onCountChanged: () => this.#touch(),
      onActivity: () => this.#touch(),
    })
    const server = new UpgradeServer({
      perMessageDeflate: config.perMessageDeflate,
      plan: () => this.#plan,
      onPeer: (ws, tap, request) => clients.add(ws, tap, request),
      onTurnedAway: (tap, { url = '' }) => {
        const peer = formatPeer(tap.remoteAddress, tap.remotePort)
        this.#note(`Turned away ${peer}: no endpoint at ${url}`)
      },
      onFailure: (error) => void this.#failed(error),
    })
    try {
      const { port, ipv6 } = await server.listen(config.port, config.allInterfaces)
      this.#port = port
      this.#urls = serverUrls(port, { allInterfaces: config.allInterfaces, ipv6 })
    } catch (error) {
      await clients.close(0)
      this.#enter('stopped')
      throw error
    }
    this.#run = { server, clients }
    this.#note(`Server started at ${this.#urls[0]}. ${this.#plan.words}`)
    this.#enter('running')
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
    this.#port = null
    this.#urls = []
    this.#note('Server stopped')
    this.#enter('stopped')
  }

  async #failed(error: Error): Promise<void> {
    appendEvent(this.log, serverItself, 'error', `The server failed: ${error.message}`)
    await this.stop()
  }

  get #plan(): ServerPlan {
    return serverPlans[this.#config.preset]
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

function isSame(one: ServerConfig, other: ServerConfig): boolean {
  return (
    one.port === other.port &&
    one.allInterfaces === other.allInterfaces &&
    one.preset === other.preset &&
    one.keepAlive === other.keepAlive &&
    one.perMessageDeflate === other.perMessageDeflate
  )
}
