import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { previousOf, writeAtOnce, writeDurably } from '../../files/durable-file'
import { systemCode } from '../../files/file-failure'

const fileName = 'capture.json'
const schemaVersion = 1

/** What a capture's folder says of it. */
export const CaptureDocument = v.object({
  /** `live`: written by a process that has not closed it. The others as in `Capture`. */
  state: v.picklist(['live', 'saved', 'left']),
  name: v.string(),
  origin: v.string(),
  recovered: v.boolean(),
  savedAt: v.number(),
  rows: v.nullable(v.number()),
  from: v.nullable(v.number()),
  to: v.nullable(v.number()),
})
export type CaptureDocument = v.InferOutput<typeof CaptureDocument>

const Envelope = v.object({ schemaVersion: v.number(), data: v.unknown() })

/** What a folder's document turned out to be. */
export type ReadDocument =
  | { readonly outcome: 'whole'; readonly document: CaptureDocument }
  | { readonly outcome: 'newer'; readonly version: number }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'broken' }

/** Reads the document of a folder; where it is broken, the one before it. Never throws. */
export async function readCaptureDocument(folder: string): Promise<ReadDocument> {
  const path = join(folder, fileName)
  const read = await readOne(path)
  if (read.outcome !== 'broken') return read
  const previous = await readOne(previousOf(path))
  return previous.outcome === 'missing' ? read : previous
}

async function readOne(path: string): Promise<ReadDocument> {
  try {
    const { schemaVersion: version, data } = v.parse(
      Envelope,
      JSON.parse(await readFile(path, 'utf8')),
    )
    if (version > schemaVersion) return { outcome: 'newer', version }
    return { outcome: 'whole', document: v.parse(CaptureDocument, data) }
  } catch (error) {
    return { outcome: systemCode(error) === 'ENOENT' ? 'missing' : 'broken' }
  }
}

/** @throws {AppError} STORAGE_UNWRITABLE. */
export function writeCaptureDocument(folder: string, data: CaptureDocument): Promise<void> {
  const text = `${JSON.stringify({ schemaVersion, data }, null, 2)}\n`
  // Waiting for the disk would hold up the rows that come in, for a document that is soon replaced.
  const write = data.state === 'live' ? writeAtOnce : writeDurably
  return write(join(folder, fileName), text)
}
