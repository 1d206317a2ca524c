import { copyFile, link, mkdir, readdir, stat, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Capture } from '@shared/model/capture'
import { causeInWords, systemCode } from '../../files/file-failure'
import { formatVersion } from '../frame-log/segment'
import { findSegments } from '../frame-log/segment-loader'
import type { WrittenFile } from '../frame-log/log-snapshot'
import { readCaptureDocument, writeCaptureDocument, type CaptureDocument } from './capture-document'

const unnamed = 'Recovered capture'

/** What a folder holds when nobody writes to it. */
export interface FoundCapture {
  readonly capture: Capture
  /** `null` when the folder is not to be touched. */
  readonly document: CaptureDocument | null
}

/**
 * Looks at a folder that no process writes to. What was left behind by one that was killed becomes a
 * capture that was left.
 * @returns `null` when it holds no rows.
 */
export async function inspectCapture(folder: string, now: number): Promise<FoundCapture | null> {
  const id = basename(folder)
  try {
    const read = await readCaptureDocument(folder)
    const bytes = await folderBytes(folder)
    if (read.outcome === 'newer') return untouchable(id, bytes, now, newerProblem(read.version))
    const { files, newer, broken } = await findSegments(folder)
    if (newer !== null) return untouchable(id, bytes, now, newerProblem(newer))
    if (files.length === 0)
      return broken === 0 ? null : untouchable(id, bytes, now, 'None of its files can be read.')
    const document = await settled(folder, read.outcome === 'whole' ? read.document : null, now)
    return { capture: captureOf(id, document, bytes), document }
  } catch (error) {
    return untouchable(id, 0, now, `Its folder cannot be read: ${causeInWords(error)}.`)
  }
}

async function settled(
  folder: string,
  known: CaptureDocument | null,
  now: number,
): Promise<CaptureDocument> {
  if (known && known.state !== 'live') return known
  const document: CaptureDocument = {
    ...(known ?? { name: unnamed, origin: unnamed, rows: null, from: null, to: null }),
    state: 'left',
    recovered: true,
    savedAt: await lastWritten(folder, now),
  }
  // It is recovered again when it cannot be written.
  await writeCaptureDocument(folder, document).catch(() => undefined)
  return document
}

async function lastWritten(folder: string, now: number): Promise<number> {
  const times = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).mtimeMs),
  )
  return Math.min(now, Math.max(...times))
}

/** The model of a capture. */
export function captureOf(id: string, document: CaptureDocument, bytes: number): Capture {
  const { state, name, recovered, origin, from, to, rows, savedAt } = document
  const kind = state === 'saved' ? 'saved' : 'left'
  return { id, name, kind, recovered, origin, from, to, rows, bytes, savedAt, problem: null }
}

function untouchable(id: string, bytes: number, now: number, problem: string): FoundCapture {
  return {
    capture: {
      id,
      name: `Capture ${id.slice(0, 8)}`,
      // What is not understood is not deleted by itself.
      kind: 'saved',
      recovered: false,
      origin: '',
      from: null,
      to: null,
      rows: null,
      bytes,
      savedAt: now,
      problem,
    },
    document: null,
  }
}

/** What to say of a capture in a format that is not known yet. */
export function newerProblem(version: number): string {
  return `It was written by a newer Framescope (format ${version}, this one knows ${formatVersion}). A newer version opens it.`
}

/** Bytes of all files in a folder. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder))
    bytes += await stat(join(folder, name)).then(
      ({ size }) => size,
      () => 0,
    )
  return bytes
}

/** Gives the files of a log to another folder, while the log may go on. */
export async function snapshotFiles(files: readonly WrittenFile[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const { path, bytes, complete } of files) {
    const target = join(folder, basename(path))
    try {
      if (complete) await linkOrCopy(path, target)
      else {
        await copyFile(path, target)
        await truncate(target, bytes)
      }
    } catch (error) {
      // The budget let go of it meanwhile.
      if (systemCode(error) !== 'ENOENT') throw error
    }
  }
}

async function linkOrCopy(path: string, target: string): Promise<void> {
  try {
    await link(path, target)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') throw error
    // Some file systems know no second names.
    await copyFile(path, target)
  }
}
