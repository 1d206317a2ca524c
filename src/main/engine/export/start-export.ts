import { AppError } from '@shared/errors'
import type { ExportFormat, Redaction } from '@shared/model/export'
import { CsvFormat } from './csv'
import { readRows, type ExportedRow } from './exported-row'
import type { ExportRows, ExportSource } from './export-rows'
import { HarFormat } from './har'
import { JsonLinesFormat } from './json-lines'
import { OpenRows } from './open-rows'
import { Pace } from '../pace'
import { PayloadsFormat } from './payloads'
import { PcapngFormat } from './pcapng/pcapng'
import { PieceBuffer } from './piece-buffer'
import { Redactor } from './redaction'
import type { Piece, RowFormat } from './row-format'
import { bySession } from './session-order'

/** What an export writes and whom it tells. */
export interface ExportOptions {
  readonly log: ExportSource
  readonly rows: ExportRows
  readonly format: ExportFormat
  readonly redaction: Redaction
  /** Ends it: the next chunk asked for fails with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called at most every 100 ms, and once at the end. */
  readonly onProgress?: (progress: ExportProgress) => void
}

/** How far an export has come. */
export interface ExportProgress {
  readonly rows: number
  readonly total: number
  readonly bytes: number
}

/** Least time between two reports of progress, in milliseconds. */
const progressInterval = 100

/**
 * Writes rows as one file, in chunks of about 256 KiB, without holding up the event loop and without
 * holding more than a few rows. Rows that are evicted before their turn are left out.
 * @throws {AppError} INVALID_INPUT when the redaction has a path that cannot be read; EVICTED when
 * there were rows and none of them is held any more.
 */
export function startExport(options: ExportOptions): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  return new RowExport(options).chunks()
}

/** The rows with a format of one's own, without reports; see {@link startExport}. */
export function writeRows(
  log: ExportSource,
  rows: ExportRows,
  format: RowFormat,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  return new RowExport({ log, rows, format, redaction: null }).chunks()
}

/** The extension of the file that an export becomes. */
export async function exportExtension(
  format: ExportFormat,
  log: ExportSource,
  rows: ExportRows,
): Promise<string> {
  if (format.name !== 'payloads') return format.name
  const pace = new Pace()
  for (let index = 0; index < rows.count; index += 1) {
    const id = rows.idAt(index)
    if (id !== undefined && log.meta(id)?.kind === 'binary') return 'bin'
    if (pace.due) await pace.rest()
  }
  return 'txt'
}

function formatOf(format: ExportFormat): RowFormat {
  switch (format.name) {
    case 'jsonl':
      return new JsonLinesFormat()
    case 'har':
      return new HarFormat(format.mode)
    case 'csv':
      return new CsvFormat()
    case 'pcapng':
      return new PcapngFormat(format.mode)
    case 'payloads':
      return new PayloadsFormat()
  }
}

interface RowExportOptions extends Omit<ExportOptions, 'format' | 'redaction'> {
  readonly format: ExportFormat | RowFormat
  readonly redaction: Redaction | null
}

class RowExport {
  readonly #options: RowExportOptions
  readonly #format: RowFormat
  readonly #redactor: Redactor | null
  readonly #buffer = new PieceBuffer()
  readonly #openRows: OpenRows
  #pace = new Pace()
  #done = 0
  #written = 0
  #bytes = 0
  #reportAt = 0

  constructor(options: RowExportOptions) {
    this.#options = options
    this.#format = 'name' in options.format ? formatOf(options.format) : options.format
    this.#redactor = options.redaction && new Redactor(options.redaction)
    this.#openRows = new OpenRows(options.log)
  }

  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    const { log, rows, signal } = this.#options
    // The time until the first chunk is asked for is not of this turn.
    this.#pace = new Pace()
    signal?.throwIfAborted()
    const ordered = this.#format.bySession ? await bySession(log, rows, this.#pace) : rows
    yield* this.#pieces(this.#format.begin())
    for await (const batch of readRows(log, ordered, this.#pace)) {
      for (const row of batch.rows) {
        const handshake = this.#format.handshakes ? await this.#handshakeOf(row) : undefined
        if (handshake) yield* this.#row(handshake, true)
        yield* this.#row(row, false)
        this.#done += 1
        this.#written += 1
      }
      this.#done += batch.asked - batch.rows.length
      this.#report()
    }
    yield* this.#pieces(this.#format.end())
    if (this.#buffer.size > 0) yield this.#take()
    if (this.#written === 0 && rows.count > 0)
      throw new AppError('EVICTED', 'None of these rows is held any more. Nothing was exported.')
    this.#report(true)
  }

  /** The opening handshake of a session whose first row this is, unless it is that. */
  async #handshakeOf({ row }: ExportedRow): Promise<ExportedRow | undefined> {
    return this.#openRows.before(row, this.#pace)
  }

  async *#row(row: ExportedRow, added: boolean): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    let hidden = row
    if (this.#redactor) {
      const steps = this.#redactor.redact(row)
      for (;;) {
        const step = steps.next()
        if (this.#pace.due) await this.#rest()
        if (!step.done) continue
        hidden = step.value
        break
      }
    }
    yield* this.#pieces(this.#format.row(hidden, added))
  }

  async *#pieces(pieces: Iterable<Piece>): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    for (const piece of pieces) {
      this.#buffer.add(piece)
      while (this.#buffer.isFull) yield this.#take()
      if (this.#pace.due) await this.#rest()
    }
  }

  #take(): Uint8Array<ArrayBuffer> {
    this.#options.signal?.throwIfAborted()
    const chunk = this.#buffer.take()
    this.#bytes += chunk.byteLength
    this.#report()
    return chunk
  }

  async #rest(): Promise<void> {
    await this.#pace.rest()
    this.#options.signal?.throwIfAborted()
  }

  #report(isLast = false): void {
    const { onProgress, rows } = this.#options
    const now = performance.now()
    if (!onProgress || (now < this.#reportAt && !isLast)) return
    this.#reportAt = now + progressInterval
    const bytes = this.#bytes + this.#buffer.size
    onProgress({ rows: this.#done, total: rows.count, bytes })
  }
}
