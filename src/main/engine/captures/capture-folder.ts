import { copyFile, link, mkdir, readdir, stat, truncate } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { formatTimestamp } from '@shared/format/clock'
import type { Capture } from '@shared/model/capture'
import { causeInWords, systemCode } from '../../files/file-failure'
import { formatVersion } from '../frame-log/segment'
import { findSegments } from '../frame-log/segment-loader'
import type { WrittenFile } from '../frame-log/log-snapshot'
import { readCaptureDocument, writeCaptureDocument, type CaptureDocument } from './capture-document'

const ownFile = /^(?:(?:capture|bookmarks)\.json(?:\.bak)?(?:\.tmp|\.corrupt-[\w-]+)?|\d{8}\.rows)$/

/** What a folder holds when nobody writes to it. */
export interface FoundCapture {
  readonly capture: Capture
  /** `null` when the folder is not to be touched. */
  readonly document: CaptureDocument | null
  /** Whether the process that wrote it ended without closing it, and this is the first to notice. */
  readonly isNews: boolean
}

/**
 * Looks at a folder that no process writes to. What was left behind by one that was killed becomes a
 * capture that was left.
 * @returns `null` when it is no capture, or one without rows that nobody saved.
 */
export async function inspectCapture(folder: string, now: number): Promise<FoundCapture | null> {
  const unknown: Unknown = { id: basename(folder), known: null, bytes: 0, now }
  try {
    const read = await readCaptureDocument(folder)
    const bytes = await folderBytes(folder)
    const known = read.outcome === 'whole' ? read.document : null
    const found = { ...unknown, known, bytes }
    if (read.outcome === 'newer') return untouchable(found, newerProblem(read.version))
    const { files, newer, broken } = await findSegments(folder)
    if (newer !== null) return untouchable(found, newerProblem(newer))
    if (files.length === 0) {
      if (broken > 0) return untouchable(found, 'None of its files can be read.')
      return known?.state === 'saved'
        ? untouchable(found, 'The files with its rows are missing or empty.')
        : null
    }
    const document = await settled(folder, known, now)
    const isNews = document !== known
    return { capture: captureOf(unknown.id, document, bytes), document, isNews }
  } catch (error) {
    return untouchable(unknown, `Its folder cannot be read: ${causeInWords(error)}.`)
  }
}

/** Whether a folder has nothing in it but what a log or a capture writes. */
export async function holdsNothingElse(folder: string): Promise<boolean> {
  return (await readdir(folder)).every((name) => ownFile.test(name))
}

async function settled(
  folder: string,
  known: CaptureDocument | null,
  now: number,
): Promise<CaptureDocument> {
  if (known && known.state !== 'live') return known
  const savedAt = await lastWritten(folder, now)
  const document: CaptureDocument = {
    ...(known ?? { name: unnamed(savedAt), origin: '', rows: null, from: null, to: null }),
    state: 'left',
    recovered: true,
    savedAt,
  }
  // It is recovered again when it cannot be written.
  await writeCaptureDocument(folder, document).catch(() => undefined)
  return document
}

/** By the time of its last row, which tells several apart. */
function unnamed(time: number): string {
  return `Recovered capture ${formatTimestamp(time).slice(0, 19)}`
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

interface Unknown {
  readonly id: string
  readonly known: CaptureDocument | null
  readonly bytes: number
  readonly now: number
}

function untouchable({ id, known, bytes, now }: Unknown, problem: string): FoundCapture {
  const name = known?.name ?? `Capture ${id.slice(0, 8)}`
  const { origin = '', rows = null, from = null, to = null, savedAt = now } = known ?? {}
  // What is not understood is not deleted by itself.
  const kind = 'saved'
  const capture = { id, name, kind, origin, from, to, rows, bytes, savedAt, problem } as const
  return { capture: { ...capture, recovered: false }, document: null, isNews: false }
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

/**
 * Gives the files of a log to another folder, while the log may go on.
 * @returns whether all were still there.
 */
export async function snapshotFiles(
  files: readonly WrittenFile[],
  folder: string,
): Promise<boolean> {
  let whole = true
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
      whole = false
    }
  }
  return whole
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
