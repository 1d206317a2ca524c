import type { ImportResult } from '@shared/model/capture'
import { importFile, type SourceFile } from '../import/import-file'
import type { FrameLog } from '../frame-log/frame-log'
import type { Captures } from './captures'
import { roomIn } from './room'

/** Whom an import tells, and who ends it. */
export interface ImportCaptureOptions {
  readonly signal: AbortSignal
  /** Called with the rows read so far, at most every 100 ms and once at the end. */
  readonly onProgress: (rows: number) => void
}

/** Least time between two reports of progress, in milliseconds. */
const progressInterval = 100

/**
 * Turns a file, with those it names after it, into a saved capture.
 * @returns `null` when it was cancelled; nothing is kept then.
 * @throws {AppError} IMPORT_FAILED, STORAGE_UNWRITABLE; nothing is kept then.
 */
export async function importCapture(
  captures: Captures,
  [file, ...attachments]: readonly SourceFile[],
  options: ImportCaptureOptions,
): Promise<ImportResult | null> {
  if (!file) throw new Error('There is always a file')
  const { signal } = options
  const imported = importFile(file, { attachments, signal })
  try {
    const capture = await captures.adopt(titleOf(file.name), file.name, (log) =>
      fill(log, imported, options),
    )
    const { skipped, skippedCount } = imported
    return { capture, skipped: [...skipped], skippedCount }
  } catch (error) {
    if (signal.aborted) return null
    throw error
  }
}

async function fill(
  log: FrameLog,
  imported: ReturnType<typeof importFile>,
  { signal, onProgress }: ImportCaptureOptions,
): Promise<void> {
  const numbers = new Map<number, number>()
  let reportAt = 0
  for await (const item of imported) {
    if ('session' in item) {
      numbers.set(item.session.number, log.openSession(item.session))
      continue
    }
    if (log.state.storage !== 'disk') await roomIn(log)
    const session = numbers.get(item.row.session) ?? item.row.session
    const id = log.append({ ...item.row, session })
    if (item.note !== null) log.setBookmark(id, item.note)
    const now = performance.now()
    if (now < reportAt) continue
    reportAt = now + progressInterval
    onProgress(log.total)
  }
  // Nothing is kept of what was cancelled while the last rows were read.
  signal.throwIfAborted()
  onProgress(log.total)
}

/** The file's name without what says its format. */
function titleOf(name: string): string {
  return name.replace(/\.(har|jsonl|ndjson|json)$/i, '').slice(0, 200) || name.slice(0, 200)
}
