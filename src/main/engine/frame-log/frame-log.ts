import type { BrokenRule, Direction, Fate, Row, RowKind, SessionInfo } from '@shared/model/frame'
import type { LogState } from '@shared/model/capture'
import type { FrameSequence } from '@shared/model/packed-frames'

/** What a session hands over for one row; the log gives it its id. */
export interface NewRow {
  /** Session number within the log, from 1; see {@link FrameLog.openSession}. */
  readonly session: number
  /** Wall clock in milliseconds since the epoch, microseconds as the fraction. */
  readonly time: number
  readonly direction: Direction
  readonly kind: RowKind
  /** The inflated, unmasked payload, or the UTF-8 text of an event. Copied once by the log. */
  readonly payload: Uint8Array
  /** Bytes on the wire, all frames and their headers; 0 for events. */
  readonly wireSize: number
  /** Frames the message came in; 0 for events. */
  readonly fragments: number
  /** First two bytes of the first frame's header (RFC 6455 section 5.2), big-endian; 0 for events. */
  readonly header: number
  /** The first frame's masking key, big-endian; meaningless without the mask bit. */
  readonly maskingKey: number
  /**
   * Of a message in several frames, each of them; `null` when there is one, whose header follows
   * from `header`, `maskingKey` and `wireSize`. At most `listedFrames` are kept.
   */
  readonly frames: FrameSequence | null
  /** Of a frame that broke a rule: its first 4 KiB as they were on the wire. */
  readonly raw: Uint8Array | null
  readonly fate: Fate | null
  /** Pong rows that answer a ping: its round-trip time in milliseconds. */
  readonly rtt: number | null
  readonly broken: BrokenRule | null
}

/** What a row has besides its {@link Row}. */
export interface RowParts {
  readonly row: Row
  readonly frames: FrameSequence
  readonly raw: Uint8Array | null
}

/**
 * Everything that happened on the sessions of one endpoint, append-only. A row's metadata is at hand
 * at any time; its payload is in memory for the rows appended last and on disk for the rest.
 */
export interface FrameLog {
  readonly id: string
  /** Rows ever appended; the next row's id. */
  readonly total: number
  /** The oldest row still held, which is also how many were evicted. */
  readonly firstId: number
  /** Bytes held, records and their headers. */
  readonly bytes: number
  /** Bytes it may hold before its oldest segment is evicted. */
  budget: number
  readonly state: LogState

  /** Starts a session and returns its number, from 1. */
  openSession(session: Omit<SessionInfo, 'number'>): number
  /** Adds what became known of a session. */
  updateSession(number: number, change: Partial<Omit<SessionInfo, 'number'>>): void
  session(number: number): SessionInfo

  /** @returns the row's id. Never waits and never throws: it evicts, or says in `state` what fails. */
  append(row: NewRow): number
  /** Does nothing when the row was evicted meanwhile. */
  setFate(id: number, fate: Fate): void

  /** Metadata of one row, without its payload: cheap, from memory. `undefined` when not held. */
  meta(id: number): RowMeta | undefined
  /** Time of a row held, in milliseconds since the epoch; `NaN` when it is not held. */
  time(id: number): number
  /** The first row held whose time is not before `time` (times are taken to ascend); `total` if none. */
  firstAtOrAfter(time: number): number

  /** The row when its payload's start is in memory, `undefined` otherwise: what was appended last. */
  row(id: number): Row | undefined
  /** The rows of these ids in their order, wherever they lie; those not held are left out. */
  read(ids: readonly number[]): Promise<Row[]>
  /** @returns `undefined` when the row is not held. */
  parts(id: number): Promise<RowParts | undefined>
  /** A part of the payload, as a copy. `undefined` when the row is not held. */
  payload(
    id: number,
    offset?: number,
    length?: number,
  ): Promise<Uint8Array<ArrayBuffer> | undefined>
  /**
   * Consecutive rows as records, for whoever looks at many payloads: from `fromId` (or the first row
   * held after it) on, at most about `maxBytes` (but at least one row). `undefined` when there is no
   * such row yet.
   */
  extent(fromId: number, maxBytes: number): RowExtent | undefined

  /** Bookmarks by row id; the note may be empty. */
  readonly bookmarks: ReadonlyMap<number, string>
  setBookmark(id: number, note: string | null): void

  /**
   * Called at every change (append, fate, eviction, bookmark); the listener must be cheap.
   * `changedId` is the row whose fate or bookmark changed, absent for everything else. Returns the
   * function that stops it.
   */
  onChange(listener: (changedId?: number) => void): () => void
  /** Called when `state.storage`, `problem` or `lost` changed. Returns the function that stops it. */
  onStateChange(listener: () => void): () => void
  /**
   * Called with `true` when more is waiting to be written than may wait, with `false` when it has
   * been written: sessions stop reading meanwhile. Returns the function that stops it.
   */
  onPressure(listener: (held: boolean) => void): () => void
  /** Writes what is waiting, closes the files and lets go of everything in memory. */
  dispose(): Promise<void>
}

/** What is known of a row without its payload. */
export interface RowMeta {
  readonly id: number
  readonly session: number
  /** Milliseconds since the epoch. */
  readonly time: number
  readonly direction: Direction
  readonly kind: RowKind
  readonly size: number
  readonly wireSize: number
}

/** Consecutive rows as records; docs/capture-format.md tells what a record is. */
export interface RowExtent {
  readonly firstId: number
  readonly endId: number
  /** The records themselves, as a copy, or where in a segment file they lie. */
  readonly source:
    | { readonly bytes: Uint8Array<ArrayBuffer> }
    | { readonly path: string; readonly start: number; readonly end: number }
}
