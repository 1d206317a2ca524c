import type { Row, SessionInfo } from '../../src/shared/model/frame'
import type { ExportSource } from '../../src/main/engine/export/export-rows'
import type { NewRow, RowExtent, RowMeta } from '../../src/main/engine/frame-log/frame-log'
import {
  flagsOf,
  RecordedRow,
  rowRecordBytes,
  writeRow,
} from '../../src/main/engine/frame-log/record'
import { encodeSections } from '../../src/main/engine/frame-log/record-sections'
import { rowOfRecord } from '../../src/main/engine/frame-log/row-of-record'

const utf8 = new TextEncoder()

/** What an export needs of a log: rows as real records, none evicted unless the test says so. */
export class ListedRows implements ExportSource {
  firstId = 0
  /** Rows of one extent, whatever is asked for. */
  extentRows = 1000
  readonly sessions = new Map<number, SessionInfo>()
  readonly #records: Uint8Array<ArrayBuffer>[] = []
  readonly #rows: Row[] = []

  get total(): number {
    return this.#rows.length
  }

  open(session: Partial<SessionInfo> = {}): number {
    const number = session.number ?? this.sessions.size + 1
    this.sessions.set(number, {
      role: 'client',
      url: 'ws://127.0.0.1:8765/chat',
      peer: '127.0.0.1:8765',
      local: '127.0.0.1:50312',
      ...session,
      number,
    })
    return number
  }

  add(row: NewRow, note: string | null = null): number {
    const sections = encodeSections(row)
    const length = rowRecordBytes(sections.byteLength, row.payload.byteLength)
    const bytes = new Uint8Array(length)
    writeRow(bytes, new DataView(bytes.buffer), 0, length, row, flagsOf(row), sections)
    const record = new RecordedRow()
    record.load(bytes)
    record.moveTo(0)
    this.#rows.push(rowOfRecord(record, this.#rows.length, row.fate, note))
    this.#records.push(bytes)
    return this.#rows.length - 1
  }

  meta(id: number): RowMeta | undefined {
    return id < this.firstId ? undefined : this.#rows[id]
  }

  session(number: number): SessionInfo {
    const unknown = { number, role: 'client', url: '', peer: '', local: '' } as const
    return this.sessions.get(number) ?? unknown
  }

  async read(ids: readonly number[]): Promise<Row[]> {
    return ids.flatMap((id) => (id < this.firstId ? [] : (this.#rows[id] ?? [])))
  }

  extent(fromId: number): RowExtent | undefined {
    const firstId = Math.max(fromId, this.firstId)
    const records = this.#records.slice(firstId, firstId + this.extentRows)
    if (records.length === 0) return undefined
    const bytes = new Uint8Array(Buffer.concat(records))
    return { firstId, endId: firstId + records.length, source: { bytes } }
  }
}

/** A row as a session hands it over; a text message that came in unless the test says otherwise. */
export function newRow(
  row: Partial<Omit<NewRow, 'payload'>> & { payload?: string | Uint8Array },
): NewRow {
  const { payload = '', ...rest } = row
  const bytes = typeof payload === 'string' ? utf8.encode(payload) : payload
  const kind = row.kind ?? 'text'
  const direction = row.direction ?? 'in'
  const isEvent = direction === 'none'
  const opcode = { text: 1, binary: 2, close: 8, ping: 9, pong: 10, open: 0, error: 0, note: 0 }[
    kind
  ]
  const mask = direction === 'out' ? 0x80 : 0
  const short = bytes.byteLength < 126 ? bytes.byteLength : bytes.byteLength < 65_536 ? 126 : 127
  const headerLength = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (mask ? 4 : 0)
  return {
    session: 1,
    time: 1_795_000_000_000,
    direction,
    kind,
    payload: bytes,
    wireSize: isEvent ? 0 : headerLength + bytes.byteLength,
    fragments: isEvent ? 0 : 1,
    header: isEvent ? 0 : 0x8000 | (opcode << 8) | mask | short,
    maskingKey: mask ? 0x1234_5678 : 0,
    frames: null,
    raw: null,
    fate: direction === 'out' ? 'written' : null,
    rtt: null,
    broken: null,
    ...rest,
  }
}

/** Both heads of an opening handshake, as an `open` row holds them. */
export function headsOf(
  options: { target?: string; request?: string; response?: string } = {},
): string {
  const { target = '/chat', request = '', response = '' } = options
  return [
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n`,
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${request}\r\n`,
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`,
    `Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n${response}\r\n`,
  ].join('')
}

/** Everything an async iterable of bytes gives, as one. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
