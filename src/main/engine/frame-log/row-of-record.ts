import type { Fate, Frame, Row } from '@shared/model/frame'
import { PackedFrames, type FrameSequence } from '@shared/model/packed-frames'
import { headerBytes, headerLengthOf } from '../wire/frame-header'
import type { RecordedRow } from './record'
import { decodeSections } from './record-sections'
import { previewOf } from './row-preview'

/**
 * The row that a record describes.
 * @param record of which the end may be missing, as long as what a row shows is there.
 * @param fate what became of it since, which the record may not say.
 */
export function rowOfRecord(
  record: RecordedRow,
  id: number,
  fate: Fate | null,
  note: string | null,
): Row {
  const { kind, size } = record
  const sections = record.sectionBytes === 0 ? null : decodeSections(record.sections)
  return {
    id,
    session: record.session,
    time: record.time,
    direction: record.direction,
    kind,
    size,
    wireSize: record.wireSize,
    fragments: record.fragments,
    compressed: record.compressed,
    fate,
    rtt: sections === null ? null : sections.rtt,
    broken: sections === null ? null : sections.broken,
    note,
    ...previewOf(kind, record.payload, size),
  }
}

/** What only the inspector needs of a record whose sections are there, as copies. */
export function partsOfRecord(record: RecordedRow): {
  readonly frames: FrameSequence
  readonly raw: Uint8Array | null
} {
  const { raw, frames } = decodeSections(record.sections)
  if (!frames) return { raw, frames: onlyFrame(record, raw) }
  return { raw, frames: new PackedFrames(new Uint8Array(frames.bytes)) }
}

/** The frame of a message that came in one. */
function onlyFrame(record: RecordedRow, raw: Uint8Array | null): Frame[] {
  if (record.fragments !== 1) return []
  const length = headerLengthOf(record.header & 0xff)
  const payloadLength = Math.max(0, record.wireSize - length)
  // Bytes that broke a rule may announce another length than was received.
  const header =
    raw && raw.byteLength >= length
      ? raw.slice(0, length)
      : headerBytes(record.header, payloadLength, record.maskingKey)
  return [{ header, payloadLength, time: record.time }]
}
