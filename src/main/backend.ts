import { join } from 'node:path'
import type { EventName, EventPayload } from '@shared/contract'
import { createDispatcher, type Dispatch } from '@shared/dispatch'
import { AppError } from '@shared/errors'
import type { Settings } from '@shared/model/settings'
import type { Envelope } from '@shared/transport'
import { Captures } from './engine/captures/captures'
import { Decoding } from './engine/decode/decoding'
import type { CompiledSchema } from './engine/decode/protobuf/proto-types'
import { ExchangeFiles } from './engine/export/exchange-files'
import { FrameViews } from './engine/frame-view/frame-views'
import { certificateFor } from './engine/local-server/tls/certificate-for'
import { OwnCertificates } from './engine/local-server/tls/own-certificates'
import { ServerCertificates } from './engine/local-server/tls/server-certificates'
import { LocalServers } from './engine/local-server/local-servers'
import { Connections } from './engine/session/connections'
import { dial } from './engine/session/dial'
import { EventHub } from './event-hub'
import { FrameLogs } from './frame-logs'
import { createHandlers } from './handlers/handlers'
import { RunningTasks } from './handlers/running-tasks'
import type { Host } from './host'
import type { Logger } from './logging/logger'
import { Notices } from './notices'
import { patiently } from './patiently'
import { PendingCalls } from './pending-calls'
import { lockDataFolder, type DataFolderLock } from './storage/data-folder-lock'
import { SchemaStore } from './storage/schema-store'
import type { Notify } from './storage/json-document'
import { openStores } from './storage/stores'

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
  /** Where this process can be opened, without its token: what a second one is told. */
  announce(url: string): void
  /** Closes every peer with 1001, writes what is pending and frees the data folder. */
  dispose(): Promise<void>
}

export interface BackendOptions {
  readonly host: Host
  /** Where profiles, settings and captures live. */
  readonly dataFolder: string
  readonly version: string
  readonly log: Logger
  /** A second process wants the same data folder and asks this one to show itself. */
  readonly onShow?: (() => void) | undefined
}

const gone: Envelope = {
  ok: false,
  error: new AppError('BACKEND_GONE', 'Framescope is closing.').toEnvelope(),
}

/**
 * Takes the data folder, opens what is stored and puts the engine together.
 * @throws {AppError} DATA_FOLDER_LOCKED, STORAGE_UNWRITABLE.
 */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const { host, dataFolder, onShow } = options
  const lock = await lockDataFolder(dataFolder, { host: host.kind, onShow })
  try {
    return await assemble(options, lock)
  } catch (error) {
    await lock.release()
    throw error
  }
}

async function assemble(options: BackendOptions, lock: DataFolderLock): Promise<Backend> {
  const { host, dataFolder, log } = options
  const hub = new EventHub((error) => log.error('An event could not be told', error))
  const notices = new Notices((all) => hub.emit('notices.changed', all))
  const notify: Notify = (level, message) => {
    log.warn(message)
    notices.add(level, message)
  }
  const stores = await openStores(
    dataFolder,
    host.secretBox,
    host.chooseFolder ? null : host.allowedFolders,
    notify,
  )
  const { settings, workspace, secrets } = stores
  const exchange = await ExchangeFiles.open(join(dataFolder, 'exchange'))
  const decoding = new Decoding({
    typesOf: async (schemaId) => (await schemas.compiled(schemaId))?.types ?? null,
  })
  const schemas: SchemaStore<CompiledSchema> = await SchemaStore.open(dataFolder, notify, decoding)
  const captures = await Captures.start({
    folder: join(dataFolder, 'captures'),
    budget: settings.get().logBudget,
    onChanged: (all) => hub.emit('captures.changed', all),
  })
  tellOfRecovered(captures, notices)
  const tasks = new RunningTasks()
  const logs = new FrameLogs(captures, (state) => hub.emit('frames.logChanged', state))
  const views = new FrameViews({
    findLog: (logId) => logs.find(logId),
    emit: (clientId, payload) => hub.emit('frames.grew', payload, clientId),
  })
  const generatedCertificates = new ServerCertificates(stores.authority)
  const ownCertificates = new OwnCertificates(stores.certificates)
  const localServers = new LocalServers({
    initial: stores.servers.list(),
    folderPath: (folderId) => stores.folders.pathOf(folderId),
    certificateFor: (tls) => certificateFor(tls, generatedCertificates, ownCertificates),
    createLog: (title) => logs.create(title),
    onChanged: (state) => hub.emit('servers.changed', state),
    onRemoved: (serverId) => hub.emit('servers.removed', { serverId }),
    onClientsChanged: (serverId, total) => hub.emit('servers.clientsChanged', { serverId, total }),
  })
  const connections = new Connections({
    dial: (request) =>
      dial({
        ...request,
        secrets: (ref) => secrets.get(ref),
        authority: () => stores.authority.get()?.certificate ?? null,
      }),
    createLog: (title) => logs.create(title),
    initial: workspace.get(),
    onChanged: (connection) => hub.emit('connections.changed', connection),
    onRemoved: (connectionId) => hub.emit('connections.removed', { connectionId }),
    onLatencyChanged: (connectionId, stats) => hub.emit('latency.changed', { connectionId, stats }),
    onSnapshotChanged: () => workspace.changed(() => connections.snapshot()),
  })
  const nameOf = (logId: string) =>
    connections.list().find((connection) => connection.logId === logId)?.name ??
    localServers.list().find((server) => server.logId === logId)?.name ??
    captures.list().find((capture) => capture.id === logId)?.name ??
    'Local server'

  const engine = {
    files: exchange,
    captures,
    logs,
    views,
    tasks,
    decoding,
    schemas,
    localServers,
    generatedCertificates,
    ownCertificates,
    connections,
  }
  const handlers = createHandlers({ ...options, ...stores, ...engine, hub, notices, nameOf })
  const dispatch = createDispatcher(handlers, (error, procedure) =>
    log.error(`${procedure} met a defect`, error),
  )

  localServers.autostart((name, error) => {
    const reason = error instanceof AppError ? error.message : String(error)
    notify('error', `“${name}” was to start with Framescope and did not. ${reason}`)
  })

  const calls = new PendingCalls()

  async function close(): Promise<void> {
    calls.refuse(gone)
    const written = workspace.flush()
    tasks.cancelAll()
    const threads = [views.dispose(), decoding.dispose()]
    await patiently('peers', [written, connections.dispose(), localServers.dispose()], log)
    hub.close()
    const files = [stores.flush(), schemas.flush(), exchange.dispose(), captures.dispose()]
    await patiently('files', [...threads, ...files], log)
    calls.end()
    await lock.release()
  }
  let closed: Promise<void> | null = null

  return {
    dispatch: (...call) => calls.answer(() => dispatch(...call)),
    settings: () => settings.get(),
    onEvent: (listener) => hub.on(listener),
    clientGone(clientId) {
      views.closeOwnedBy(clientId)
      tasks.cancelOwnedBy(clientId)
      decoding.releaseOwnedBy(clientId)
      void exchange.releaseOwnedBy(clientId)
    },
    menuChosen: (command) => hub.emit('menu.chosen', { command }),
    announce: (url) => lock.announce(url),
    dispose: () => (closed ??= close()),
  }
}

/** What a killed process left is offered once, when the next one starts. */
function tellOfRecovered(captures: Captures, notices: Notices): void {
  const recovered = captures.recovered()
  if (recovered.length === 0) return
  const names = recovered.map(({ name }) => `“${name}”`)
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  const last = shown.pop() ?? ''
  const all = shown.length > 0 ? `${shown.join(', ')} and ${last}` : last
  notices.add(
    'info',
    `Framescope ended unexpectedly. The traffic of ${all} was recovered; Captures has it.`,
    recovered.map(({ id }) => id),
  )
}
