import type { FrameLog, RowMeta } from '../../src/main/engine/frame-log/frame-log'

/**
 * What positions, statistics and the timeline need of a log: a list of rows without payloads, whose
 * oldest rows go when the test says so.
 */
export class ListedLog {
  readonly rows: RowMeta[] = []
  readonly bookmarks = new Map<number, string>()
  firstId = 0

  /** As the engine takes it; anything that is not listed here is missing. */
  get log(): FrameLog {
    return this as unknown as FrameLog
  }

  get total(): number {
    return this.rows.length
  }

  add(time: number, row: Partial<RowMeta> = {}): void {
    this.rows.push({
      id: this.rows.length,
      session: 1,
      time,
      direction: 'in',
      kind: 'text',
      size: 5,
      wireSize: 7,
      ...row,
    })
  }

  meta(id: number): RowMeta | undefined {
    return id < this.firstId ? undefined : this.rows[id]
  }

  time(id: number): number {
    return this.meta(id)?.time ?? Number.NaN
  }

  firstAtOrAfter(time: number): number {
    const found = this.rows.findIndex((row) => row.id >= this.firstId && row.time >= time)
    return found < 0 ? this.total : found
  }
}
