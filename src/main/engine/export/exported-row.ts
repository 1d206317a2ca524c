import type { Row, SessionInfo } from '@shared/model/frame'
import { packedFrameBytes, type FrameSequence } from '@shared/model/packed-frames'
import type { RowMeta } from '../frame-log/frame-log'
import { partsOfRecord } from '../frame-log/row-of-record'
import type { ExportRows, ExportSource } from './export-rows'
import type { Pace } from '../pace'
import { RecordReader } from './record-reader'

/** A row with everything an export can write of it. */
export interface ExportedRow {
  readonly row: Row
  readonly session: SessionInfo
  /** The inflated, unmasked payload, or the UTF-8 text of an event. */
  readonly payload: Uint8Array
  /** The frames it came in, at most `listedFrames`; none for events and for what was never sent. */
  readonly frames: FrameSequence
  /** Of a frame that broke a rule: its first 4 KiB as they were on the wire. */
  readonly raw: Uint8Array | null
}

/** Rows and payload bytes that are read together. */
const batchRows = 256
const batchBytes = 1024 * 1024

/**
 * Reads rows in batches, in their order. Those that are evicted before their turn are left out; each
 * batch says how many it should have had.
 */
export async function* readRows(
  log: ExportSource,
  rows: ExportRows,
  pace: Pace,
): AsyncGenerator<{ readonly asked: number; readonly rows: readonly ExportedRow[] }, void> {
  const records = new RecordReader(log)
  try {
    for (let index = 0; index < rows.count;) {
      const ids: number[] = []
      const start = index
      for (let bytes = 0; index < rows.count && ids.length < batchRows; index += 1) {
        const id = rows.idAt(index)
        if (pace.due) await pace.rest()
        const meta = id === undefined ? undefined : log.meta(id)
        if (!meta) continue
        bytes += meta.size + mostFrameBytes(meta)
        if (ids.length > 0 && bytes > batchBytes) break
        ids.push(meta.id)
      }
      yield { asked: index - start, rows: await readBatch(log, records, ids, pace) }
    }
  } finally {
    await records.close()
  }
}

/** One row; `undefined` when it is not held. */
export async function readRow(
  log: ExportSource,
  id: number,
  pace: Pace,
): Promise<ExportedRow | undefined> {
  const records = new RecordReader(log)
  try {
    return (await readBatch(log, records, [id], pace))[0]
  } finally {
    await records.close()
  }
}

/** Bytes that the frames of a message may take besides its payload: the shortest has two. */
function mostFrameBytes({ size, wireSize }: RowMeta): number {
  return (Math.max(0, wireSize - size) / 2) * packedFrameBytes
}

async function readBatch(
  log: ExportSource,
  records: RecordReader,
  ids: readonly number[],
  pace: Pace,
): Promise<ExportedRow[]> {
  const read: ExportedRow[] = []
  for (const row of await log.read(ids)) {
    const record = await records.find(row.id)
    if (pace.due) await pace.rest()
    if (!record) continue
    read.push({
      row,
      session: log.session(row.session),
      payload: record.payload,
      ...partsOfRecord(record),
    })
  }
  return read
}
