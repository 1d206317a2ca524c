import type { Row } from '@shared/model/frame'
import { readRow, type ExportedRow } from './exported-row'
import type { ExportSource } from './export-rows'
import type { Pace } from '../pace'

/** Finds the opening handshakes of sessions whose rows are exported without them. */
export class OpenRows {
  readonly #log: ExportSource
  readonly #met = new Set<number>()
  /** Ids of the rows with a handshake, by session. */
  readonly #ids = new Map<number, number>()
  #scanned: number

  constructor(log: ExportSource) {
    this.#log = log
    this.#scanned = log.firstId
  }

  /**
   * The handshake of a session when this row is the first one asked about and is not it; `undefined`
   * otherwise, and when it is not held.
   */
  async before(row: Row, pace: Pace): Promise<ExportedRow | undefined> {
    if (this.#met.has(row.session)) return undefined
    this.#met.add(row.session)
    if (row.kind === 'open') return undefined
    for (; this.#scanned < row.id; this.#scanned += 1) {
      const meta = this.#log.meta(this.#scanned)
      if (meta?.kind === 'open') this.#ids.set(meta.session, meta.id)
      if (pace.due) await pace.rest()
    }
    const id = this.#ids.get(row.session)
    return id === undefined || id >= row.id ? undefined : readRow(this.#log, id, pace)
  }
}
