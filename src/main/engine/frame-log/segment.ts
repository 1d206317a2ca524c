import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'

/** Version of the segment files; docs/capture-format.md describes it. */
export const formatVersion = 1

/** Bytes in front of a segment's records. */
export const segmentHeaderBytes = 32

/** Ids beyond this are of no log: a million rows a second reach it after nine years. */
const mostRows = 2 ** 48

const magic = Buffer.from('FSROWS\r\n', 'latin1')
const fileName = /^(\d{8})\.rows$/

/**
 * Consecutive rows that share one file. Places count from the start of the segment; once a part in
 * front of it was lost before it could be written, they differ from those in the file by `origin`.
 */
export class Segment {
  readonly number: number
  readonly path: string | null
  firstId: number
  /** The id after its last row. */
  endId: number
  /** The place after its last record. */
  end = segmentHeaderBytes
  /** Bytes of its records and the header. */
  bytes = segmentHeaderBytes
  /** What the file starts with; `null` until writing begins. */
  prefix: Uint8Array | null = null
  /** Bytes in the file. */
  fileBytes = 0
  /** Place of what is the file's first byte. */
  origin = 0
  /** It was let go of while it was perhaps being written. */
  gone = false

  constructor(number: number, firstId: number, folder: string | null) {
    this.number = number
    this.firstId = firstId
    this.endId = firstId
    this.path = folder === null ? null : join(folder, segmentName(number))
  }

  /** The place up to which the file holds it. */
  get written(): number {
    return this.fileBytes + this.origin
  }
}

/** The file name of a segment. */
export function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.rows`
}

/** @returns `null` when the file is not named like a segment. */
export function segmentNumber(path: string): number | null {
  const digits = fileName.exec(basename(path))?.[1]
  return digits === undefined ? null : Number(digits)
}

export function encodeSegmentHeader(firstId: number): Buffer {
  const bytes = Buffer.alloc(segmentHeaderBytes)
  bytes.set(magic)
  bytes.writeUInt32LE(formatVersion, 8)
  bytes.writeUInt32LE(segmentHeaderBytes, 12)
  bytes.writeDoubleLE(firstId, 16)
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 28)), 28)
  return bytes
}

/** What the first bytes of a segment file turned out to be. */
export type SegmentHeader =
  | { readonly outcome: 'whole'; readonly firstId: number }
  | { readonly outcome: 'newer'; readonly version: number }
  | { readonly outcome: 'broken' }

export function decodeSegmentHeader(source: Uint8Array): SegmentHeader {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  if (bytes.length < segmentHeaderBytes || !bytes.subarray(0, magic.length).equals(magic))
    return { outcome: 'broken' }
  if (crc32(bytes.subarray(0, 28)) !== bytes.readUInt32LE(28)) return { outcome: 'broken' }
  const version = bytes.readUInt32LE(8)
  if (version > formatVersion) return { outcome: 'newer', version }
  const firstId = bytes.readDoubleLE(16)
  if (!Number.isSafeInteger(firstId) || firstId < 0 || firstId > mostRows)
    return { outcome: 'broken' }
  return { outcome: 'whole', firstId }
}
