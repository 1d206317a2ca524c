import { listedFrames, type BrokenRule } from '@shared/model/frame'
import { packedFrameBytes, PackedFrames, type FrameSequence } from '@shared/model/packed-frames'
import type { NewRow } from './frame-log'
import { sectionHeadBytes, sectionTypes } from './record-format'

/** What few rows have and a record keeps in sections. */
export interface RowSections {
  readonly rtt: number | null
  readonly broken: BrokenRule | null
  readonly raw: Uint8Array | null
  /** `null` when the row has no list of frames. */
  readonly frames: FrameSequence | null
}

/** The sections of a row as bytes, the short ones first; empty for most rows. */
export function encodeSections(row: Pick<NewRow, keyof RowSections>): Uint8Array {
  const sections: Uint8Array[] = []
  if (row.rtt !== null) sections.push(section(sectionTypes.rtt, numberBytes(row.rtt)))
  if (row.broken !== null)
    sections.push(section(sectionTypes.broken, Buffer.from(JSON.stringify(row.broken))))
  if (row.raw !== null) sections.push(section(sectionTypes.raw, row.raw))
  if (row.frames !== null) sections.push(section(sectionTypes.frames, frameBytes(row.frames)))
  return Buffer.concat(sections)
}

function section(type: number, content: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(sectionHeadBytes + Math.ceil(content.byteLength / 4) * 4)
  bytes.writeUInt16LE(type, 0)
  bytes.writeUInt32LE(content.byteLength, 4)
  bytes.set(content, sectionHeadBytes)
  return bytes
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}

function frameBytes(frames: FrameSequence): Uint8Array {
  return PackedFrames.from(frames).bytes.subarray(0, listedFrames * packedFrameBytes)
}

/** Reads sections as far as they are whole; raw bytes are a copy, frames are read where they lie. */
export function decodeSections(source: Uint8Array): RowSections & { frames: PackedFrames | null } {
  let rtt: number | null = null
  let broken: BrokenRule | null = null
  let raw: Uint8Array | null = null
  let frames: PackedFrames | null = null
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  for (let at = 0; at + sectionHeadBytes <= bytes.length;) {
    const start = at + sectionHeadBytes
    const end = start + bytes.readUInt32LE(at + 4)
    if (end > bytes.length) break
    const content = bytes.subarray(start, end)
    switch (bytes.readUInt16LE(at)) {
      case sectionTypes.rtt:
        if (content.length === 8) rtt = content.readDoubleLE()
        break
      case sectionTypes.broken:
        broken = decodeBroken(content)
        break
      case sectionTypes.raw:
        raw = new Uint8Array(content)
        break
      case sectionTypes.frames:
        frames = new PackedFrames(content)
        break
    }
    at = start + Math.ceil(content.length / 4) * 4
  }
  return { rtt, broken, raw, frames }
}

function decodeBroken(content: Buffer): BrokenRule | null {
  try {
    const value: unknown = JSON.parse(content.toString())
    const { rule, section: of } = value as Partial<BrokenRule>
    return typeof rule === 'string' && typeof of === 'string' ? { rule, section: of } : null
  } catch {
    return null
  }
}
