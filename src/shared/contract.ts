import * as v from 'valibot'
import { Connection, ConnectionConfig, DataOpcode, Draft, HistoryEntry } from './model/connection'
import { Bookmark, Capture, captureName, ImportResult, LogState } from './model/capture'
import { OwnCertificate, TestAuthority } from './model/certificate'
import { DecodeChain, DecodedInfo, ProtoSchema } from './model/decode'
import { ExportFormat, ExportScope, Redaction } from './model/export'
import { Folder } from './model/folder'
import { Row, RowDetail } from './model/frame'
import { FrameFilter } from './model/frame-filter'
import { LatencyStats } from './model/latency'
import { ServerClient, ServerConfig, serverName, ServerState } from './model/local-server'
import { Profile, profileName } from './model/profile'
import { Faults } from './model/server-fault'
import { Settings } from './model/settings'
import { RangeStatistics, Timeline, timelineParts } from './model/traffic-statistics'

type Schema = v.GenericSchema<unknown, unknown>

function procedure<Input extends Schema, Output extends Schema>(input: Input, output: Output) {
  return { input, output }
}

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100))
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const nothing = v.void()
const none = v.strictObject({})
const byConnection = v.strictObject({ connectionId: id })
const byServer = v.strictObject({ serverId: id })
const clientIds = v.pipe(v.array(count), v.maxLength(100_000))
const bytes = (limit: number) =>
  v.pipe(
    v.instance(Uint8Array),
    v.check((value) => value.byteLength <= limit, `at most ${limit} bytes are accepted`),
  )
const closeCode = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(65_535))
const closeReason = v.pipe(v.string(), v.maxLength(1000))
const time = v.pipe(v.number(), v.finite())
const filterQuery = FrameFilter.entries.query

/** Largest piece of a file or payload that crosses the contract at once, in bytes. */
export const chunkBytes = 1024 * 1024

/** Most rows of one `frames.page`. */
export const pageRows = 100

/** Most rows that travel with `frames.grew`. */
export const tailRows = 50

/** Longest file with servers, in UTF-16 units. */
export const maxServerFile = 20 * 1024 * 1024

/** A message to be sent: bytes, or a file that was handed over in chunks before. */
export const OutgoingMessage = v.variant('from', [
  v.strictObject({
    from: v.literal('bytes'),
    opcode: DataOpcode,
    payload: bytes(64 * 1024 * 1024),
    /** Kept for the history, so that it comes back as it was typed. */
    draft: v.nullable(Draft),
  }),
  v.strictObject({ from: v.literal('file'), opcode: DataOpcode, fileId: id }),
])
export type OutgoingMessage = v.InferOutput<typeof OutgoingMessage>

/** What became of a message when the call returned: on its way to the socket, or written to it. */
export const SendOutcome = v.strictObject({
  fate: v.picklist(['queued', 'written']),
  bufferedAmount: v.number(),
})
export type SendOutcome = v.InferOutput<typeof SendOutcome>

/** The state of a view. Positions count every row the view ever had; those below `evicted` are gone. */
export const ViewState = v.strictObject({
  viewId: v.string(),
  logId: v.string(),
  filter: FrameFilter,
  total: v.number(),
  evicted: v.number(),
  /** Rows of the log itself, filtered or not. */
  logTotal: v.number(),
  logEvicted: v.number(),
  /** Rows of the log that the filter has looked at, of `logTotal`; equal when the scan is done. */
  scanned: v.number(),
  /** Why the filter or the search was stopped, naming the expression; `null` when it was not. */
  problem: v.nullable(v.string()),
  /** What is searched without hiding the rest; `null` when nothing is. */
  find: v.nullable(
    v.strictObject({
      query: v.string(),
      /** Rows of the view found so far. */
      total: v.number(),
      /** As `scanned`. */
      scanned: v.number(),
    }),
  ),
})
export type ViewState = v.InferOutput<typeof ViewState>

/** Rows at consecutive positions of a view. */
export const Page = v.strictObject({
  /** Position of the first row. */
  start: v.number(),
  rows: v.array(Row),
  /** Time of the row before the first one, for its delta. */
  previousTime: v.nullable(v.number()),
})
export type Page = v.InferOutput<typeof Page>

/** Where an export went. In the browser host the interface fetches the file in chunks. */
export const SavedFile = v.variant('outcome', [
  v.strictObject({ outcome: v.literal('saved'), name: v.string() }),
  v.strictObject({
    outcome: v.literal('download'),
    fileId: v.string(),
    name: v.string(),
    size: v.number(),
  }),
  v.strictObject({ outcome: v.literal('cancelled') }),
])
export type SavedFile = v.InferOutput<typeof SavedFile>

/** Something the user should know that no call asked for. */
export const Notice = v.strictObject({
  id: v.string(),
  level: v.picklist(['info', 'warning', 'error']),
  message: v.string(),
  /** The captures it speaks of. */
  captureIds: v.array(v.string()),
})
export type Notice = v.InferOutput<typeof Notice>

export const AppInfo = v.strictObject({
  name: v.string(),
  version: v.string(),
  host: v.picklist(['electron', 'web']),
  platform: v.string(),
  dataFolder: v.string(),
  capabilities: v.strictObject({
    /** Secret header values survive a restart. */
    secretsPersist: v.boolean(),
    /** Why not, when they do not. */
    secretsNote: v.string(),
    nativeMenu: v.boolean(),
    openExternal: v.boolean(),
    /** A dialog chooses folders; else those that are listed were allowed when it started. */
    chooseFolder: v.boolean(),
  }),
  notices: v.array(Notice),
})
export type AppInfo = v.InferOutput<typeof AppInfo>

/** Everything the interface can ask of the engine. The types of both ends are inferred from it. */
export const procedures = {
  'app.info': procedure(none, AppInfo),
  /** Opens an http or https link in the system's browser. */
  'app.openExternal': procedure(
    v.strictObject({ url: v.pipe(v.string(), v.maxLength(10_000)) }),
    nothing,
  ),
  'app.dismissNotice': procedure(v.strictObject({ noticeId: id }), nothing),

  'settings.get': procedure(none, Settings),
  'settings.update': procedure(v.partial(Settings), Settings),

  'profiles.list': procedure(none, v.array(Profile)),
  'profiles.create': procedure(
    v.strictObject({ name: profileName, config: ConnectionConfig }),
    Profile,
  ),
  /** Changes the name, the configuration or both. */
  'profiles.update': procedure(
    v.strictObject({
      profileId: id,
      name: v.optional(profileName),
      config: v.optional(ConnectionConfig),
    }),
    Profile,
  ),
  /** The copy stands right after the original, named "… copy". */
  'profiles.duplicate': procedure(v.strictObject({ profileId: id }), Profile),
  'profiles.delete': procedure(v.strictObject({ profileId: id }), nothing),
  /** Undoes the last delete of that profile in this run, at its old place. */
  'profiles.restore': procedure(v.strictObject({ profileId: id }), Profile),
  /** Moves a profile to a place counted from 0. */
  'profiles.move': procedure(v.strictObject({ profileId: id, index: count }), nothing),

  /** Keeps a secret and returns the reference a header holds instead. */
  'secrets.put': procedure(
    v.strictObject({ value: v.pipe(v.string(), v.maxLength(100_000)) }),
    v.strictObject({ secretRef: v.string() }),
  ),

  'connections.list': procedure(none, v.array(Connection)),
  /** Opens a tab, from a profile or from a configuration; it does not connect yet. */
  'connections.create': procedure(
    v.strictObject({
      name: v.optional(v.pipe(v.string(), v.maxLength(200))),
      profileId: v.optional(id),
      config: v.optional(ConnectionConfig),
    }),
    Connection,
  ),
  'connections.update': procedure(
    v.strictObject({
      connectionId: id,
      name: v.optional(v.pipe(v.string(), v.maxLength(200))),
      profileId: v.optional(v.nullable(id)),
      config: v.optional(ConnectionConfig),
    }),
    Connection,
  ),
  /** Closes the tab: an open connection is closed with 1000, its log is let go. */
  'connections.remove': procedure(byConnection, nothing),
  /** Starts connecting and returns at once; the state tells the rest. */
  'connections.connect': procedure(byConnection, nothing),
  /** Starts the closing handshake, cancels an attempt, or stops retrying, whatever is under way. */
  'connections.disconnect': procedure(
    v.strictObject({
      connectionId: id,
      code: v.optional(closeCode),
      reason: v.optional(closeReason),
    }),
    nothing,
  ),
  /** Destroys the socket without a closing handshake. */
  'connections.terminate': procedure(byConnection, nothing),
  'connections.send': procedure(
    v.strictObject({ connectionId: id, message: OutgoingMessage }),
    SendOutcome,
  ),
  'connections.ping': procedure(
    v.strictObject({ connectionId: id, payload: bytes(1000) }),
    nothing,
  ),
  'connections.draft': procedure(byConnection, Draft),
  'connections.setDraft': procedure(v.strictObject({ connectionId: id, draft: Draft }), nothing),
  /** What was sent, latest first. */
  'connections.history': procedure(byConnection, v.array(HistoryEntry)),
  /** Sends a text now and then every `interval` ms; templates in it are filled in at each send. */
  'connections.startRepeat': procedure(
    v.strictObject({
      connectionId: id,
      opcode: DataOpcode,
      format: v.picklist(['text', 'json', 'hex', 'base64']),
      content: v.pipe(v.string(), v.maxLength(1024 * 1024)),
      interval: v.pipe(v.number(), v.minValue(1), v.maxValue(24 * 60 * 60 * 1000)),
      total: v.nullable(v.pipe(count, v.minValue(1))),
    }),
    nothing,
  ),
  'connections.stopRepeat': procedure(byConnection, nothing),
  'connections.latency': procedure(byConnection, LatencyStats),

  'servers.list': procedure(none, v.array(ServerState)),
  /** Makes a server that is stopped, with a port of its own; without a plan it echoes. */
  'servers.create': procedure(
    v.strictObject({ name: v.optional(serverName), config: v.optional(ServerConfig) }),
    ServerState,
  ),
  /** A new plan holds at once, its clients stay; all else of the config from the next start on. */
  'servers.update': procedure(
    v.strictObject({
      serverId: id,
      name: v.optional(serverName),
      autostart: v.optional(v.boolean()),
      config: v.optional(ServerConfig),
    }),
    ServerState,
  ),
  'servers.duplicate': procedure(byServer, ServerState),
  /** Stops it and lets go of its traffic. */
  'servers.remove': procedure(byServer, nothing),
  /** Brings back a server that was removed in this run, stopped. */
  'servers.restore': procedure(byServer, ServerState),
  /** Saves a file that brings the server to another machine. */
  'servers.export': procedure(byServer, SavedFile),
  /**
   * Adds the servers of such a file, stopped. What reaches beyond loopback or into folders, and starting
   * with the app, is left out; `leftOut` says in words what that was.
   */
  'servers.import': procedure(
    v.strictObject({ text: v.pipe(v.string(), v.maxLength(maxServerFile)) }),
    v.array(v.strictObject({ server: ServerState, leftOut: v.array(v.string()) })),
  ),
  'servers.start': procedure(byServer, ServerState),
  'servers.stop': procedure(byServer, nothing),
  'servers.clients': procedure(
    v.strictObject({ serverId: id, offset: count, limit: v.pipe(count, v.maxValue(500)) }),
    v.strictObject({ total: v.number(), clients: v.array(ServerClient) }),
  ),
  /** To the clients named, or to all. */
  'servers.send': procedure(
    v.strictObject({
      serverId: id,
      clientIds: v.nullable(clientIds),
      message: OutgoingMessage,
    }),
    v.strictObject({ sent: v.number() }),
  ),
  'servers.disconnectClients': procedure(
    v.strictObject({
      serverId: id,
      clientIds,
      code: v.optional(closeCode),
      reason: v.optional(closeReason),
    }),
    nothing,
  ),
  'servers.terminateClients': procedure(v.strictObject({ serverId: id, clientIds }), nothing),
  /** Faults of a client's own, before those of its route; they end with it. */
  'servers.clientFaults': procedure(v.strictObject({ serverId: id, clientId: count }), Faults),
  'servers.setClientFaults': procedure(
    v.strictObject({ serverId: id, clientIds, faults: Faults }),
    nothing,
  ),

  /** Folders that local servers may serve. */
  'folders.list': procedure(none, v.array(Folder)),
  /** Asks for one more; `null` when cancelled. */
  'folders.choose': procedure(none, v.nullable(Folder)),

  /** The CA that signs the certificates made for local servers; made when asked for the first time. */
  'certificates.authority': procedure(none, TestAuthority),
  /** Saves its certificate, so that it can be trusted. */
  'certificates.saveAuthority': procedure(none, SavedFile),
  'certificates.list': procedure(none, v.array(OwnCertificate)),
  /** PEM or PKCS #12 files that were handed over in chunks before. */
  'certificates.add': procedure(
    v.strictObject({
      name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200)),
      fileIds: v.pipe(v.array(id), v.minLength(1), v.maxLength(10)),
      passphrase: v.nullable(v.pipe(v.string(), v.maxLength(1000))),
    }),
    v.array(OwnCertificate),
  ),
  'certificates.remove': procedure(v.strictObject({ certificateId: id }), v.array(OwnCertificate)),
  /** Gives the passphrase of a certificate anew, where secrets last only for the run. */
  'certificates.unlock': procedure(
    v.strictObject({ certificateId: id, passphrase: v.pipe(v.string(), v.maxLength(1000)) }),
    v.array(OwnCertificate),
  ),

  'frames.openView': procedure(v.strictObject({ logId: id, filter: FrameFilter }), ViewState),
  'frames.setFilter': procedure(v.strictObject({ viewId: id, filter: FrameFilter }), ViewState),
  'frames.closeView': procedure(v.strictObject({ viewId: id }), nothing),
  'frames.page': procedure(
    v.strictObject({ viewId: id, start: count, count: v.pipe(count, v.maxValue(pageRows)) }),
    Page,
  ),
  /** The position in the view of the row with this id, or of the next one that matches. */
  'frames.locate': procedure(
    v.strictObject({ viewId: id, rowId: count }),
    v.strictObject({ position: v.number(), exact: v.boolean() }),
  ),
  'frames.detail': procedure(v.strictObject({ logId: id, rowId: count }), RowDetail),
  'frames.payload': procedure(
    v.strictObject({
      logId: id,
      rowId: count,
      offset: count,
      length: v.pipe(count, v.maxValue(chunkBytes)),
    }),
    v.strictObject({ bytes: v.instance(Uint8Array), size: v.number() }),
  ),
  /** Searches the view without hiding anything; an empty query ends the search. */
  'frames.setFind': procedure(v.strictObject({ viewId: id, query: filterQuery }), ViewState),
  /** The nearest row found after (or before) a position of the view, going round at the end. */
  'frames.findNext': procedure(
    v.strictObject({ viewId: id, position: v.nullable(count), backwards: v.boolean() }),
    v.nullable(
      v.strictObject({
        position: v.number(),
        rowId: v.number(),
        /** Which one it is of those found, from 0. */
        index: v.number(),
      }),
    ),
  ),
  /** Which of the rows at these positions the search found. */
  'frames.found': procedure(
    v.strictObject({ viewId: id, start: count, count: v.pipe(count, v.maxValue(pageRows)) }),
    v.array(v.boolean()),
  ),
  /** The position of the first row of the view at or after a time; `total` when there is none. */
  'frames.locateTime': procedure(
    v.strictObject({ viewId: id, time }),
    v.strictObject({ position: v.number() }),
  ),
  /** What rows of the view add up to; each range goes from its first to before its second position. */
  'frames.statistics': procedure(
    v.strictObject({
      viewId: id,
      ranges: v.pipe(v.array(v.tuple([count, count])), v.minLength(1), v.maxLength(10_000)),
    }),
    RangeStatistics,
  ),
  /** How the rows of the view lie in time; without a period, from its first to its last row. */
  'frames.timeline': procedure(
    v.strictObject({
      viewId: id,
      period: v.nullable(v.strictObject({ from: time, to: time })),
      parts: v.pipe(count, v.minValue(1), v.maxValue(timelineParts)),
    }),
    v.nullable(Timeline),
  ),
  /** Bookmarks a row with a note (which may be empty), or takes the bookmark away with `null`. */
  'frames.bookmark': procedure(
    v.strictObject({
      logId: id,
      rowId: count,
      note: v.nullable(v.pipe(v.string(), v.maxLength(10_000))),
    }),
    nothing,
  ),
  /** By row, oldest first. */
  'frames.bookmarks': procedure(v.strictObject({ logId: id }), v.array(Bookmark)),
  'frames.logState': procedure(v.strictObject({ logId: id }), LogState),
  /** Rows of the view as JSON Lines, for the clipboard; at most 10,000 rows and 64 MiB. */
  'frames.copy': procedure(
    v.strictObject({
      viewId: id,
      ranges: v.pipe(v.array(v.tuple([count, count])), v.minLength(1), v.maxLength(10_000)),
    }),
    v.strictObject({ text: v.string() }),
  ),
  /**
   * Writes rows into a file. `exportId` is chosen by the caller: `exports.progress` names it, and
   * `exports.cancel` ends it, with the outcome `cancelled`.
   */
  'frames.export': procedure(
    v.strictObject({
      exportId: id,
      viewId: id,
      scope: ExportScope,
      format: ExportFormat,
      redaction: Redaction,
    }),
    SavedFile,
  ),
  'exports.cancel': procedure(v.strictObject({ exportId: id }), nothing),
  'frames.savePayload': procedure(v.strictObject({ logId: id, rowId: count }), SavedFile),

  /** Decodes a payload step by step. The result is kept until it is closed. */
  'decode.open': procedure(
    v.strictObject({ logId: id, rowId: count, chain: DecodeChain }),
    DecodedInfo,
  ),
  'decode.read': procedure(
    v.strictObject({
      decodedId: id,
      offset: count,
      length: v.pipe(count, v.maxValue(chunkBytes)),
    }),
    v.strictObject({ bytes: v.instance(Uint8Array) }),
  ),
  'decode.close': procedure(v.strictObject({ decodedId: id }), nothing),
  /** Chains that fit the payload, best first; none for what can be read as it is. */
  'decode.suggest': procedure(
    v.strictObject({ logId: id, rowId: count }),
    v.strictObject({ chains: v.array(DecodeChain) }),
  ),
  'schemas.list': procedure(none, v.array(ProtoSchema)),
  /** Keeps a .proto file or descriptor set that was handed over in chunks. */
  'schemas.add': procedure(v.strictObject({ fileId: id }), ProtoSchema),
  'schemas.remove': procedure(v.strictObject({ schemaId: id }), nothing),

  'captures.list': procedure(none, v.array(Capture)),
  /** Keeps what a log holds now under a name; the log goes on. */
  'captures.save': procedure(v.strictObject({ logId: id, name: captureName }), Capture),
  /** Opens it as a log that is only read; opening it again returns the same log. */
  'captures.open': procedure(
    v.strictObject({ captureId: id }),
    v.strictObject({ logId: v.string() }),
  ),
  /** Lets go of an opened capture; its files stay. */
  'captures.close': procedure(v.strictObject({ captureId: id }), nothing),
  /** Also turns a `left` capture into a `saved` one. */
  'captures.rename': procedure(v.strictObject({ captureId: id, name: captureName }), Capture),
  'captures.delete': procedure(v.strictObject({ captureId: id }), nothing),
  /** Undoes a delete of the last half minute. */
  'captures.restore': procedure(v.strictObject({ captureId: id }), nothing),
  /**
   * Reads a HAR or JSON Lines file that was handed over in chunks, with the files that a HAR names
   * (Playwright puts messages into one of their own). `captures.importProgress` names the file, and
   * `captures.cancelImport` ends it, with `null`.
   */
  'captures.import': procedure(
    v.strictObject({
      fileId: id,
      attachments: v.optional(v.pipe(v.array(id), v.maxLength(10))),
    }),
    v.nullable(ImportResult),
  ),
  'captures.cancelImport': procedure(v.strictObject({ fileId: id }), nothing),

  /** Announces a file that follows in chunks; it is forgotten when the client goes away. */
  'files.create': procedure(
    v.strictObject({ name: v.pipe(v.string(), v.maxLength(1000)), size: count }),
    v.strictObject({ fileId: v.string() }),
  ),
  'files.append': procedure(
    v.strictObject({ fileId: id, offset: count, bytes: bytes(chunkBytes) }),
    nothing,
  ),
  'files.read': procedure(
    v.strictObject({ fileId: id, offset: count, length: v.pipe(count, v.maxValue(chunkBytes)) }),
    v.strictObject({ bytes: v.instance(Uint8Array) }),
  ),
  'files.release': procedure(v.strictObject({ fileId: id }), nothing),
} as const

/** Everything the engine tells the interface without being asked. */
export const events = {
  /** At once, then at most every 50 ms; only to the client that opened the view. */
  'frames.grew': v.strictObject({
    state: ViewState,
    /** The latest of the rows that are new or whose fate changed since the last event. */
    tail: v.nullable(Page),
    /** Positions from here up to the tail hold rows whose fate changed; absent when none do. */
    changedFrom: v.optional(v.number()),
  }),
  /** To the client that exports; at most every 100 ms. */
  'exports.progress': v.strictObject({
    exportId: v.string(),
    /** Rows written so far. */
    rows: v.number(),
    /** Rows to be written; `null` while it is not known. */
    total: v.nullable(v.number()),
    bytes: v.number(),
  }),
  /** To the client that imports: rows read so far; at most every 100 ms. */
  'captures.importProgress': v.strictObject({ fileId: v.string(), rows: v.number() }),
  /** A log began to fail, to wait, or to work again; also while a capture is being indexed. */
  'frames.logChanged': LogState,
  'frames.bookmarksChanged': v.strictObject({ logId: v.string(), bookmarks: v.array(Bookmark) }),
  'captures.changed': v.array(Capture),
  'schemas.changed': v.array(ProtoSchema),
  'connections.changed': Connection,
  'connections.removed': v.strictObject({ connectionId: v.string() }),
  'latency.changed': v.strictObject({ connectionId: v.string(), stats: LatencyStats }),
  'servers.changed': ServerState,
  'servers.removed': v.strictObject({ serverId: v.string() }),
  /** The list of clients or their counters changed; fetch what is on screen again. */
  'servers.clientsChanged': v.strictObject({ serverId: v.string(), total: v.number() }),
  'profiles.changed': v.array(Profile),
  'settings.changed': Settings,
  'notices.changed': v.array(Notice),
  /** A native menu item was chosen. */
  'menu.chosen': v.strictObject({ command: v.string() }),
} as const

export type ProcedureName = keyof typeof procedures
export type Input<Name extends ProcedureName> = v.InferOutput<(typeof procedures)[Name]['input']>
export type Output<Name extends ProcedureName> = v.InferOutput<(typeof procedures)[Name]['output']>
export type EventName = keyof typeof events
export type EventPayload<Name extends EventName> = v.InferOutput<(typeof events)[Name]>

/** Who is calling: one window or one page. */
export interface CallContext {
  readonly clientId: string
}

/** One function for every procedure; a missing one does not compile. */
export type Handlers = {
  readonly [Name in ProcedureName]: (
    input: Input<Name>,
    context: CallContext,
  ) => Output<Name> | Promise<Output<Name>>
}
